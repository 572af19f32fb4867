//! Connections and transactions that refuse to write.

use super::open::first_text;
use crate::sqlite::execution::batch::execute;
use crate::sqlite::execution::database::Database;
use crate::sqlite::failure::Failure;

/// What begins a transaction that refuses to write. SQLite has no such statement: PostgreSQL's is borrowed.
pub fn begins(sql: &str) -> bool {
    sql.eq_ignore_ascii_case("BEGIN READ ONLY")
}

impl Database {
    /// Begins a transaction that refuses to write, until it ends in whatever way: `tidy` sees to that.
    pub fn begin_readonly(&mut self) -> Result<(), Failure> {
        execute(&mut self.connection, &self.control, "BEGIN DEFERRED")?;
        let refuses_anyway = first_text(&mut self.connection, "PRAGMA query_only")? == "1";
        if !refuses_anyway {
            self.query_only = true;
            first_text(&mut self.connection, "PRAGMA query_only = ON")?;
        }
        Ok(())
    }

    /// Lets the connection write again once the transaction that refused to is over.
    pub fn end_readonly(&mut self) {
        if self.query_only && self.connection.is_autocommit() {
            self.control.forget_interrupt();
            self.query_only = first_text(&mut self.connection, "PRAGMA query_only = OFF").is_err();
        }
    }
}
