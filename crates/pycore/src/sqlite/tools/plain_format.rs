//! Copies of databases with a write-ahead log, in memory: they say that they have one, and SQLite would refuse to open them.

use std::ffi::c_int;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ffi};

use crate::sqlite::failure::Failure;
use crate::sqlite::vfs::memory;

/// Of https://sqlite.org/fileformat2.html, 1.3: the versions of the format, the change counter, and that counter again.
const HEADER: usize = 100;
const FORMAT: std::ops::Range<usize> = 18..20;
const COUNTERS: [std::ops::Range<usize>; 2] = [24..28, 92..96];
const WAL: [u8; 2] = [2, 2];
const PLAIN: [u8; 2] = [1, 1];

/// Makes the header say that there is no write-ahead log, if it says otherwise. True if it did.
pub fn correct(header: &mut [u8]) -> bool {
    let Some(format) = header.get_mut(FORMAT).filter(|format| **format == WAL) else {
        return false;
    };
    format.copy_from_slice(&PLAIN);
    true
}

/// Does so in the memory behind an open connection, which other connections may share.
pub fn correct_in_memory(connection: &mut Connection, timeout: Duration) -> Result<(), Failure> {
    // SAFETY: an open connection, exclusively borrowed.
    let file = unsafe { memory::file(connection.handle(), c"main".as_ptr()) };
    let Some(file) = file else {
        return Ok(());
    };
    let started = Instant::now();
    loop {
        // SAFETY: the file of an open connection, exclusively borrowed, which has no transaction and so no lock on it.
        let code = unsafe { rewrite(file) };
        match code {
            ffi::SQLITE_OK => return Ok(()),
            ffi::SQLITE_BUSY if started.elapsed() < timeout => {
                std::thread::sleep(Duration::from_millis(1));
            }
            _ => return Err(Failure::new(code, "the copy in memory is locked")),
        }
    }
}

/// # Safety
/// `file` must be the open file of a connection that holds no lock on it.
unsafe fn rewrite(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: by contract; `memdb` has all these methods, and the buffer is as long as is said.
    unsafe {
        let methods = &*(*file).pMethods;
        let (Some(lock), Some(unlock), Some(read), Some(write)) = (
            methods.xLock,
            methods.xUnlock,
            methods.xRead,
            methods.xWrite,
        ) else {
            return ffi::SQLITE_OK;
        };
        let length = HEADER as c_int;
        let mut header = [0_u8; HEADER];
        let mut code = ffi::SQLITE_OK;
        for level in [
            ffi::SQLITE_LOCK_SHARED,
            ffi::SQLITE_LOCK_RESERVED,
            ffi::SQLITE_LOCK_EXCLUSIVE,
        ] {
            if code == ffi::SQLITE_OK {
                code = lock(file, level);
            }
        }
        // An empty database is shorter than a header.
        if code == ffi::SQLITE_OK
            && read(file, header.as_mut_ptr().cast(), length, 0) == ffi::SQLITE_OK
            && correct(&mut header)
        {
            // Whoever has read the old header finds that it has changed.
            for counter in COUNTERS {
                if let Some(Ok(bytes)) = header.get(counter.clone()).map(<[u8; 4]>::try_from)
                    && let Some(place) = header.get_mut(counter)
                {
                    place.copy_from_slice(&u32::from_be_bytes(bytes).wrapping_add(1).to_be_bytes());
                }
            }
            code = write(file, header.as_ptr().cast(), length, 0);
        }
        unlock(file, ffi::SQLITE_LOCK_NONE);
        code
    }
}
