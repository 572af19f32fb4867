//! Shared libraries that add functions to SQLite.

use std::env::consts::DLL_EXTENSION;
use std::ffi::{CStr, CString, c_int};
use std::path::{Path, absolute};
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
        let reason = unopened(&path).unwrap_or(failure.message);
        let message = format!("the extension {path:?} cannot be loaded: {reason}");
        Failure::new(failure.code, message)
    })?;
    closed
}

/// Why this path opens no library, and what to do; None where it does. SQLite tries a second path, and tells of that one alone.
fn unopened(path: &CStr) -> Option<String> {
    let given = path.to_str().ok()?;
    let longer = format!("{given}.{DLL_EXTENSION}");
    // Some systems do not survive longer ones.
    (longer.len() < 4096).then_some(())?;
    let first = refusal(path)?;
    let second = refusal(&CString::new(longer.as_str()).ok()?)?;
    let tried = [(Path::new(given), first), (Path::new(&longer), second)];
    let found = tried.into_iter().find(|(path, _)| path.is_file());
    Some(match found {
        Some((path, said)) if path.parent() == Some(Path::new("")) => {
            format!(
                "{said}; a name without a directory is looked for among the system's libraries: put ./ in front of it"
            )
        }
        Some((_, said)) => {
            format!(
                "{said}; it has to be a library that is built for this system, and find those that it needs"
            )
        }
        None => {
            let place = absolute(given).unwrap_or_else(|_| given.into());
            format!(
                "there is no file {place:?}, nor with .{DLL_EXTENSION} behind it; give the path of the library"
            )
        }
    })
}

/// What the system says of a library that it does not open.
fn refusal(path: &CStr) -> Option<String> {
    let mut said = [0_u8; 512];
    // SAFETY: the system's own VFS; a path that ends with a zero byte; room for an answer that ends with one.
    unsafe {
        let vfs = ffi::sqlite3_vfs_find(ptr::null());
        let methods = vfs.as_ref()?;
        let library = methods.xDlOpen?(vfs, path.as_ptr());
        if !library.is_null() {
            methods.xDlClose?(vfs, library);
            return None;
        }
        let room = said.len() as c_int - 1;
        methods.xDlError?(vfs, room, said.as_mut_ptr().cast());
    }
    let said = CStr::from_bytes_until_nul(&said).ok()?;
    Some(said.to_string_lossy().into_owned())
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
