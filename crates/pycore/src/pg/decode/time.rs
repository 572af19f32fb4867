//! Dates and times, as far as Python's calendar goes.

use pgwire::types::date::Date;
use pgwire::types::timestamp::Timestamp;
use pgwire::types::{date, time, timestamp, timetz};
use pyo3::prelude::*;
use pyo3::types::{PyDelta, PyTime, PyTzInfo};

use super::malformed;
use crate::instants;
use crate::raise::data_error;
use crate::values;

pub(super) fn date<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    match date::decode(bytes).map_err(|error| malformed(py, &error))? {
        Date::Finite { year, month, day } if in_range(year) => values::date(py, year, month, day),
        Date::Finite { year, .. } => Err(out_of_range(py, "date", year)),
        Date::Infinity | Date::NegInfinity => Err(infinite(py, "date")),
    }
}

pub(super) fn time<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    match time::split(time::decode(bytes).map_err(|error| malformed(py, &error))?) {
        Some((hour, minute, second, microsecond)) if hour < 24 => {
            values::time(py, hour, minute, second, microsecond)
        }
        _ => Err(midnight(py)),
    }
}

pub(super) fn time_tz<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let at = timetz::decode(bytes).map_err(|error| malformed(py, &error))?;
    match time::split(at.micros) {
        Some((hour, minute, second, microsecond)) if hour < 24 => {
            let zone = PyTzInfo::fixed_offset(py, PyDelta::new(py, 0, at.offset, 0, true)?)?;
            Ok(PyTime::new(py, hour, minute, second, microsecond, Some(&zone))?.into_any())
        }
        _ => Err(midnight(py)),
    }
}

pub(super) fn moment<'py>(
    py: Python<'py>,
    name: &str,
    bytes: &[u8],
    utc: bool,
) -> PyResult<Bound<'py, PyAny>> {
    match timestamp::decode(bytes).map_err(|error| malformed(py, &error))? {
        Timestamp::Finite(micros) => {
            let at = timestamp::split(micros);
            if !in_range(at.year) {
                return Err(out_of_range(py, name, at.year));
            }
            instants::datetime(py, &at, utc)
        }
        Timestamp::Infinity | Timestamp::NegInfinity => Err(infinite(py, name)),
    }
}

/// A timestamp in the years 1 to 9999.
#[inline(always)]
pub(super) fn usual(bytes: &[u8]) -> Option<values::Moment> {
    timestamp::split_usual(i64::from_be_bytes(bytes.try_into().ok()?))
}

/// Years of Python's calendar.
fn in_range(year: i32) -> bool {
    (1..=9999).contains(&year)
}

#[cold]
fn midnight(py: Python<'_>) -> PyErr {
    data_error(
        py,
        "time 24:00:00 has no equal in Python; select it as text (value::text)",
    )
}

#[cold]
fn out_of_range(py: Python<'_>, name: &str, year: i32) -> PyErr {
    let shown = if year <= 0 {
        format!("{} BC", 1 - year)
    } else {
        year.to_string()
    };
    data_error(
        py,
        format!(
            "a {name} of the year {shown} has no equal in Python; select it as text (value::text)"
        ),
    )
}

#[cold]
pub(super) fn infinite(py: Python<'_>, name: &str) -> PyErr {
    data_error(
        py,
        format!("an infinite {name} has no equal in Python; select it as text (value::text)"),
    )
}
