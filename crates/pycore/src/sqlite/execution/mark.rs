//! How far a reader reads of a write-ahead log: a mark in its index, made behind a write by the thread that wrote.
//!
//! Otherwise the first who reads makes it, and must not in the thread of an event loop (`vfs::index`): the read would go to another one for
//! nothing else.

use pyo3::prelude::*;

use super::database::Database;
use super::statement::Statement;
use crate::sqlite::vfs::reach::has_written;

/// Reads, but no table.
const READ: &str = "PRAGMA data_version";

impl Database {
    pub fn mark(&mut self, py: Python<'_>) {
        if self.paced && self.lent.is_none() && has_written(&self.connection) {
            py.detach(|| {
                self.control.set_no_wait(true);
                self.read_nothing();
                self.control.set_no_wait(false);
            });
        }
    }

    /// What fails here fails for the next reader, too, who then hears of it.
    fn read_nothing(&mut self) {
        if self.marking.is_none() {
            self.marking = Statement::prepare(&mut self.connection, READ, true)
                .ok()
                .and_then(|(statement, _)| statement);
        }
        if let Some(statement) = &mut self.marking {
            let _: Result<bool, _> = statement.step();
            statement.reset();
        }
    }
}
