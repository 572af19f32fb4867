//! The VFS where nobody may wait, method by method: SQLite itself often refuses for another reason before it would show that one of them
//! does not.

#[allow(dead_code)]
#[path = "../../src/sqlite/vfs/mod.rs"]
mod vfs;

mod index;
mod opened;

use std::ffi::{CString, c_int};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fs, ptr};

use opened::Opened;
use rusqlite::ffi::{self, sqlite3_file, sqlite3_vfs};
use vfs::no_wait;

const MAIN: c_int = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE | ffi::SQLITE_OPEN_MAIN_DB;

/// One at a time, for the numbers that they count.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn found() -> *mut sqlite3_vfs {
    let name = CString::new(vfs::name().expect("the system's VFS can be stood in for")).unwrap();
    // SAFETY: SQLite copies nothing of the name, and it lives until the call is over.
    let found = unsafe { ffi::sqlite3_vfs_find(name.as_ptr()) };
    assert!(!found.is_null());
    found
}

fn system() -> *mut sqlite3_vfs {
    // SAFETY: a VFS that is registered stays; this one keeps the system's there.
    unsafe { (*found()).pAppData.cast() }
}

fn without_waiting<T>(call: impl FnOnce() -> T) -> T {
    let _no_wait = no_wait::begin().expect("nobody is mapping");
    call()
}

static SLEPT: AtomicU32 = AtomicU32::new(0);

unsafe extern "C" fn slept(_: *mut sqlite3_vfs, microseconds: c_int) -> c_int {
    SLEPT.fetch_add(1, Ordering::SeqCst);
    microseconds
}

#[test]
fn it_sleeps_only_where_one_may_wait() {
    let _alone = alone();
    let (ours, system) = (found(), system());
    // SAFETY: VFSs that are registered stay, and no other test runs meanwhile.
    let (sleep, before) = unsafe { ((*ours).xSleep.unwrap(), (*system).xSleep) };
    // SAFETY: as above.
    unsafe { (*system).xSleep = Some(slept) };
    let sleep = || {
        // SAFETY: the method of this VFS.
        unsafe { sleep(ours, 5) }
    };
    assert_eq!(sleep(), 5);
    assert_eq!(SLEPT.swap(0, Ordering::SeqCst), 1);
    let (answer, spent) = without_waiting(|| (sleep(), no_wait::is_spent()));
    // SAFETY: as above.
    unsafe { (*system).xSleep = before };
    assert_eq!((answer, SLEPT.load(Ordering::SeqCst)), (0, 0));
    assert!(
        spent,
        "who would have slept is to give up, not to try again without a pause"
    );
}

#[test]
fn who_would_have_slept_gets_no_more_locks() {
    let _alone = alone();
    let mut file = Opened::new("spent");
    let flags = ffi::SQLITE_SHM_LOCK | ffi::SQLITE_SHM_SHARED;
    // SAFETY: a VFS that is registered stays.
    let sleep = unsafe { (*found()).xSleep.unwrap() };
    let code = without_waiting(|| {
        // SAFETY: the method of this VFS.
        unsafe { sleep(found(), 5) };
        file.shm_lock(3, flags)
    });
    assert_eq!(code, ffi::SQLITE_INTERRUPT);
}

#[test]
fn it_takes_no_lock_of_writers() {
    let _alone = alone();
    let mut file = Opened::new("locks");
    assert_eq!(file.lock(ffi::SQLITE_LOCK_SHARED), ffi::SQLITE_OK);
    for level in [ffi::SQLITE_LOCK_RESERVED, ffi::SQLITE_LOCK_EXCLUSIVE] {
        assert_eq!(without_waiting(|| file.lock(level)), ffi::SQLITE_BUSY);
        assert_eq!(file.lock(level), ffi::SQLITE_OK);
        file.unlock(ffi::SQLITE_LOCK_SHARED);
    }
    file.unlock(ffi::SQLITE_LOCK_NONE);
    let exclusive = ffi::SQLITE_SHM_LOCK | ffi::SQLITE_SHM_EXCLUSIVE;
    for offset in 0..3 {
        assert_eq!(
            without_waiting(|| file.shm_lock(offset, exclusive)),
            ffi::SQLITE_BUSY
        );
    }
    file.map();
    for offset in 3..8 {
        assert_eq!(
            without_waiting(|| file.shm_lock(offset, exclusive)),
            ffi::SQLITE_BUSY_TIMEOUT
        );
        assert_eq!(file.shm_lock(offset, exclusive), ffi::SQLITE_OK);
        let unlock = ffi::SQLITE_SHM_UNLOCK | ffi::SQLITE_SHM_EXCLUSIVE;
        assert_eq!(file.shm_lock(offset, unlock), ffi::SQLITE_OK);
    }
}

#[test]
fn it_takes_the_lock_of_readers_where_that_is_granted_by_this_machine() {
    let _alone = alone();
    let mut file = Opened::new("shared");
    assert_eq!(
        without_waiting(|| file.lock(ffi::SQLITE_LOCK_SHARED)),
        ffi::SQLITE_OK
    );
    file.unlock(ffi::SQLITE_LOCK_NONE);
}

#[test]
fn it_writes_only_where_one_may_wait() {
    let _alone = alone();
    let mut file = Opened::new("writes");
    let (truncate, sync) = (
        file.methods().xTruncate.unwrap(),
        file.methods().xSync.unwrap(),
    );
    let handle = file.file();
    // SAFETY: methods of this file, which is open.
    let codes = without_waiting(|| unsafe {
        [
            file.write(),
            truncate(handle, 0),
            sync(handle, ffi::SQLITE_SYNC_NORMAL),
        ]
    });
    assert_eq!(codes, [ffi::SQLITE_BUSY; 3]);
    assert_eq!(fs::read(&file.path).unwrap(), b"0123456789");
    assert_eq!(file.write(), ffi::SQLITE_OK);
    assert_eq!(fs::read(&file.path).unwrap(), b"new3456789");
}

#[test]
fn it_opens_maps_and_deletes_nothing() {
    let _alone = alone();
    let mut file = Opened::new("opens");
    let ours = found();
    let path = CString::new(file.path.to_str().unwrap()).unwrap();
    // SAFETY: a VFS that is registered stays.
    let (open, delete) = unsafe { ((*ours).xOpen.unwrap(), (*ours).xDelete.unwrap()) };
    let mut memory = vec![0_u64; file.memory.len()];
    let other: *mut sqlite3_file = memory.as_mut_ptr().cast();
    // SAFETY: methods of this VFS; the memory is as large as that of a file.
    let codes = without_waiting(|| unsafe {
        [
            open(ours, path.as_ptr(), other, MAIN, ptr::null_mut()),
            delete(ours, path.as_ptr(), 0),
            file.try_map(),
        ]
    });
    assert_eq!(
        codes,
        [ffi::SQLITE_BUSY, ffi::SQLITE_BUSY, ffi::SQLITE_INTERRUPT]
    );
    assert!(
        // SAFETY: zeros are a file without methods.
        unsafe { (*other).pMethods.is_null() },
        "what was not opened is not to be closed"
    );
    assert!(file.path.exists());
}
