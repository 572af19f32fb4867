//! Scalar functions.

use std::ffi::c_int;

use pyo3::prelude::*;
use rusqlite::ffi;

use super::UserCallable;
use super::values::{answer, arguments, fail};

pub unsafe extern "C" fn call(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    first: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: SQLite calls with what was registered and with valid arguments, while it is registered.
    unsafe {
        let user = &*ffi::sqlite3_user_data(context).cast::<UserCallable>();
        let called = Python::try_attach(|py| match arguments(py, user, count, first) {
            Ok(arguments) => {
                let outcome = user.callable.bind(py).call1(arguments);
                answer(py, context, user, outcome);
            }
            Err(message) => fail(context, &message),
        });
        if called.is_none() {
            fail(context, "the Python interpreter has ended");
        }
    }
}
