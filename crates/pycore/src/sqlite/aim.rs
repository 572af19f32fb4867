//! The parameters of one execution, held to the columns they are written to.

use pyo3::prelude::*;
use rusqlite::Connection;

use super::arena::Arena;
use super::cache::Entry;
use super::command::Command;
use super::params;
use super::target::targets;
use crate::kinds::Kind;

impl Entry {
    /// Finds out what the parameters have to fit. True if it is something else than before.
    #[cold]
    fn aim(&mut self, py: Python<'_>, connection: &mut Connection, sql: &str) -> bool {
        let writes = matches!(self.command, Command::Insert | Command::Update);
        // Preparing may wait for a lock.
        let found = Some(match writes && self.parameters > 0 {
            true => py.detach(|| targets(connection, sql, self.targets.is_some())),
            false => Vec::new(),
        });
        let other = found != self.targets;
        self.targets = found;
        other
    }

    /// Appends the parameters of one execution to the arena. `row` is the number of the row in a batch.
    #[inline]
    #[allow(clippy::too_many_arguments)] // those of a statement, and where they go
    pub fn append(
        &mut self,
        py: Python<'_>,
        connection: &mut Connection,
        sql: &str,
        params: Option<&Bound<'_, PyAny>>,
        kinds: Option<&[Kind]>,
        row: Option<usize>,
        arena: &mut Arena,
    ) -> PyResult<()> {
        if self.targets.is_none() && kinds.is_none_or(|kinds| kinds.contains(&Kind::Decimal)) {
            self.aim(py, connection, sql);
        }
        let before = arena.mark();
        loop {
            let Err(refused) = params::append(py, params, self, kinds, row, arena) else {
                return Ok(());
            };
            if !self.outdated(py, connection, sql) {
                return Err(refused);
            }
            arena.rewind(before);
        }
    }

    /// Whether who was refused was told about a table that is another one by now.
    #[cold]
    fn outdated(&mut self, py: Python<'_>, connection: &mut Connection, sql: &str) -> bool {
        self.targets.as_ref().is_some_and(|known| !known.is_empty())
            && self.aim(py, connection, sql)
    }
}
