//! Dates and times as parameters. Each returns false for values of another type.

use pyo3::exceptions::PyOverflowError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyDate, PyDateAccess, PyDateTime, PyDelta, PyDeltaAccess, PyTime, PyTimeAccess, PyTzInfo,
    PyTzInfoAccess,
};

use super::civil;
use super::encode::refuse;
use crate::plain::check_moment;
use crate::raise::Unfit;
use crate::sqlite::execution::arena::{Arena, Cell};

pub fn date(value: &Bound<'_, PyAny>, arena: &mut Arena) -> Result<bool, Unfit> {
    // A datetime is a date to Python; storing it as one would lose the time.
    if value.is_instance_of::<PyDateTime>() {
        return Ok(false);
    }
    let Ok(day) = value.cast::<PyDate>() else {
        return Ok(false);
    };
    arena.write_text(|out| {
        civil::write_date(out, day.get_year(), day.get_month(), day.get_day());
    })?;
    Ok(true)
}

pub fn time(value: &Bound<'_, PyAny>, arena: &mut Arena) -> Result<bool, Unfit> {
    let Ok(time) = value.cast::<PyTime>() else {
        return Ok(false);
    };
    if time.get_tzinfo().is_some() {
        return refuse(
            "a time with a time zone cannot be stored; use .replace(tzinfo=None) or a timestamptz column",
        );
    }
    arena.write_text(|out| write_clock(out, time))?;
    Ok(true)
}

pub fn timestamp(value: &Bound<'_, PyAny>, arena: &mut Arena) -> Result<bool, Unfit> {
    let Ok(at) = value.cast::<PyDateTime>() else {
        return Ok(false);
    };
    check_moment(at)?;
    if is_aware(at)? {
        return refuse(
            "an aware datetime does not fit a column without time zone; declare it with timezone=True (in SQL: \
             TIMESTAMPTZ) or use .replace(tzinfo=None)",
        );
    }
    arena.write_text(|out| write_timestamp(out, at))?;
    Ok(true)
}

pub fn timestamptz(value: &Bound<'_, PyAny>, arena: &mut Arena) -> Result<bool, Unfit> {
    let Ok(at) = value.cast::<PyDateTime>() else {
        return Ok(false);
    };
    check_moment(at)?;
    if !is_aware(at)? {
        return refuse(
            "a naive datetime does not fit a column with time zone; say which zone, e.g. .replace(tzinfo=timezone.utc)",
        );
    }
    let py = value.py();
    let utc = PyTzInfo::utc(py)?;
    let converted;
    let at = if at.get_tzinfo().is_some_and(|zone| zone.is(&*utc)) {
        at
    } else {
        converted = match at.call_method1(intern!(py, "astimezone"), (utc,)) {
            Ok(moved) => moved,
            Err(error) if error.is_instance_of::<PyOverflowError>(py) => {
                return refuse("the datetime in UTC lies outside the years 1 to 9999");
            }
            Err(error) => return Err(error.into()),
        };
        converted.cast::<PyDateTime>().map_err(PyErr::from)?
    };
    arena.write_text(|out| {
        write_timestamp(out, at);
        out.extend_from_slice(b"+00:00");
    })?;
    Ok(true)
}

/// Microseconds, which is how moments are apart in SQL.
pub fn interval(value: &Bound<'_, PyAny>, arena: &mut Arena) -> Result<bool, Unfit> {
    let Ok(delta) = value.cast::<PyDelta>() else {
        return Ok(false);
    };
    let seconds = i64::from(delta.get_days()) * 86_400 + i64::from(delta.get_seconds());
    let length = seconds
        .checked_mul(1_000_000)
        .and_then(|length| length.checked_add(i64::from(delta.get_microseconds())));
    match length {
        Some(length) => arena.push(Cell::Int(length)),
        None => return refuse("a timedelta of more than 292,000 years fits no calculation"),
    }
    Ok(true)
}

/// Whether it has a time zone that knows its offset (the Python documentation's "aware").
pub fn is_aware(at: &Bound<'_, PyDateTime>) -> PyResult<bool> {
    let py = at.py();
    match at.get_tzinfo() {
        None => Ok(false),
        Some(zone) if zone.is(&*PyTzInfo::utc(py)?) => Ok(true),
        Some(_) => Ok(!at.call_method0(intern!(py, "utcoffset"))?.is_none()),
    }
}

fn write_timestamp(out: &mut Vec<u8>, at: &Bound<'_, PyDateTime>) {
    civil::write_date(out, at.get_year(), at.get_month(), at.get_day());
    out.push(b' ');
    write_clock(out, at);
}

fn write_clock(out: &mut Vec<u8>, at: &impl PyTimeAccess) {
    civil::write_clock(
        out,
        at.get_hour(),
        at.get_minute(),
        at.get_second(),
        at.get_microsecond(),
    );
}
