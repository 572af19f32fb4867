//! Whether a connection can be read from where others wait: by way of what its databases are read, and how much of them one step
//! of SQLite's virtual machine can go through.
//!
//! A step can go through all pages of one value. Those that have to be read are counted (`no_wait`). Those that the connection
//! keeps in memory are not, so there must not be too many of them.

use std::ffi::{c_char, c_int};

use rusqlite::{Connection, ffi};

use super::file::File;
use super::index::is_in_reach;
use super::{memory, registered};

/// Bytes of pages in memory: a millisecond to go through.
const MOST: i64 = 32 * 1024 * 1024;

/// The database of temporary tables, whose VFS is that of the connection.
const TEMPORARY: c_int = 1;

/// Where a database is.
enum Place {
    /// In a file of ours, of which all can be read without waiting or refused, or not.
    File { in_reach: bool },
    /// In the connection's own memory.
    Private,
    /// In memory that connections share, so many bytes of it.
    Shared(i64),
    /// A program chose another VFS.
    Elsewhere,
}

/// Whether no read of it can keep anybody waiting.
pub fn is_near(connection: &Connection) -> bool {
    // SAFETY: an open connection that this thread is using.
    unsafe {
        let db = connection.handle();
        let mut bytes = cached(db);
        for number in 0.. {
            let schema = ffi::sqlite3_db_name(db, number);
            if schema.is_null() {
                break;
            }
            if number == TEMPORARY {
                continue;
            }
            match place(db, schema) {
                Place::Private => {}
                Place::Shared(size) => bytes = bytes.saturating_add(size),
                // A read that needs room for a page may first have to write another one.
                Place::File { in_reach } => {
                    if !in_reach || ffi::sqlite3_txn_state(db, schema) == ffi::SQLITE_TXN_WRITE {
                        return false;
                    }
                }
                Place::Elsewhere => return false,
            }
        }
        bytes <= MOST
    }
}

/// Whether a transaction of it has written anything.
pub fn is_writing(connection: &Connection) -> bool {
    // SAFETY: an open connection that this thread is using; no name stands for all of its databases.
    unsafe {
        ffi::sqlite3_txn_state(connection.handle(), std::ptr::null()) == ffi::SQLITE_TXN_WRITE
    }
}

/// Whether its main database has a write-ahead log that was written to since this was last asked.
pub fn has_written(connection: &Connection) -> bool {
    // SAFETY: an open connection that this thread is using; its main database has a name.
    unsafe {
        let file = memory::opened(connection.handle(), c"main".as_ptr());
        File::ours(file).is_some_and(|file| file.log_was_written.replace(false))
    }
}

/// Bytes of pages that the connection keeps.
unsafe fn cached(db: *mut ffi::sqlite3) -> i64 {
    let (mut now, mut highest) = (0, 0);
    // SAFETY: an open connection, and two answers that live here.
    unsafe {
        let status = ffi::SQLITE_DBSTATUS_CACHE_USED;
        ffi::sqlite3_db_status(db, status, &raw mut now, &raw mut highest, 0);
    }
    // What does not fit has wrapped around.
    if now < 0 { i64::MAX } else { now.into() }
}

unsafe fn place(db: *mut ffi::sqlite3, schema: *const c_char) -> Place {
    // SAFETY: an open connection and one of its schemas.
    unsafe {
        let file = memory::opened(db, schema);
        if File::ours(file).is_some() {
            let in_reach = is_in_reach(file);
            return match *ffi::sqlite3_db_filename(db, schema) {
                0 => Place::Private,
                _ => Place::File { in_reach },
            };
        }
        if registered() == Some(memory::vfs(db, schema)) {
            return Place::Private;
        }
        match memory::file(db, schema).and_then(|file| size(file)) {
            Some(size) => Place::Shared(size),
            None => Place::Elsewhere,
        }
    }
}

unsafe fn size(file: *mut ffi::sqlite3_file) -> Option<i64> {
    let mut size = 0;
    // SAFETY: an open file, and an answer that lives here.
    let asked = unsafe { (*(*file).pMethods).xFileSize?(file, &raw mut size) };
    (asked == ffi::SQLITE_OK).then_some(size)
}
