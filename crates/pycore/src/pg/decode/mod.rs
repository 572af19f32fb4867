//! Bytes of a PostgreSQL value to the Python object it means.

use std::ffi::c_long;

use pgwire::types::date::Date;
use pgwire::types::timestamp::Timestamp;
use pgwire::types::{
    array, bool, bytea, char, date, float, int, json as pg_json, numeric, oid, time, timestamp,
    uuid,
};
use pgwire::{DataRow, DecodeError};
use pyo3::IntoPyObjectExt;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyList};

use super::ty::{Scalar, Type};
use crate::json;
use crate::raise::data_error;
use crate::rows::Values;
use crate::values::{self, Moment};

/// The values of one row, decoded as they are asked for.
pub struct RowValues<'a, 'py> {
    py: Python<'py>,
    columns: &'a [Type],
    row: pgwire::Values<'a>,
    at: usize,
}

impl<'a, 'py> RowValues<'a, 'py> {
    #[inline]
    pub fn new(py: Python<'py>, columns: &'a [Type], row: DataRow<'a>) -> RowValues<'a, 'py> {
        RowValues {
            py,
            columns,
            row: row.iter(),
            at: 0,
        }
    }
}

impl<'py> Values<'py> for RowValues<'_, 'py> {
    #[inline]
    fn next(&mut self, index: usize) -> PyResult<Bound<'py, PyAny>> {
        let value = self.row.nth(index - self.at);
        self.at = index + 1;
        match (value, self.columns.get(index)) {
            (Some(Some(bytes)), Some(ty)) => decode(self.py, *ty, bytes),
            (Some(None), _) => Ok(self.py.None().into_bound(self.py)),
            _ => Err(data_error(
                self.py,
                format!("the row has no value for column {index}; the statement described one"),
            )),
        }
    }
}

#[inline]
pub fn decode<'py>(py: Python<'py>, ty: Type, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    match ty {
        Type::Scalar(scalar) => decode_scalar(py, scalar, bytes),
        Type::Array { element, .. } => decode_array(py, element, bytes),
        Type::Void => Ok(py.None().into_bound(py)),
        Type::Other(_) => values::text(py, bytes),
    }
}

#[inline]
fn decode_scalar<'py>(
    py: Python<'py>,
    scalar: Scalar,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let fail = |error: DecodeError| malformed(py, &error);
    match scalar {
        Scalar::Bool => {
            let value = bool::decode(bytes).map_err(fail)?;
            Ok(PyBool::new(py, value).to_owned().into_any())
        }
        Scalar::Int2 => integer(py, int::decode2(bytes).map_err(fail)?.into()),
        Scalar::Int4 => integer(py, int::decode4(bytes).map_err(fail)?.into()),
        Scalar::Int8 => integer(py, int::decode8(bytes).map_err(fail)?),
        Scalar::Oid => integer(py, oid::decode(bytes).map_err(fail)?.into()),
        Scalar::Float4 => {
            let value = float::decode4(bytes).map_err(fail)?;
            Ok(PyFloat::new(py, shortest(value)).into_any())
        }
        Scalar::Float8 => Ok(PyFloat::new(py, float::decode8(bytes).map_err(fail)?).into_any()),
        Scalar::Text => values::text(py, bytes),
        Scalar::Char => {
            let code = char::decode(bytes).map_err(fail)?;
            (code as u8 as char).into_bound_py_any(py)
        }
        Scalar::Bytea => Ok(values::bytes(py, bytea::decode(bytes).map_err(fail)?)),
        Scalar::Date => match date::decode(bytes).map_err(fail)? {
            Date::Finite { year, month, day } if in_range(year) => {
                values::date(py, year, month, day)
            }
            Date::Finite { year, .. } => Err(out_of_range(py, "date", year)),
            Date::Infinity | Date::NegInfinity => Err(infinite(py, "date")),
        },
        Scalar::Time => match time::split(time::decode(bytes).map_err(fail)?) {
            Some((hour, minute, second, microsecond)) if hour < 24 => {
                values::time(py, hour, minute, second, microsecond)
            }
            _ => Err(data_error(
                py,
                "time 24:00:00 has no equal in Python; select it as text (value::text)",
            )),
        },
        Scalar::Timestamp => moment(py, "timestamp", bytes, false),
        Scalar::TimestampTz => moment(py, "timestamp with time zone", bytes, true),
        Scalar::Uuid => values::uuid(py, uuid::decode(bytes).map_err(fail)?),
        Scalar::Numeric => {
            let mut text = String::with_capacity(32);
            numeric::decode(bytes, &mut text).map_err(fail)?;
            values::decimal(py, &text)
        }
        Scalar::Json => json::decode(py, pg_json::decode(bytes).map_err(fail)?),
        Scalar::Jsonb => json::decode(py, pg_json::decode_b(bytes).map_err(fail)?),
    }
}

#[inline]
fn integer(py: Python<'_>, value: i64) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: a new reference or NULL with an error set.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyLong_FromLong(value as c_long)) }
}

/// The double with the fewest digits that is this float: 0.1 stays 0.1.
fn shortest(value: f32) -> f64 {
    if value.is_finite() {
        value
            .to_string()
            .parse()
            .unwrap_or_else(|_| f64::from(value))
    } else {
        f64::from(value)
    }
}

fn moment<'py>(
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
            let moment = Moment {
                year: at.year,
                month: at.month,
                day: at.day,
                hour: at.hour,
                minute: at.minute,
                second: at.second,
                microsecond: at.microsecond,
            };
            values::datetime(py, &moment, utc)
        }
        Timestamp::Infinity | Timestamp::NegInfinity => Err(infinite(py, name)),
    }
}

/// Nested lists, as deep as the array has dimensions.
fn decode_array<'py>(
    py: Python<'py>,
    element: Scalar,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let array = array::decode(bytes).map_err(|error| malformed(py, &error))?;
    let lengths: Vec<usize> = array
        .dimensions()
        .iter()
        .map(|dimension| dimension.length)
        .collect();
    let mut elements = array.iter();
    if lengths.is_empty() {
        return Ok(PyList::empty(py).into_any());
    }
    nested(py, &lengths, &mut |py| match elements.next().flatten() {
        Some(bytes) => decode_scalar(py, element, bytes),
        None => Ok(py.None().into_bound(py)),
    })
}

fn nested<'py>(
    py: Python<'py>,
    lengths: &[usize],
    next: &mut impl FnMut(Python<'py>) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let Some((length, inner)) = lengths.split_first() else {
        return next(py);
    };
    let list = PyList::empty(py);
    for _ in 0..*length {
        list.append(nested(py, inner, next)?)?;
    }
    Ok(list.into_any())
}

/// Years of Python's calendar.
fn in_range(year: i32) -> bool {
    (1..=9999).contains(&year)
}

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

fn infinite(py: Python<'_>, name: &str) -> PyErr {
    data_error(
        py,
        format!("an infinite {name} has no equal in Python; select it as text (value::text)"),
    )
}

fn malformed(py: Python<'_>, error: &DecodeError) -> PyErr {
    data_error(
        py,
        format!("the server sent a value that does not decode: {error}"),
    )
}
