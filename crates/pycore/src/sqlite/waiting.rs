//! `PRAGMA busy_timeout`, which would put SQLite's own way of waiting for locks in the place of ours: one that heeds no deadline
//! and no interrupt.

use std::ffi::c_int;
use std::ptr;
use std::time::Duration;

use rusqlite::{Connection, ffi};

use super::control::Control;

/// By which a connection knows its control.
const NAME: &std::ffi::CStr = c"ferrow";

const PRAGMA: &str = "busy_timeout";

impl Control {
    /// Lets the connection know where this is.
    ///
    /// # Safety
    /// `self` must stay where it is until the connection is closed.
    pub unsafe fn introduce(&self, connection: &Connection) {
        let context = ptr::from_ref(self).cast_mut().cast();
        // SAFETY: an open connection; without memory for it, the pragma does what it does elsewhere.
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

/// Compiles a statement. SQLite runs the pragma then: it finds the time that is ours, and what it sets becomes ours.
pub fn compiled<T>(connection: &mut Connection, sql: &str, compile: impl FnOnce() -> T) -> T {
    if !is_meant(sql) {
        return compile();
    }
    // SAFETY: an open connection that this thread is using; the pointer is that of `introduce`, valid as long as it.
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
