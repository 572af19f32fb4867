//! `interval`, from a timedelta or an `Interval`.

use pgwire::types::interval::{self, Interval};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDelta, PyDeltaAccess};

use super::Encoded;
use super::unwrap::member;
use crate::lazy::INTERVAL;
use crate::pg::types::Scalar;
use crate::raise::Unfit;

/// Microseconds.
const DAY: i64 = 86_400_000_000;

pub(super) fn encode(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let py = value.py();
    if let Ok(delta) = value.cast::<PyDelta>() {
        // A pandas.Timedelta has nanoseconds, which would be lost.
        if !delta.is_exact_instance_of::<PyDelta>()
            && let Some(rest) = value.getattr_opt(intern!(py, "nanoseconds"))?
            && !rest.eq(0)?
        {
            return Err(Unfit::Because(format!(
                "interval has no nanoseconds, {value} has {rest}"
            )));
        }
        let rest = i64::from(delta.get_seconds()) * 1_000_000 + i64::from(delta.get_microseconds());
        // Python writes minus one hour as minus one day and 23 hours. To the server, whose days can have 23 or 25 hours, that
        // is another interval.
        let before = delta.get_days() < 0 && rest > 0;
        let parts = Interval::Finite {
            months: 0,
            days: delta.get_days() + i32::from(before),
            micros: if before { rest - DAY } else { rest },
        };
        return Ok(interval::encode(parts, out)?);
    }
    if value.is_instance(INTERVAL.get(py)?)? {
        let parts = Interval::Finite {
            months: part(value, "months")?,
            days: part(value, "days")?,
            micros: part(value, "microseconds")?,
        };
        return Ok(interval::encode(parts, out)?);
    }
    member(
        Scalar::Interval,
        value,
        "timedelta or ferrow.types.Interval",
        out,
    )
}

fn part<'py, T: FromPyObjectOwned<'py>>(value: &Bound<'py, PyAny>, name: &str) -> Result<T, Unfit> {
    let number = value.getattr(name)?;
    number
        .extract()
        .map_err(|_| Unfit::Because(format!("{name} of {value:?} is out of range for interval")))
}
