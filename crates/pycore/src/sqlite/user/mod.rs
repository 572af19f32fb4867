//! Functions, aggregates and collations that a program gives to SQL, written in Python.
//!
//! SQLite calls them while it steps, without the GIL: each call takes it, and gives it back. An exception cannot pass through
//! SQLite. It waits in the connection's `Control`, the statement fails, and the exception becomes the cause of its error.

mod aggregate;
mod collation;
mod failing;
mod function;
mod register;
mod values;

use std::ffi::c_void;
use std::sync::Arc;

use pyo3::prelude::*;

use super::control::Control;
pub use register::{Terms, Trade};

/// What SQLite keeps for one of them.
struct Guest {
    /// As it is called in messages.
    name: String,
    callable: Py<PyAny>,
    control: Arc<Control>,
}

impl Guest {
    /// Hands it over to SQLite, which gives it back to `dismiss`.
    fn lodge(self) -> *mut c_void {
        Box::into_raw(Box::new(self)).cast()
    }
}

/// Ends a guest's stay.
unsafe extern "C" fn dismiss(guest: *mut c_void) {
    // SAFETY: the pointer made by `lodge`, which SQLite gives back once.
    let guest = unsafe { Box::from_raw(guest.cast::<Guest>()) };
    // Without an interpreter there is nobody to give the callable back to.
    let mut guest = Some(guest);
    Python::try_attach(|_| drop(guest.take()));
    std::mem::forget(guest);
}
