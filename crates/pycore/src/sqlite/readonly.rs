//! Connections and transactions that refuse to write.

use pyo3::prelude::*;

use super::batch::execute;
use super::database::Database;
use super::failure::Failure;
use super::open::first_text;
use crate::raise::sqlite_error;

/// What SQLite calls both.
const REFUSED: &str = "attempt to write a readonly database";

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

    /// The error about a refused write, with the way out.
    pub fn explain_refusal(&self, py: Python<'_>, error: PyErr) -> PyErr {
        if !(self.query_only || self.readonly) || error.value(py).to_string() != REFUSED {
            return error;
        }
        let fix = if self.query_only {
            "the transaction was begun with readonly=True and refuses to write; write in one without it"
        } else {
            "the database was opened for reading only; open it with mode=rw or mode=rwc to write"
        };
        let query = error.value(py).getattr("query");
        let query = query
            .and_then(|query| query.extract::<Option<String>>())
            .unwrap_or_default();
        sqlite_error(
            py,
            rusqlite::ffi::SQLITE_READONLY,
            &format!("{REFUSED}: {fix}"),
            query.as_deref(),
        )
    }
}
