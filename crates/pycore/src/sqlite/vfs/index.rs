//! The index of a write-ahead log, which all that use the database share (https://sqlite.org/walformat.html#the_wal_index_file_format).
//!
//! It is memory that is mapped: no call shows that it is read. So it is kept from leaving the machine's memory, and where nobody may wait it
//! is only read: to write there can make a file system wait.

use std::ffi::{c_int, c_void};
use std::sync::atomic::{Ordering, fence};

use rusqlite::ffi::{self, sqlite3_file};

use super::file::{File, behind};
use super::system::{self, Medium};
use super::{mapping, no_wait};

/// The lock of whoever writes to the log, and how many are not those of readers: of a writer, a checkpoint and a recovery
/// (https://sqlite.org/walformat.html, 2.3.1).
const WRITER: c_int = 0;
const NOT_OF_READERS: c_int = 3;
/// How a lock of one alone is given back.
const END: c_int = ffi::SQLITE_SHM_UNLOCK | ffi::SQLITE_SHM_EXCLUSIVE;

/// What became of the index of a file's log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Index {
    Unmapped,
    /// It is mapped, and the system keeps it in memory.
    Kept,
    /// It is mapped, and may leave memory.
    MayLeave,
}

/// Whether what is read of a file can be read without waiting, or refused. Of a log that it has for itself alone
/// (`PRAGMA locking_mode`) SQLite notes in the index how far it reads, and asks nobody.
///
/// # Safety
/// `file` must be one of ours, and open.
pub unsafe fn is_in_reach(file: *mut sqlite3_file) -> bool {
    // SAFETY: by contract.
    match unsafe { (*file.cast::<File>()).index } {
        Index::Unmapped => true,
        Index::Kept => level(file) < ffi::SQLITE_LOCK_EXCLUSIVE,
        Index::MayLeave => false,
    }
}

/// The lock that it has.
fn level(file: *mut sqlite3_file) -> c_int {
    let mut level = ffi::SQLITE_LOCK_EXCLUSIVE;
    let answer = (&raw mut level).cast::<c_void>();
    behind!(file.xFileControl(ffi::SQLITE_FCNTL_LOCKSTATE, answer) or ffi::SQLITE_NOTFOUND);
    level
}

pub unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    mapped: *mut *mut c_void,
) -> c_int {
    if no_wait::is_on() {
        return ffi::SQLITE_INTERRUPT;
    }
    let code = mapping::alone(
        || behind!(file.xShmMap(region, size, extend, mapped) or ffi::SQLITE_IOERR_SHMMAP),
    );
    // SAFETY: as in `behind!`; what SQLite finds there is so many bytes, mapped until nobody has the index open any more.
    unsafe {
        if !(*mapped).is_null() {
            let file = &mut *file.cast::<File>();
            if !system::keep_in_memory(*mapped, size as usize) {
                file.index = Index::MayLeave;
            } else if file.index == Index::Unmapped {
                file.index = Index::Kept;
            }
        }
    }
    code
}

/// A reader who finds no mark that says how far it reads writes one, for which it wants the lock of a writer of that mark. Whoever may
/// wait does that; the next ones find it.
pub unsafe extern "C" fn shm_lock(
    file: *mut sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: as in `behind!`.
    let of = unsafe { &*file.cast::<File>() };
    if (offset, flags) == (WRITER, END) {
        of.log_was_written.set(true);
    }
    if no_wait::is_on() && flags & ffi::SQLITE_SHM_LOCK != 0 {
        if offset < NOT_OF_READERS {
            return ffi::SQLITE_BUSY;
        }
        if flags & ffi::SQLITE_SHM_EXCLUSIVE != 0 {
            // By a plain SQLITE_BUSY it would share an older mark, and keep others from moving the log into the database.
            return ffi::SQLITE_BUSY_TIMEOUT;
        }
        if no_wait::is_spent() || of.index == Index::MayLeave || of.medium == Medium::Unknown {
            return ffi::SQLITE_INTERRUPT;
        }
    }
    behind!(file.xShmLock(offset, count, flags) or ffi::SQLITE_IOERR_SHMLOCK)
}

/// The system's VFS takes a lock of the whole process besides, "for redundancy", and whoever closes a database holds it meanwhile.
pub unsafe extern "C" fn shm_barrier(_file: *mut sqlite3_file) {
    fence(Ordering::SeqCst);
}

pub unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    // SAFETY: as in `behind!`.
    unsafe { (*file.cast::<File>()).index = Index::Unmapped };
    behind!(file.xShmUnmap(delete) or ffi::SQLITE_OK)
}
