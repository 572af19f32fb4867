//! `PRAGMA busy_timeout` sets our own timeout. SQLite itself would replace our busy handler by one that knows no deadline and
//! cannot be interrupted.

use std::ffi::c_int;
use std::ptr;
use std::time::Duration;

use rusqlite::{Connection, ffi};

use super::control::Control;

/// The key of the client data that points to the connection's `Control`.
const NAME: &std::ffi::CStr = c"ferrow";

const PRAGMA: &str = "busy_timeout";

impl Control {
    /// Stores a pointer to this with the connection.
    ///
    /// # Safety
    /// `self` must stay where it is until the connection is closed.
    pub unsafe fn introduce(&self, connection: &Connection) {
        let context = ptr::from_ref(self).cast_mut().cast();
        // SAFETY: an open connection. Should it fail for want of memory, the pragma works as SQLite's own.
        unsafe {
            ffi::sqlite3_set_clientdata(connection.handle(), NAME.as_ptr(), context, None);
        }
    }
}

/// Whether the text can have that pragma: behind comments, too, and whatever else SQLite passes over.
fn is_meant(sql: &str) -> bool {
    has(sql, PRAGMA) && has(sql, "pragma")
}

fn has(sql: &str, word: &str) -> bool {
    let mut parts = sql.as_bytes().windows(word.len());
    parts.any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// Compiles a statement, which is when SQLite runs the pragma: shows it our timeout before, and takes over the one it set.
pub fn compiled<T>(connection: &mut Connection, sql: &str, compile: impl FnOnce() -> T) -> T {
    if !is_meant(sql) {
        return compile();
    }
    // SAFETY: an open connection that this thread is using; the pointer is that of `introduce`, valid as long as the connection.
    unsafe {
        let db = connection.handle();
        let control = ffi::sqlite3_get_clientdata(db, NAME.as_ptr()).cast::<Control>();
        let Some(control) = control.as_ref() else {
            return compile();
        };
        let before = c_int::try_from(control.timeout().as_millis()).unwrap_or(c_int::MAX);
        ffi::sqlite3_busy_timeout(db, before);
        let result = compile();
        let set = connection.pragma_query_value(None, PRAGMA, |row| row.get::<_, c_int>(0));
        let set = set.unwrap_or(before);
        if set != before {
            control.set_timeout(Duration::from_millis(set.max(0).unsigned_abs().into()));
        }
        control.wait_for_locks(connection);
        result
    }
}
