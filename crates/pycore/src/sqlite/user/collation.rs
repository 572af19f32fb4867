//! Orders of texts.

use std::cmp::Ordering;
use std::ffi::{c_int, c_void};

use pyo3::prelude::*;

use super::UserCallable;
use super::failing::{report, report_unreadable};
use super::values::octets;
use crate::values;

/// SQLite has no way to hear that a comparison failed: the statement is interrupted, and what it wrote is undone.
pub unsafe extern "C" fn compare(
    user: *mut c_void,
    left_length: c_int,
    left: *const c_void,
    right_length: c_int,
    right: *const c_void,
) -> c_int {
    // SAFETY: SQLite calls with what was registered, and with texts of these lengths.
    let (user, left, right) = unsafe {
        (
            &*user.cast::<UserCallable>(),
            octets(left, left_length),
            octets(right, right_length),
        )
    };
    if user.control.has_raised() {
        return 0;
    }
    let ordering = Python::try_attach(|py| {
        // What was said is kept: the statement fails with it.
        ordering(py, user, left, right).unwrap_or_else(|_| {
            user.control.spoil();
            Ordering::Equal
        })
    });
    ordering.unwrap_or(Ordering::Equal) as c_int
}

fn ordering(
    py: Python<'_>,
    user: &UserCallable,
    left: &[u8],
    right: &[u8],
) -> Result<Ordering, String> {
    let text = |text| {
        let read = values::text(py, text);
        read.map_err(|error| report_unreadable(py, user, "what it orders", text, error))
    };
    let texts = (text(left)?, text(right)?);
    let compared = user.callable.bind(py).call1(texts).and_then(|sign| {
        Ok(if sign.lt(0)? {
            Ordering::Less
        } else if sign.gt(0)? {
            Ordering::Greater
        } else {
            Ordering::Equal
        })
    });
    compared.map_err(|error| report(py, user, error))
}
