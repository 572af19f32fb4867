//! The files of databases, by way of the system's own VFS (https://sqlite.org/vfs.html).
//!
//! All it adds is that a thread can ask not to be kept waiting (`no_wait`): from then on its files (`file`) answer from memory, take only locks
//! that are free, write nothing and sleep never; what they cannot answer so they refuse. `system` knows what is in memory, `mapping`
//! keeps the thread from those that hold SQLite's own locks for long, and `reach` says whether a connection has no other databases than such; `memory` finds those of SQLite's own VFS for memory.

mod file;
mod index;
mod mapping;
pub mod memory;
pub mod no_wait;
pub mod reach;
mod system;

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;
use std::sync::OnceLock;

use rusqlite::ffi::{self, sqlite3_file, sqlite3_vfs};

use self::file::File;
use self::system::Medium;

const NAME: &CStr = c"ferrow";

/// Registered once, and for the life of the process.
struct Registered(*mut sqlite3_vfs);

// SAFETY: nobody changes it once it is registered, and SQLite reads it from every thread.
unsafe impl Send for Registered {}
// SAFETY: as above.
unsafe impl Sync for Registered {}

/// Its name, or none where the system's VFS cannot be stood in for.
pub fn name() -> Option<&'static str> {
    registered().and(NAME.to_str().ok())
}

fn registered() -> Option<*mut sqlite3_vfs> {
    static REGISTERED: OnceLock<Option<Registered>> = OnceLock::new();
    // SAFETY: once, and before a connection of ours is opened.
    let registered = REGISTERED.get_or_init(|| unsafe { register() });
    registered.as_ref().map(|vfs| vfs.0)
}

unsafe fn register() -> Option<Registered> {
    // SAFETY: the default VFS is there for the life of the process, and so is ours; it is copied for what it says of itself.
    unsafe {
        let behind = ffi::sqlite3_vfs_find(ptr::null());
        let of = *behind.as_ref().filter(|vfs| vfs.iVersion >= 3)?;
        system::install(behind);
        mapping::watch_forks();
        let ours = Box::into_raw(Box::new(sqlite3_vfs {
            szOsFile: File::size(of.szOsFile),
            zName: NAME.as_ptr(),
            pNext: ptr::null_mut(),
            pAppData: behind.cast(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_pathname),
            xDlOpen: Some(dl_open),
            xDlError: Some(dl_error),
            xDlSym: Some(dl_sym),
            xDlClose: Some(dl_close),
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: Some(current_time),
            xGetLastError: Some(last_error),
            xCurrentTimeInt64: Some(current_time_int64),
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
            ..of
        }));
        (ffi::sqlite3_vfs_register(ours, 0) == ffi::SQLITE_OK).then_some(Registered(ours))
    }
}

/// Calls a method of the system's VFS.
macro_rules! behind {
    ($vfs:ident . $method:ident ( $($argument:expr),* ) or $missing:expr) => {
        // SAFETY: SQLite calls a method of ours with our VFS, whose `pAppData` is the one behind it.
        unsafe {
            let behind = (*$vfs).pAppData.cast::<sqlite3_vfs>();
            match (*behind).$method {
                Some(method) => method(behind, $($argument),*),
                None => $missing,
            }
        }
    };
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    path: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    opened: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives memory of the size that our VFS asks for.
    let inner = unsafe {
        (*file).pMethods = ptr::null();
        let inner = File::behind(file);
        (*inner).pMethods = ptr::null();
        inner
    };
    if no_wait::is_on() {
        return ffi::SQLITE_BUSY;
    }
    let code = behind!(vfs.xOpen(path, inner, flags, opened) or ffi::SQLITE_CANTOPEN);
    // SAFETY: as above; a path, where there is one, ends with a zero.
    unsafe {
        let medium = match path.is_null() {
            true => Medium::Unknown,
            false => system::medium(CStr::from_ptr(path)),
        };
        File::adopt(file, medium);
    }
    code
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, path: *const c_char, sync: c_int) -> c_int {
    if no_wait::is_on() {
        return ffi::SQLITE_BUSY;
    }
    behind!(vfs.xDelete(path, sync) or ffi::SQLITE_IOERR_DELETE)
}

unsafe extern "C" fn access(
    vfs: *mut sqlite3_vfs,
    path: *const c_char,
    flags: c_int,
    found: *mut c_int,
) -> c_int {
    if no_wait::is_on() {
        // SAFETY: the path ends with a zero, and `found` is where SQLite wants the answer.
        unsafe {
            if flags == ffi::SQLITE_ACCESS_EXISTS
                && let Some(exists) = system::exists(CStr::from_ptr(path))
            {
                *found = exists.into();
                return ffi::SQLITE_OK;
            }
        }
        return ffi::SQLITE_INTERRUPT;
    }
    behind!(vfs.xAccess(path, flags, found) or ffi::SQLITE_IOERR_ACCESS)
}

unsafe extern "C" fn full_pathname(
    vfs: *mut sqlite3_vfs,
    path: *const c_char,
    size: c_int,
    into: *mut c_char,
) -> c_int {
    behind!(vfs.xFullPathname(path, size, into) or ffi::SQLITE_CANTOPEN)
}

unsafe extern "C" fn dl_open(vfs: *mut sqlite3_vfs, path: *const c_char) -> *mut c_void {
    behind!(vfs.xDlOpen(path) or ptr::null_mut())
}

unsafe extern "C" fn dl_error(vfs: *mut sqlite3_vfs, size: c_int, into: *mut c_char) {
    behind!(vfs.xDlError(size, into) or ());
}

type Symbol = unsafe extern "C" fn(*mut sqlite3_vfs, *mut c_void, *const c_char);

unsafe extern "C" fn dl_sym(
    vfs: *mut sqlite3_vfs,
    library: *mut c_void,
    name: *const c_char,
) -> Option<Symbol> {
    behind!(vfs.xDlSym(library, name) or None)
}

unsafe extern "C" fn dl_close(vfs: *mut sqlite3_vfs, library: *mut c_void) {
    behind!(vfs.xDlClose(library) or ());
}

unsafe extern "C" fn randomness(vfs: *mut sqlite3_vfs, size: c_int, into: *mut c_char) -> c_int {
    behind!(vfs.xRandomness(size, into) or 0)
}

/// A reader of a write-ahead log sleeps between its tries for a lock, with no busy handler to ask.
unsafe extern "C" fn sleep(vfs: *mut sqlite3_vfs, microseconds: c_int) -> c_int {
    if no_wait::is_on() {
        no_wait::spend();
        return 0;
    }
    behind!(vfs.xSleep(microseconds) or 0)
}

unsafe extern "C" fn current_time(vfs: *mut sqlite3_vfs, now: *mut f64) -> c_int {
    behind!(vfs.xCurrentTime(now) or ffi::SQLITE_ERROR)
}

unsafe extern "C" fn last_error(vfs: *mut sqlite3_vfs, size: c_int, into: *mut c_char) -> c_int {
    behind!(vfs.xGetLastError(size, into) or 0)
}

unsafe extern "C" fn current_time_int64(
    vfs: *mut sqlite3_vfs,
    now: *mut ffi::sqlite3_int64,
) -> c_int {
    behind!(vfs.xCurrentTimeInt64(now) or ffi::SQLITE_ERROR)
}
