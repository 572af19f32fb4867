//! Shared libraries that add functions to SQLite.

use std::ffi::{CStr, CString, c_int};
use std::ptr;

use rusqlite::{Connection, ffi};

use crate::sqlite::failure::Failure;

/// Loads one. Loading is possible for the time of this call, and only from here: SQL cannot ask for it.
pub fn load(connection: &mut Connection, path: &str, entry: Option<&str>) -> Result<(), Failure> {
    let nul = |_| {
        Failure::new(
            ffi::SQLITE_ERROR,
            "the name of an extension holds a zero byte",
        )
    };
    let path = CString::new(path).map_err(nul)?;
    let entry = entry.map(CString::new).transpose().map_err(nul)?;
    allow(connection, true)?;
    let mut message = ptr::null_mut();
    // SAFETY: an open connection, exclusively borrowed; the names end with a zero byte; the message is SQLite's to free.
    // What the library does is in the hands of who names it.
    let outcome = unsafe {
        let code = ffi::sqlite3_load_extension(
            connection.handle(),
            path.as_ptr(),
            entry.as_ref().map_or(ptr::null(), |entry| entry.as_ptr()),
            &raw mut message,
        );
        let outcome = if code == ffi::SQLITE_OK {
            Ok(())
        } else if message.is_null() {
            Err(Failure::of(connection.handle()))
        } else {
            Err(Failure::new(
                code,
                CStr::from_ptr(message).to_string_lossy(),
            ))
        };
        ffi::sqlite3_free(message.cast());
        outcome
    };
    let closed = allow(connection, false);
    outcome.map_err(|failure| {
        let message = format!(
            "the extension {path:?} cannot be loaded: {}",
            failure.message
        );
        Failure::new(failure.code, message)
    })?;
    closed
}

fn allow(connection: &mut Connection, on: bool) -> Result<(), Failure> {
    // SAFETY: an open connection; the two arguments are those of this option.
    unsafe {
        let db = connection.handle();
        let code = ffi::sqlite3_db_config(
            db,
            ffi::SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
            c_int::from(on),
            ptr::null_mut::<c_int>(),
        );
        if code == ffi::SQLITE_OK {
            Ok(())
        } else {
            Err(Failure::of(db))
        }
    }
}
