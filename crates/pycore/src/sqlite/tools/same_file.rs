//! Whether two names are those of one file: by a link, by another directory, or the same.

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ffi};

/// The file of a connection's own database; None for one in memory.
pub fn file_of(connection: &Connection) -> Option<PathBuf> {
    // SAFETY: the connection is open; the name belongs to it, and ends with a zero byte.
    let name = unsafe {
        let name = ffi::sqlite3_db_filename(connection.handle(), c"main".as_ptr());
        (!name.is_null()).then(|| CStr::from_ptr(name))?
    };
    (!name.is_empty()).then(|| PathBuf::from(OsStr::from_bytes(name.to_bytes())))
}

pub fn is_same(one: &Path, other: &Path) -> bool {
    match (one.metadata(), other.metadata()) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}
