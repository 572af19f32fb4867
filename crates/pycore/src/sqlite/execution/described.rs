//! What SQLite tells of a prepared statement and of the connection it is of.

use std::ffi::{CStr, CString, c_int};
use std::ptr;

use rusqlite::{Connection, ffi};

use super::statement::Statement;

impl Statement {
    pub fn column_count(&self) -> usize {
        // SAFETY: a live statement.
        usize::try_from(unsafe { ffi::sqlite3_column_count(self.pointer.as_ptr()) }).unwrap_or(0)
    }

    pub fn column_name(&self, index: usize) -> String {
        // SAFETY: a live statement; the text is copied.
        unsafe {
            lossy(ffi::sqlite3_column_name(
                self.pointer.as_ptr(),
                index as c_int,
            ))
        }
        .unwrap_or_default()
    }

    /// The type a column was declared with; None for expressions.
    pub fn declared_type(&self, index: usize) -> Option<String> {
        // SAFETY: a live statement; the text is copied.
        unsafe {
            lossy(ffi::sqlite3_column_decltype(
                self.pointer.as_ptr(),
                index as c_int,
            ))
        }
    }

    pub fn parameter_count(&self) -> usize {
        // SAFETY: a live statement.
        usize::try_from(unsafe { ffi::sqlite3_bind_parameter_count(self.pointer.as_ptr()) })
            .unwrap_or(0)
    }

    /// Name of the parameter with this 1-based number, with its `:`, `@`, `$` or `?`; None for a bare `?`.
    pub fn parameter_name(&self, number: usize) -> Option<String> {
        // SAFETY: a live statement; the text is copied.
        unsafe {
            lossy(ffi::sqlite3_bind_parameter_name(
                self.pointer.as_ptr(),
                number as c_int,
            ))
        }
    }

    /// Whether it writes nothing to the database file.
    pub fn readonly(&self) -> bool {
        // SAFETY: a live statement.
        unsafe { ffi::sqlite3_stmt_readonly(self.pointer.as_ptr()) != 0 }
    }

    /// Rows that the last finished INSERT, UPDATE or DELETE of the connection changed.
    pub fn changes(&self) -> i64 {
        // SAFETY: a live statement belongs to an open connection.
        unsafe { ffi::sqlite3_changes64(ffi::sqlite3_db_handle(self.pointer.as_ptr())) }
    }

    /// The row id that the last INSERT of the connection gave a row.
    pub fn last_rowid(&self) -> i64 {
        // SAFETY: a live statement belongs to an open connection.
        unsafe { ffi::sqlite3_last_insert_rowid(ffi::sqlite3_db_handle(self.pointer.as_ptr())) }
    }

    /// Whether its connection is outside a transaction.
    pub fn autocommit(&self) -> bool {
        // SAFETY: a live statement belongs to an open connection.
        unsafe { ffi::sqlite3_get_autocommit(ffi::sqlite3_db_handle(self.pointer.as_ptr())) != 0 }
    }
}

/// Whether a table has a column, and its declared type. None if there is no such table, or it is a view.
pub fn declared_column(
    connection: &Connection,
    schema: Option<&str>,
    table: &str,
    column: &str,
) -> Option<(bool, Option<String>)> {
    let schema = schema.map(CString::new).transpose().ok()?;
    let table = CString::new(table).ok()?;
    let column = CString::new(column).ok()?;
    let ask = |column: *const std::ffi::c_char| {
        let mut declared = ptr::null();
        // SAFETY: an open connection that only this thread uses; all names are C strings that outlive the call, and what is not
        // asked for may be null.
        let code = unsafe {
            ffi::sqlite3_table_column_metadata(
                connection.handle(),
                schema.as_ref().map_or(ptr::null(), |name| name.as_ptr()),
                table.as_ptr(),
                column,
                &raw mut declared,
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        (code == ffi::SQLITE_OK).then_some(declared)
    };
    ask(ptr::null())?;
    let Some(declared) = ask(column.as_ptr()) else {
        return Some((false, None));
    };
    // SAFETY: SQLite's string lives until the schema changes, and is copied.
    Some((true, unsafe { lossy(declared) }.filter(|it| !it.is_empty())))
}

/// # Safety
/// `text` must be null or end with a zero byte.
unsafe fn lossy(text: *const std::ffi::c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: by contract.
    Some(
        unsafe { CStr::from_ptr(text) }
            .to_string_lossy()
            .into_owned(),
    )
}
