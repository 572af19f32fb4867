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

use crate::sqlite::connection::control::Control;
pub use register::{FunctionKind, FunctionOptions};

/// What SQLite keeps for one of them.
struct UserCallable {
    /// For messages.
    name: String,
    callable: Py<PyAny>,
    control: Arc<Control>,
}

impl UserCallable {
    /// Hands it over to SQLite, which gives it back to `destroy`.
    fn into_raw(self) -> *mut c_void {
        Box::into_raw(Box::new(self)).cast()
    }
}

/// What SQLite calls when it needs the callable no more.
unsafe extern "C" fn destroy(user: *mut c_void) {
    // SAFETY: the pointer made by `into_raw`, which SQLite gives back once.
    let user = unsafe { Box::from_raw(user.cast::<UserCallable>()) };
    // Without an interpreter there is nobody to give the callable back to.
    let mut user = Some(user);
    Python::try_attach(|_| drop(user.take()));
    std::mem::forget(user);
}
