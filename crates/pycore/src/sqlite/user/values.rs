//! SQLite's values to Python's and back.

use std::ffi::{c_int, c_void};

use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyTuple};
use rusqlite::ffi;

use super::UserCallable;
use super::failing::{report, report_unfit, report_unreadable};
use crate::kinds::Kind;
use crate::sqlite::execution::arena::{Arena, Cell};
use crate::sqlite::values::encode::encode;
use crate::values;

/// Arguments as int, float, str, bytes or None, by their storage class; or the words SQLite is told, where one has none.
///
/// # Safety
/// `first` must point to `count` values that SQLite protects for the time of the call.
pub unsafe fn arguments<'py>(
    py: Python<'py>,
    user: &UserCallable,
    count: c_int,
    first: *mut *mut ffi::sqlite3_value,
) -> Result<Bound<'py, PyTuple>, String> {
    let count = usize::try_from(count).unwrap_or(0);
    let given = (0..count)
        // SAFETY: by contract.
        .map(|index| unsafe { argument(py, user, index, *first.add(index)) })
        .collect::<Result<Vec<_>, _>>()?;
    PyTuple::new(py, given).map_err(|error| report(py, user, error))
}

/// # Safety
/// `value` must be protected for the time of the call.
unsafe fn argument<'py>(
    py: Python<'py>,
    user: &UserCallable,
    index: usize,
    value: *mut ffi::sqlite3_value,
) -> Result<Bound<'py, PyAny>, String> {
    // SAFETY: by contract; text and bytes are copied at once, and their length is asked for after the conversion.
    unsafe {
        Ok(match ffi::sqlite3_value_type(value) {
            ffi::SQLITE_INTEGER => PyInt::new(py, ffi::sqlite3_value_int64(value)).into_any(),
            ffi::SQLITE_FLOAT => PyFloat::new(py, ffi::sqlite3_value_double(value)).into_any(),
            ffi::SQLITE_TEXT => {
                let start: *const c_void = ffi::sqlite3_value_text(value).cast();
                let text = octets(start, ffi::sqlite3_value_bytes(value));
                return values::text(py, text).map_err(|error| {
                    let which = format!("argument {}", index + 1);
                    report_unreadable(py, user, &which, text, error)
                });
            }
            ffi::SQLITE_BLOB => {
                let start = ffi::sqlite3_value_blob(value);
                values::bytes(py, octets(start, ffi::sqlite3_value_bytes(value)))
            }
            _ => py.None().into_bound(py),
        })
    }
}

/// # Safety
/// `start` must be null or point to `length` bytes.
pub unsafe fn octets<'a>(start: *const c_void, length: c_int) -> &'a [u8] {
    match usize::try_from(length) {
        // SAFETY: by contract.
        Ok(length) if !start.is_null() => unsafe {
            std::slice::from_raw_parts(start.cast(), length)
        },
        _ => &[],
    }
}

/// Gives SQLite the value of a call, or its failure.
///
/// # Safety
/// `context` must be that of the running call.
pub unsafe fn answer(
    py: Python<'_>,
    context: *mut ffi::sqlite3_context,
    user: &UserCallable,
    outcome: PyResult<Bound<'_, PyAny>>,
) {
    let mut arena = Arena::default();
    let failed = match outcome {
        Ok(value) => encode(&value, Kind::Any, &mut arena)
            .err()
            .map(|unfit| report_unfit(py, user, unfit)),
        Err(error) => Some(report(py, user, error)),
    };
    // SAFETY: by contract; SQLite copies texts and blobs before it returns.
    unsafe {
        if let Some(message) = failed {
            return fail(context, &message);
        }
        match arena.cells().first() {
            Some(Cell::Int(value)) => ffi::sqlite3_result_int64(context, *value),
            Some(Cell::Float(value)) => ffi::sqlite3_result_double(context, *value),
            Some(Cell::Text(span)) => {
                let text = arena.slice(*span);
                ffi::sqlite3_result_text64(
                    context,
                    text.as_ptr().cast(),
                    text.len() as u64,
                    ffi::SQLITE_TRANSIENT(),
                    ffi::SQLITE_UTF8 as u8,
                );
            }
            Some(Cell::Blob(span)) => {
                let blob = arena.slice(*span);
                ffi::sqlite3_result_blob64(
                    context,
                    blob.as_ptr().cast(),
                    blob.len() as u64,
                    ffi::SQLITE_TRANSIENT(),
                );
            }
            Some(Cell::Null) | None => ffi::sqlite3_result_null(context),
        }
    }
}

/// Makes the statement fail.
///
/// # Safety
/// `context` must be that of the running call.
pub unsafe fn fail(context: *mut ffi::sqlite3_context, message: &str) {
    let length = c_int::try_from(message.len()).unwrap_or(c_int::MAX);
    // SAFETY: by contract; the text is copied.
    unsafe { ffi::sqlite3_result_error(context, message.as_ptr().cast(), length) }
}
