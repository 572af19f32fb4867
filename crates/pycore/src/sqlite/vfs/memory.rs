//! Databases that lie in memory by way of SQLite's `memdb`, which connections may share.

use std::ffi::{CStr, c_char, c_int};
use std::ptr;

use rusqlite::ffi;

/// The VFS of a database.
///
/// # Safety
/// `db` must be an open connection that this thread is using, `schema` the name of one of its databases.
pub unsafe fn vfs(db: *mut ffi::sqlite3, schema: *const c_char) -> *mut ffi::sqlite3_vfs {
    // SAFETY: by contract; this is what SQLite answers there.
    unsafe { pointer(db, schema, ffi::SQLITE_FCNTL_VFS_POINTER) }
}

/// The file of such a database; None of any other.
///
/// # Safety
/// As `vfs`.
pub unsafe fn file(db: *mut ffi::sqlite3, schema: *const c_char) -> Option<*mut ffi::sqlite3_file> {
    // SAFETY: by contract; what SQLite answers stays as long as the database is open.
    unsafe {
        let name = vfs(db, schema).as_ref()?.zName;
        if name.is_null() || CStr::from_ptr(name) != c"memdb" {
            return None;
        }
        let file = opened(db, schema);
        (!file.as_ref()?.pMethods.is_null()).then_some(file)
    }
}

/// The file of a database, which has no methods where none is open.
///
/// # Safety
/// As `vfs`.
pub unsafe fn opened(db: *mut ffi::sqlite3, schema: *const c_char) -> *mut ffi::sqlite3_file {
    // SAFETY: by contract; this is what SQLite answers there.
    unsafe { pointer(db, schema, ffi::SQLITE_FCNTL_FILE_POINTER) }
}

/// # Safety
/// As `vfs`, and the question must be one that SQLite answers by such a pointer.
unsafe fn pointer<T>(db: *mut ffi::sqlite3, schema: *const c_char, question: c_int) -> *mut T {
    let mut answer: *mut T = ptr::null_mut();
    // SAFETY: by contract.
    unsafe {
        ffi::sqlite3_file_control(db, schema, question, (&raw mut answer).cast());
    }
    answer
}
