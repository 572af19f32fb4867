//! `interval`: a timedelta where it is one, which months are not.

use pgwire::types::interval::{self, Interval};
use pyo3::prelude::*;
use pyo3::types::PyDelta;

use super::malformed;
use super::time::infinite;
use crate::lazy::INTERVAL;

const DAY: i64 = 86_400_000_000;

pub(super) fn decode<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    match interval::decode(bytes).map_err(|error| malformed(py, &error))? {
        Interval::Finite {
            months: 0,
            days,
            micros,
        } => {
            let all = days.checked_add(i32::try_from(micros.div_euclid(DAY)).unwrap_or(i32::MAX));
            let rest = micros.rem_euclid(DAY);
            let (seconds, micros_left) = (rest / 1_000_000, rest % 1_000_000);
            // Longer than a timedelta can be: its parts.
            match all.filter(|days| (-999_999_999..=999_999_999).contains(days)) {
                Some(all) => {
                    Ok(PyDelta::new(py, all, seconds as i32, micros_left as i32, true)?.into_any())
                }
                None => INTERVAL.get(py)?.call1((0, days, micros)),
            }
        }
        Interval::Finite {
            months,
            days,
            micros,
        } => INTERVAL.get(py)?.call1((months, days, micros)),
        Interval::Infinity | Interval::NegInfinity => Err(infinite(py, "interval")),
    }
}
