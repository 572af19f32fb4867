//! What SQLite reported, kept as a value until Python can be told.

use std::borrow::Cow;
use std::ffi::CStr;

use pyo3::prelude::*;
use rusqlite::ffi;

use crate::guarded;
use crate::raise::{programming_error, sqlite_error};

#[derive(Debug)]
pub struct Failure {
    /// Extended result code.
    pub code: i32,
    pub message: String,
    /// Byte offset of the token in the SQL text that the error is about.
    offset: Option<usize>,
    /// Of what is wrong with a file: which one it is, or which it can be.
    files: Vec<String>,
    /// The statement was not run because its transaction has failed.
    aborted: bool,
    /// The statement was not run because a block sees to what it does.
    refused: Option<&'static str>,
}

impl Failure {
    pub fn new(code: i32, message: impl Into<String>) -> Failure {
        Failure {
            code,
            message: message.into(),
            offset: None,
            files: Vec::new(),
            aborted: false,
            refused: None,
        }
    }

    pub fn refused(command: &'static str) -> Failure {
        Failure {
            refused: Some(command),
            ..Failure::aborted()
        }
    }

    pub fn aborted() -> Failure {
        Failure {
            aborted: true,
            ..Failure::new(
                ffi::SQLITE_ABORT,
                "the transaction has failed and SQLite has rolled it back; statements are ignored until ROLLBACK: call rollback()",
            )
        }
    }

    pub fn interrupted() -> Failure {
        Failure::new(ffi::SQLITE_INTERRUPT, "interrupted")
    }

    /// The last error of a connection.
    ///
    /// # Safety
    /// `db` must be an open connection that no other thread uses.
    pub unsafe fn of(db: *mut ffi::sqlite3) -> Failure {
        // SAFETY: by contract; the message is copied before the next call on the connection could change it.
        unsafe {
            let message = ffi::sqlite3_errmsg(db);
            let code = ffi::sqlite3_extended_errcode(db);
            Failure {
                code,
                message: if message.is_null() {
                    "out of memory".to_owned()
                } else {
                    CStr::from_ptr(message).to_string_lossy().into_owned()
                },
                offset: usize::try_from(ffi::sqlite3_error_offset(db)).ok(),
                files: match code & 0xff {
                    ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB | ffi::SQLITE_IOERR => files(db),
                    _ if code == ffi::SQLITE_READONLY_DIRECTORY => files(db),
                    _ => Vec::new(),
                },
                aborted: false,
                refused: None,
            }
        }
    }

    /// The same about `part`, which stands in `sql`.
    pub fn within(mut self, sql: &str, part: &str) -> Failure {
        let before = sql.len().saturating_sub(part.len());
        self.offset = self.offset.map(|offset| offset.saturating_add(before));
        self
    }

    fn words(&self) -> Cow<'_, str> {
        let more = match self.code & 0xff {
            _ if self.files.is_empty() => return Cow::from(&self.message),
            ffi::SQLITE_CORRUPT => "; PRAGMA integrity_check tells more",
            ffi::SQLITE_READONLY => {
                "; this user may not create the journal beside it: look at the permissions of the directory, or open the file with mode=ro, \
                 to read it only"
            }
            _ => "",
        };
        let files = self.files.join(" or ");
        Cow::from(format!("{}: the file {files}{more}", self.message))
    }

    /// The error about something that is no SQL.
    pub fn raise_plain(self, py: Python<'_>) -> PyErr {
        sqlite_error(py, self.code, &self.words(), None)
    }

    pub fn raise(self, py: Python<'_>, sql: &str) -> PyErr {
        if let Some(command) = self.refused {
            return guarded::refused(py, command, sql);
        }
        if self.aborted {
            let error = programming_error(py, self.message);
            // PostgreSQL's in_failed_sql_transaction.
            let _ = error.value(py).setattr("sqlstate", "25P02");
            return error;
        }
        let error = sqlite_error(py, self.code, &self.words(), Some(sql));
        if let Some(before) = self.offset.and_then(|offset| sql.get(..offset)) {
            let position = before.chars().count().saturating_add(1);
            // The position is a courtesy: an exception class without the attribute is raised all the same.
            let _ = error.value(py).setattr("position", position);
        }
        error
    }
}

/// Those of the databases of a connection that are in files.
///
/// # Safety
/// `db` must be an open connection that no other thread uses.
unsafe fn files(db: *mut ffi::sqlite3) -> Vec<String> {
    // SAFETY: by contract; names and paths are copied while they are SQLite's.
    let paths = (0..).map_while(|index| unsafe {
        let name = ffi::sqlite3_db_name(db, index);
        (!name.is_null()).then(|| {
            let path = ffi::sqlite3_db_filename(db, name);
            (!path.is_null()).then(|| CStr::from_ptr(path).to_string_lossy().into_owned())
        })
    });
    paths
        .flatten()
        .filter(|path| !path.is_empty())
        .map(|path| format!("{path:?}"))
        .collect()
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Failure {
        match error {
            rusqlite::Error::SqliteFailure(code, message) => Failure::new(
                code.extended_code,
                message.unwrap_or_else(|| code.to_string()),
            ),
            other => Failure::new(ffi::SQLITE_ERROR, other.to_string()),
        }
    }
}
