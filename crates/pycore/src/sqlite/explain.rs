//! The way out, for errors of which SQLite only says that something is in the way.

use pyo3::prelude::*;
use rusqlite::ffi;

use crate::raise::sqlite_error;
use crate::sqlite::execution::database::Database;

impl Database {
    #[cold]
    pub fn explain(&self, py: Python<'_>, error: PyErr) -> PyErr {
        // Only of our own: that of a program's exception may run its code.
        let module = error.get_type(py).module();
        if !module.is_ok_and(|module| module == "ferrow.errors") {
            return error;
        }
        let message = error.value(py).to_string();
        let class = error.get_type(py).name();
        let snapshot = class.is_ok_and(|class| class == "SerializationFailure");
        let Some((code, fix)) = self.way_out(&message, snapshot) else {
            return error;
        };
        let query = error.value(py).getattr("query");
        let query = query
            .and_then(|query| query.extract::<Option<String>>())
            .unwrap_or_default();
        let explained = sqlite_error(py, code, &format!("{message}: {fix}"), query.as_deref());
        if let Ok(notes) = error.value(py).getattr("__notes__") {
            // A courtesy.
            let _ = explained.value(py).setattr("__notes__", notes);
        }
        explained
    }

    /// The code of the error and what to do, if it is known. `snapshot`: somebody has written since the transaction first read.
    fn way_out(&self, message: &str, snapshot: bool) -> Option<(i32, &'static str)> {
        if message == "database is locked" {
            return Some(if snapshot {
                let fix = "another connection has written since this transaction first read; run the transaction again";
                (ffi::SQLITE_BUSY_SNAPSHOT, fix)
            } else {
                let fix = "another connection held the lock for longer than busy_timeout; try again, or wait longer";
                (ffi::SQLITE_BUSY, fix)
            });
        }
        if message == "attempt to write a readonly database" {
            if self.query_only {
                let fix = "the transaction was begun with readonly=True and refuses to write; write in one without it";
                return Some((ffi::SQLITE_READONLY, fix));
            }
            if self.readonly {
                let fix = "the database was opened for reading only; open it with mode=rw or mode=rwc to write";
                return Some((ffi::SQLITE_READONLY, fix));
            }
            // SQLite opens for reading what it may not open for writing, and says so only now.
            if self.connection.is_readonly("main").unwrap_or(false) {
                let fix = "this user may not write the file: look at its permissions, or open it with mode=ro, to read it only";
                return Some((ffi::SQLITE_READONLY, fix));
            }
        }
        if !self.blobs.is_empty() && message.ends_with(" - SQL statements in progress") {
            return Some((
                ffi::SQLITE_BUSY,
                "close the blob that is open for writing first",
            ));
        }
        if self.control.holds() && message.starts_with("database table is locked") {
            let fix = "a cursor or a blob of this connection is open; close it first";
            return Some((ffi::SQLITE_LOCKED, fix));
        }
        None
    }
}
