//! Python values from their parts, for both databases.

/// A civil date and time of day; microseconds below a second.
pub use pgwire::types::timestamp::DateTime as Moment;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateTime, PyTime, PyTuple, PyTzInfo};

use crate::ascii;
use crate::lazy::{DECIMAL, uuid_type};
use crate::rows::set_by_descriptor;

pub fn date(py: Python<'_>, year: i32, month: u8, day: u8) -> PyResult<Bound<'_, PyAny>> {
    Ok(PyDate::new(py, year, month, day)?.into_any())
}

pub fn time(
    py: Python<'_>,
    hour: u8,
    minute: u8,
    second: u8,
    microsecond: u32,
) -> PyResult<Bound<'_, PyAny>> {
    Ok(PyTime::new(py, hour, minute, second, microsecond, None)?.into_any())
}

/// A datetime: naive, or aware in UTC.
pub fn datetime<'py>(py: Python<'py>, at: &Moment, utc: bool) -> PyResult<Bound<'py, PyAny>> {
    let zone = if utc { Some(PyTzInfo::utc(py)?) } else { None };
    Ok(PyDateTime::new(
        py,
        at.year,
        at.month,
        at.day,
        at.hour,
        at.minute,
        at.second,
        at.microsecond,
        zone.as_deref(),
    )?
    .into_any())
}

/// A `decimal.Decimal` from its text. It has no `__init__` that a call would look for.
pub fn decimal<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let text = self::text(py, text.as_bytes())?;
    crate::rows::new_from(DECIMAL.get(py)?.cast()?, &PyTuple::new(py, [text])?)
}

/// A `uuid.UUID` from its 16 bytes. `UUID.__init__` takes over a microsecond, so its two slots are filled directly.
pub fn uuid<'py>(py: Python<'py>, bytes: [u8; 16]) -> PyResult<Bound<'py, PyAny>> {
    let known = uuid_type(py)?;
    let instance = crate::rows::new_instance(known.class.bind(py))?;
    let number = u128::from_be_bytes(bytes).into_pyobject(py)?;
    set_by_descriptor(known.set_int.bind(py), &instance, number.as_any())?;
    set_by_descriptor(
        known.set_is_safe.bind(py),
        &instance,
        known.unknown.bind(py),
    )?;
    Ok(instance)
}

/// A Python `str`; CPython checks the UTF-8 itself and raises UnicodeDecodeError.
#[inline]
pub fn text<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    if let Some(text) = ascii::short(py, bytes)? {
        return Ok(text);
    }
    let length = ffi::Py_ssize_t::try_from(bytes.len())?;
    // SAFETY: the pointer and length are those of a live slice; the result is a new reference or NULL with an error set.
    unsafe {
        Bound::from_owned_ptr_or_err(
            py,
            ffi::PyUnicode_FromStringAndSize(bytes.as_ptr().cast(), length),
        )
    }
}

pub fn bytes<'py>(py: Python<'py>, value: &[u8]) -> Bound<'py, PyAny> {
    pyo3::types::PyBytes::new(py, value).into_any()
}
