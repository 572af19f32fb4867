//! A file as SQLite sees it through us: the file of the system's own VFS, and what it answers where nobody may wait.
//!
//! What would wait is refused as `SQLITE_INTERRUPT`: of all errors that one alone ends a read inside a transaction without ending
//! the transaction (https://sqlite.org/rescode.html#interrupt). What would write is refused as `SQLITE_BUSY`, after which SQLite keeps in memory
//! what it wanted to write to a temporary file. To no other may a refused write happen: a write-ahead log has by then counted the frame in
//! its checksum, and nobody would find the next ones after a crash. So nobody who has written reads through `no_wait` (`reach`).

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::ptr;

use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods};

use super::index::{Index, shm_barrier, shm_lock, shm_map, shm_unmap};
use super::no_wait;
use super::system::Medium;

/// Behind it, in the same piece of memory, lies the file of the system's VFS.
#[repr(C, align(8))]
pub struct File {
    base: sqlite3_file,
    pub medium: Medium,
    /// It has been mapped, so that reading it may wait where no call shows it.
    mapped: bool,
    pub index: Index,
    /// Somebody has had the lock for it, and has given it back.
    pub log_was_written: Cell<bool>,
}

/// Calls a method of the file behind.
macro_rules! behind {
    ($file:ident . $method:ident ( $($argument:expr),* ) or $missing:expr) => {
        // SAFETY: SQLite calls a method of ours only for a file of ours that is open, and so is the one behind it.
        unsafe {
            let behind = File::behind($file);
            match (*(*behind).pMethods).$method {
                Some(method) => method(behind, $($argument),*),
                None => $missing,
            }
        }
    };
}
pub(super) use behind;

impl File {
    /// The size of one, together with the file behind it.
    pub fn size(behind: c_int) -> c_int {
        behind.saturating_add(size_of::<File>() as c_int)
    }

    /// # Safety
    /// `file` must be one of ours.
    pub unsafe fn behind(file: *mut sqlite3_file) -> *mut sqlite3_file {
        // SAFETY: by contract there is a file behind.
        unsafe { file.cast::<File>().add(1).cast() }
    }

    /// Takes over the file behind, if it was opened or wants to be closed.
    ///
    /// # Safety
    /// `file` must be memory of `File::size`, and the file behind it as `xOpen` left it.
    pub unsafe fn adopt(file: *mut sqlite3_file, medium: Medium) {
        // SAFETY: by contract.
        unsafe {
            let methods = (*File::behind(file)).pMethods;
            let shares = methods
                .as_ref()
                .is_some_and(|methods| methods.iVersion >= 2 && methods.xShmMap.is_some());
            let maps = methods
                .as_ref()
                .is_some_and(|methods| methods.iVersion >= 3);
            let base = sqlite3_file {
                pMethods: match (methods.is_null(), maps, shares) {
                    (true, ..) => ptr::null(),
                    (_, true, true) => &METHODS,
                    (_, true, false) => &UNSHARED,
                    (_, false, _) => &PLAIN,
                },
            };
            file.cast::<File>().write(File {
                base,
                medium,
                mapped: false,
                index: Index::Unmapped,
                log_was_written: Cell::new(false),
            });
        }
    }

    /// The one that SQLite has under this pointer, if it is one of ours.
    ///
    /// # Safety
    /// `file` must be null or a file of SQLite's, and stay open as long as the answer is used.
    pub unsafe fn ours<'a>(file: *mut sqlite3_file) -> Option<&'a File> {
        // SAFETY: by contract; only files of ours have methods of ours.
        unsafe {
            let methods = file.as_ref()?.pMethods;
            [&METHODS, &UNSHARED, &PLAIN]
                .iter()
                .any(|ours| ptr::eq(methods, *ours))
                .then(|| &*file.cast::<File>())
        }
    }
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 3,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: Some(fetch),
    xUnfetch: Some(unfetch),
};

/// Of a file that cannot have a write-ahead log.
static UNSHARED: sqlite3_io_methods = sqlite3_io_methods {
    xShmMap: None,
    ..METHODS
};

/// Of a file that cannot be mapped either.
static PLAIN: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 1,
    ..UNSHARED
};

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    behind!(file.xClose() or ffi::SQLITE_OK)
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    into: *mut c_void,
    length: c_int,
    at: sqlite3_int64,
) -> c_int {
    if !no_wait::is_on() {
        return behind!(file.xRead(into, length, at) or ffi::SQLITE_IOERR_READ);
    }
    // SAFETY: as in `behind`.
    let (mapped, medium) = unsafe {
        let file = &*file.cast::<File>();
        (file.mapped, file.medium)
    };
    if mapped || !no_wait::afford(length.unsigned_abs()) {
        return ffi::SQLITE_INTERRUPT;
    }
    let read = || behind!(file.xRead(into, length, at) or ffi::SQLITE_IOERR_READ);
    let found = match medium {
        Medium::Memory => no_wait::except(read),
        _ => read(),
    };
    match found {
        found @ (ffi::SQLITE_OK | ffi::SQLITE_IOERR_SHORT_READ) => found,
        // Not in memory. Should it be a broken disk, the thread that may wait will hear of it.
        _ => ffi::SQLITE_INTERRUPT,
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    length: c_int,
    at: sqlite3_int64,
) -> c_int {
    if no_wait::is_on() {
        return ffi::SQLITE_BUSY;
    }
    behind!(file.xWrite(from, length, at) or ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    if no_wait::is_on() {
        return ffi::SQLITE_BUSY;
    }
    behind!(file.xTruncate(size) or ffi::SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    if no_wait::is_on() {
        return ffi::SQLITE_BUSY;
    }
    behind!(file.xSync(flags) or ffi::SQLITE_OK)
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut sqlite3_int64) -> c_int {
    behind!(file.xFileSize(size) or ffi::SQLITE_IOERR_FSTAT)
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    if no_wait::is_on() {
        if level > ffi::SQLITE_LOCK_SHARED {
            return ffi::SQLITE_BUSY;
        }
        // SAFETY: as in `behind`.
        if unsafe { (*file.cast::<File>()).medium } == Medium::Unknown {
            return ffi::SQLITE_INTERRUPT;
        }
    }
    behind!(file.xLock(level) or ffi::SQLITE_OK)
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    behind!(file.xUnlock(level) or ffi::SQLITE_OK)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, taken: *mut c_int) -> c_int {
    behind!(file.xCheckReservedLock(taken) or ffi::SQLITE_IOERR_CHECKRESERVEDLOCK)
}

unsafe extern "C" fn file_control(
    file: *mut sqlite3_file,
    control: c_int,
    argument: *mut c_void,
) -> c_int {
    behind!(file.xFileControl(control, argument) or ffi::SQLITE_NOTFOUND)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    behind!(file.xSectorSize() or 0)
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    behind!(file.xDeviceCharacteristics() or 0)
}

unsafe extern "C" fn fetch(
    file: *mut sqlite3_file,
    at: sqlite3_int64,
    length: c_int,
    page: *mut *mut c_void,
) -> c_int {
    if no_wait::is_on() {
        // None, so it reads.
        // SAFETY: where SQLite wants the answer.
        unsafe { *page = ptr::null_mut() };
        return ffi::SQLITE_OK;
    }
    let fetched = behind!(file.xFetch(at, length, page) or ffi::SQLITE_IOERR_MMAP);
    // A page beyond what is mapped is none, but from now on others are.
    // SAFETY: as in `behind`.
    unsafe { (*file.cast::<File>()).mapped = true };
    fetched
}

unsafe extern "C" fn unfetch(
    file: *mut sqlite3_file,
    at: sqlite3_int64,
    page: *mut c_void,
) -> c_int {
    behind!(file.xUnfetch(at, page) or ffi::SQLITE_OK)
}
