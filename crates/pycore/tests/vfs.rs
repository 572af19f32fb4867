//! The VFS where nobody may wait, method by method: SQLite itself often refuses for another reason before it would show that one of them
//! does not.

#[allow(dead_code)]
#[path = "../src/sqlite/vfs/mod.rs"]
mod vfs;

use std::ffi::{CString, c_char, c_int, c_void};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, fs, process, ptr};

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

/// A file of our VFS on disk, as SQLite opens its main database.
struct Opened {
    memory: Vec<u64>,
    path: PathBuf,
    name: *const c_char,
}

impl Opened {
    fn new(called: &str) -> Opened {
        let path = env::temp_dir().join(format!("ferrow-vfs-{}-{called}", process::id()));
        fs::write(&path, b"0123456789").unwrap();
        let plain = CString::new(path.to_str().unwrap()).unwrap();
        let none = c"".as_ptr();
        // As SQLite writes one, with what it says of the database around it.
        let name =
            // SAFETY: both are texts that end in NUL, and SQLite copies them.
            unsafe { ffi::sqlite3_create_filename(plain.as_ptr(), none, none, 0, ptr::null_mut()) };
        let vfs = found();
        // SAFETY: a VFS that is registered stays.
        let words = unsafe { (*vfs).szOsFile as usize }.div_ceil(8);
        let mut opened = Opened {
            memory: vec![0; words],
            path,
            name,
        };
        // SAFETY: as above.
        let open = unsafe { (*vfs).xOpen.unwrap() };
        // SAFETY: the memory is as large as the VFS asks for, and moves no more.
        let code = unsafe { open(vfs, opened.name, opened.file(), MAIN, ptr::null_mut()) };
        assert_eq!(code, ffi::SQLITE_OK);
        opened
    }

    fn file(&mut self) -> *mut sqlite3_file {
        self.memory.as_mut_ptr().cast()
    }

    fn methods(&mut self) -> ffi::sqlite3_io_methods {
        // SAFETY: opened by `new`, so it has methods.
        unsafe { *(*self.file()).pMethods }
    }

    fn lock(&mut self, level: c_int) -> c_int {
        let lock = self.methods().xLock.unwrap();
        // SAFETY: the method of this file, which is open.
        unsafe { lock(self.file(), level) }
    }

    fn unlock(&mut self, level: c_int) {
        let unlock = self.methods().xUnlock.unwrap();
        // SAFETY: the method of this file, which is open.
        assert_eq!(unsafe { unlock(self.file(), level) }, ffi::SQLITE_OK);
    }

    fn write(&mut self) -> c_int {
        let write = self.methods().xWrite.unwrap();
        // SAFETY: the method of this file, which is open, and three bytes for three.
        unsafe { write(self.file(), b"new".as_ptr().cast::<c_void>(), 3, 0) }
    }

    fn shm_lock(&mut self, offset: c_int, flags: c_int) -> c_int {
        let lock = self.methods().xShmLock.unwrap();
        // SAFETY: the method of this file, which is open.
        unsafe { lock(self.file(), offset, 1, flags) }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let close = self.methods().xClose.unwrap();
        // SAFETY: opened by `new`, which made the name, too; neither is used again.
        unsafe {
            close(self.file());
            ffi::sqlite3_free_filename(self.name);
        }
        let _ = fs::remove_file(&self.path);
    }
}

fn without_waiting<T>(call: impl FnOnce() -> T) -> T {
    no_wait::begin();
    let found = call();
    no_wait::end();
    found
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
    let map = file.methods().xShmMap.unwrap();
    let mut memory = vec![0_u64; file.memory.len()];
    let other: *mut sqlite3_file = memory.as_mut_ptr().cast();
    let mut mapped = ptr::null_mut();
    // SAFETY: methods of this VFS and of its file, which is open; the memory is as large as that of the file.
    let codes = without_waiting(|| unsafe {
        [
            open(ours, path.as_ptr(), other, MAIN, ptr::null_mut()),
            delete(ours, path.as_ptr(), 0),
            map(file.file(), 0, 32768, 1, &raw mut mapped),
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
