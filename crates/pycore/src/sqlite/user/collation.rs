//! Orders of texts.

use std::cmp::Ordering;
use std::ffi::{c_int, c_void};

use pyo3::prelude::*;

use super::UserCallable;
use super::failing::report;
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
        let outcome = ordering(py, user, left, right);
        outcome.unwrap_or_else(|error| {
            report(py, user, error);
            user.control.spoil();
            Ordering::Equal
        })
    });
    ordering.unwrap_or(Ordering::Equal) as c_int
}

fn ordering(py: Python<'_>, user: &UserCallable, left: &[u8], right: &[u8]) -> PyResult<Ordering> {
    let texts = (values::text(py, left)?, values::text(py, right)?);
    let sign = user.callable.bind(py).call1(texts)?;
    if sign.lt(0)? {
        Ok(Ordering::Less)
    } else if sign.gt(0)? {
        Ok(Ordering::Greater)
    } else {
        Ok(Ordering::Equal)
    }
}
