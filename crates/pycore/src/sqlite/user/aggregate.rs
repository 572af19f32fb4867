//! Aggregate and window functions: one Python object per group or window.

use std::ffi::c_int;

use pyo3::prelude::*;
use rusqlite::ffi;

use super::UserCallable;
use super::failing::report;
use super::values::{answer, arguments, fail};

/// What SQLite keeps per group, zeroed at first: the object, once there is one.
type Place = *mut pyo3::ffi::PyObject;

/// # Safety
/// `context` must be that of the running call.
unsafe fn user<'a>(context: *mut ffi::sqlite3_context) -> &'a UserCallable {
    // SAFETY: what was registered, while it stays.
    unsafe { &*ffi::sqlite3_user_data(context).cast::<UserCallable>() }
}

/// The place of the running group. None if there is none and `size` is 0, or without memory.
///
/// # Safety
/// `context` must be that of the running call, the same `size` used until one is not 0.
unsafe fn place<'a>(context: *mut ffi::sqlite3_context, size: usize) -> Option<&'a mut Place> {
    let size = c_int::try_from(size).unwrap_or(0);
    // SAFETY: SQLite gives zeroed memory of that size, aligned for pointers, or null.
    unsafe {
        ffi::sqlite3_aggregate_context(context, size)
            .cast::<Place>()
            .as_mut()
    }
}

/// The object of the group; made with the first row.
///
/// # Safety
/// `context` must be that of the running call.
unsafe fn member<'py>(
    py: Python<'py>,
    context: *mut ffi::sqlite3_context,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: by contract; the place holds null or a reference of its own.
    unsafe {
        let Some(place) = place(context, size_of::<Place>()) else {
            return Err(pyo3::exceptions::PyMemoryError::new_err("out of memory"));
        };
        if place.is_null() {
            *place = user(context).callable.bind(py).call0()?.into_ptr();
        }
        Ok(Bound::from_borrowed_ptr(py, *place))
    }
}

/// Calls a method that takes a row's arguments.
///
/// # Safety
/// As SQLite calls.
unsafe fn take(
    context: *mut ffi::sqlite3_context,
    method: &str,
    count: c_int,
    first: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: by contract.
    unsafe {
        let called = Python::try_attach(|py| {
            let arguments = match arguments(py, user(context), count, first) {
                Ok(arguments) => arguments,
                Err(message) => return fail(context, &message),
            };
            let outcome =
                member(py, context).and_then(|object| object.call_method1(method, arguments));
            if let Err(error) = outcome {
                fail(context, &report(py, user(context), error));
            }
        });
        if called.is_none() {
            fail(context, "the Python interpreter has ended");
        }
    }
}

pub unsafe extern "C" fn step(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    first: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: as SQLite calls.
    unsafe { take(context, "step", count, first) }
}

pub unsafe extern "C" fn inverse(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    first: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: as SQLite calls.
    unsafe { take(context, "inverse", count, first) }
}

pub unsafe extern "C" fn value(context: *mut ffi::sqlite3_context) {
    // SAFETY: as SQLite calls.
    unsafe {
        Python::try_attach(|py| {
            let outcome = member(py, context).and_then(|object| object.call_method0("value"));
            answer(py, context, user(context), outcome);
        });
    }
}

/// The result of the group, and its end. SQLite calls this also to clean up after a failure, when nobody wants a result; for
/// a group without rows there is no object yet.
pub unsafe extern "C" fn finalize(context: *mut ffi::sqlite3_context) {
    // SAFETY: as SQLite calls; the reference in the place is taken out of it once.
    unsafe {
        let user = user(context);
        Python::try_attach(|py| {
            let object = match place(context, 0) {
                Some(place) if !place.is_null() => {
                    let object = Bound::from_owned_ptr(py, *place);
                    *place = std::ptr::null_mut();
                    Ok(object)
                }
                _ if user.control.has_raised() => return,
                _ => user.callable.bind(py).call0(),
            };
            if !user.control.has_raised() {
                let outcome = object.and_then(|object| object.call_method0("finalize"));
                answer(py, context, user, outcome);
            }
        });
    }
}
