//! How the transactions of a connection end: counts those that were rolled back, and prevents commits of spoilt work.

use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering};

use rusqlite::{Connection, ffi};

#[derive(Default)]
pub struct Endings {
    rollbacks: AtomicU64,
    spoilt: AtomicBool,
    database: AtomicPtr<ffi::sqlite3>,
}

impl Endings {
    /// Cursors that were open before the last of these would go on with rows that are not there any more.
    pub fn rollbacks(&self) -> u64 {
        self.rollbacks.load(Ordering::Relaxed)
    }

    /// The running statement writes nonsense, and SQLite does not know: it must not be committed.
    pub fn spoil(&self) {
        self.spoilt.store(true, Ordering::Relaxed);
    }

    pub fn take_spoilt(&self) -> bool {
        self.spoilt.swap(false, Ordering::Relaxed)
    }

    /// Watches this connection from now on.
    ///
    /// # Safety
    /// `self` must stay where it is until the connection is closed.
    pub unsafe fn watch(&self, connection: &Connection) {
        let context = std::ptr::from_ref(self).cast_mut().cast();
        // SAFETY: an open connection; the hooks get a pointer that is valid by contract and only read through.
        unsafe {
            let db = connection.handle();
            self.database.store(db, Ordering::Relaxed);
            ffi::sqlite3_rollback_hook(db, Some(on_rollback), context);
            ffi::sqlite3_commit_hook(db, Some(on_commit), context);
        }
    }
}

unsafe extern "C" fn on_rollback(context: *mut c_void) {
    // SAFETY: the pointer given to `watch`; the connection is the one that calls.
    let (endings, alone) = unsafe {
        let endings = &*context.cast::<Endings>();
        let db = endings.database.load(Ordering::Relaxed);
        (endings, ffi::sqlite3_get_autocommit(db) != 0)
    };
    // A statement that failed outside a transaction takes nobody with it.
    if !alone {
        endings.rollbacks.fetch_add(1, Ordering::Relaxed);
    }
}

unsafe extern "C" fn on_commit(context: *mut c_void) -> c_int {
    // SAFETY: the pointer given to `watch`.
    let endings = unsafe { &*context.cast::<Endings>() };
    c_int::from(endings.spoilt.load(Ordering::Relaxed))
}
