//! Dates and times; a datetime has a zone exactly where the column has one.

use pgwire::types::timestamp::{DateTime, Timestamp};
use pgwire::types::{date, time, timestamp, timetz};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyDate, PyDateAccess, PyDateTime, PyDelta, PyDeltaAccess, PyTime, PyTimeAccess, PyTzInfo,
    PyTzInfoAccess,
};

use super::Encoded;
use super::unwrap::{member, refused};
use crate::pg::types::Scalar;
use crate::plain::check_moment;
use crate::raise::Unfit;

pub(super) fn date(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if value.is_instance_of::<PyDateTime>() {
        return Err(refused(
            "date",
            value,
            "date, and would lose the time of a datetime; pass value.date()",
        ));
    }
    match value.cast::<PyDate>() {
        Ok(day) => Ok(date::encode(
            date::Date::Finite {
                year: day.get_year(),
                month: day.get_month(),
                day: day.get_day(),
            },
            out,
        )?),
        Err(_) => member(Scalar::Date, value, "date", out),
    }
}

pub(super) fn time(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let Ok(at) = value.cast::<PyTime>() else {
        return member(Scalar::Time, value, "time", out);
    };
    if at.get_tzinfo().is_some() {
        return Err(refused("time", value, "a time without a zone"));
    }
    let micros = time::join(
        at.get_hour(),
        at.get_minute(),
        at.get_second(),
        at.get_microsecond(),
    );
    Ok(time::encode(micros.unwrap_or(-1), out)?)
}

pub(super) fn time_tz(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let Ok(at) = value.cast::<PyTime>() else {
        return member(Scalar::TimeTz, value, "a time with a zone", out);
    };
    let offset = value.call_method0(intern!(value.py(), "utcoffset"))?;
    let Ok(offset) = offset.cast::<PyDelta>() else {
        return Err(refused(
            "time with time zone",
            value,
            "a time with a fixed offset (time(12, tzinfo=timezone.utc)); without a date, a named zone has none",
        ));
    };
    if offset.get_microseconds() != 0 {
        return Err(Unfit::Because(format!(
            "the offset of {value} is not a whole number of seconds"
        )));
    }
    let micros = time::join(
        at.get_hour(),
        at.get_minute(),
        at.get_second(),
        at.get_microsecond(),
    );
    let parts = timetz::TimeTz {
        micros: micros.unwrap_or(-1),
        offset: offset.get_days() * 86_400 + offset.get_seconds(),
    };
    Ok(timetz::encode(parts, out)?)
}

pub(super) fn timestamp(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let Ok(at) = value.cast::<PyDateTime>() else {
        return member(Scalar::Timestamp, value, "datetime", out);
    };
    check_moment(at)?;
    if at.get_tzinfo().is_some() {
        return Err(refused(
            "timestamp",
            value,
            "a datetime without a zone (declare the column with timezone=True, in SQL as timestamp with time zone, or pass value.replace(tzinfo=None))",
        ));
    }
    Ok(timestamp::encode(Timestamp::Finite(micros(at)?), out)?)
}

pub(super) fn timestamptz(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let Ok(at) = value.cast::<PyDateTime>() else {
        return member(Scalar::TimestampTz, value, "datetime", out);
    };
    check_moment(at)?;
    // What nearly all have, and what every result has: without a call into Python.
    if let Some(zone) = at.get_tzinfo()
        && zone.is(PyTzInfo::utc(value.py())?)
    {
        return Ok(timestamp::encode(Timestamp::Finite(micros(at)?), out)?);
    }
    let offset = value.call_method0(intern!(value.py(), "utcoffset"))?;
    let Ok(offset) = offset.cast::<PyDelta>() else {
        return Err(refused(
            "timestamp with time zone",
            value,
            "a datetime with a zone (datetime.now(timezone.utc), or value.replace(tzinfo=...))",
        ));
    };
    let shift = (i64::from(offset.get_days()) * 86_400 + i64::from(offset.get_seconds()))
        * 1_000_000
        + i64::from(offset.get_microseconds());
    let moment = micros(at)? - shift;
    if timestamp::split_usual(moment).is_none() {
        return Err(Unfit::Because(format!(
            "{value} lies outside the years 1 to 9999 in UTC, in which it would come back"
        )));
    }
    Ok(timestamp::encode(Timestamp::Finite(moment), out)?)
}

#[inline]
pub(super) fn micros(at: &Bound<'_, PyDateTime>) -> Result<i64, Unfit> {
    timestamp::join(DateTime {
        year: at.get_year(),
        month: at.get_month(),
        day: at.get_day(),
        hour: at.get_hour(),
        minute: at.get_minute(),
        second: at.get_second(),
        microsecond: at.get_microsecond(),
    })
    .ok_or_else(|| Unfit::Because(format!("{at} is out of range for timestamp")))
}
