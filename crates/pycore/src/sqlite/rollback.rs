//! Counts the transactions of a connection that were rolled back.

use std::ffi::c_void;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, ffi};

/// Cursors that were open before the last of these rollbacks would go on with rows that are not there any more.
#[derive(Default)]
pub struct Rollbacks {
    count: AtomicU64,
    database: std::sync::atomic::AtomicPtr<ffi::sqlite3>,
}

impl Rollbacks {
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Counts those of this connection from now on.
    ///
    /// # Safety
    /// `self` must stay where it is until the connection is closed.
    pub unsafe fn watch(&self, connection: &Connection) {
        let context = std::ptr::from_ref(self).cast_mut().cast();
        // SAFETY: an open connection; the hook gets a pointer that is valid by contract and only read through.
        unsafe {
            let db = connection.handle();
            self.database.store(db, Ordering::Relaxed);
            ffi::sqlite3_rollback_hook(db, Some(on_rollback), context);
        }
    }
}

unsafe extern "C" fn on_rollback(context: *mut c_void) {
    // SAFETY: the pointer given to `watch`; the connection is the one that calls.
    let (rollbacks, alone) = unsafe {
        let rollbacks = &*context.cast::<Rollbacks>();
        let db = rollbacks.database.load(Ordering::Relaxed);
        (rollbacks, ffi::sqlite3_get_autocommit(db) != 0)
    };
    // A statement that failed outside a transaction takes nobody with it.
    if !alone {
        rollbacks.count.fetch_add(1, Ordering::Relaxed);
    }
}
