use std::ffi::{CString, c_char, c_int, c_void};
use std::path::PathBuf;
use std::{env, fs, process, ptr};

use rusqlite::ffi::{self, sqlite3_file};

use super::{MAIN, found};

/// A file of our VFS on disk, as SQLite opens its main database.
pub struct Opened {
    pub memory: Vec<u64>,
    pub path: PathBuf,
    name: *const c_char,
}

impl Opened {
    pub fn new(called: &str) -> Opened {
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

    pub fn file(&mut self) -> *mut sqlite3_file {
        self.memory.as_mut_ptr().cast()
    }

    pub fn methods(&mut self) -> ffi::sqlite3_io_methods {
        // SAFETY: opened by `new`, so it has methods.
        unsafe { *(*self.file()).pMethods }
    }

    pub fn lock(&mut self, level: c_int) -> c_int {
        let lock = self.methods().xLock.unwrap();
        // SAFETY: the method of this file, which is open.
        unsafe { lock(self.file(), level) }
    }

    pub fn unlock(&mut self, level: c_int) {
        let unlock = self.methods().xUnlock.unwrap();
        // SAFETY: the method of this file, which is open.
        assert_eq!(unsafe { unlock(self.file(), level) }, ffi::SQLITE_OK);
    }

    pub fn write(&mut self) -> c_int {
        let write = self.methods().xWrite.unwrap();
        // SAFETY: the method of this file, which is open, and three bytes for three.
        unsafe { write(self.file(), b"new".as_ptr().cast::<c_void>(), 3, 0) }
    }

    /// The first piece of the index of a write-ahead log.
    pub fn try_map(&mut self) -> c_int {
        let map = self.methods().xShmMap.unwrap();
        let mut mapped = ptr::null_mut();
        // SAFETY: the method of this file, which is open.
        unsafe { map(self.file(), 0, 32768, 1, &raw mut mapped) }
    }

    pub fn map(&mut self) {
        assert_eq!(self.try_map(), ffi::SQLITE_OK);
    }

    pub fn unmap(&mut self) {
        let unmap = self.methods().xShmUnmap.unwrap();
        // SAFETY: the method of this file, which is open.
        assert_eq!(unsafe { unmap(self.file(), 1) }, ffi::SQLITE_OK);
    }

    pub fn shm_lock(&mut self, offset: c_int, flags: c_int) -> c_int {
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

// SAFETY: SQLite uses a file in any thread, one at a time.
unsafe impl Send for Opened {}
