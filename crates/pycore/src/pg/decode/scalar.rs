//! Which file decodes which scalar type; numbers and texts are here.

use std::ffi::c_long;

use pgwire::DecodeError;
use pgwire::types::{bool, bytea, char, float, int, json as pg_json, numeric, oid, uuid};
use pyo3::IntoPyObjectExt;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyString};

use super::{geometry, interval, malformed, pairs, time, vector};
use crate::json;
use crate::pg::types::Scalar;
use crate::values;

/// What rows are made of most of the time is decoded where it is asked for: a call for each value is felt.
#[inline(always)]
pub(super) fn decode<'py>(
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
        Scalar::Int4 => integer(py, int::decode4(bytes).map_err(fail)?.into()),
        Scalar::Int8 => integer(py, int::decode8(bytes).map_err(fail)?),
        Scalar::Float8 => Ok(PyFloat::new(py, float::decode8(bytes).map_err(fail)?).into_any()),
        Scalar::Text => super::text(py, bytes),
        Scalar::TimestampTz => time::moment(py, "timestamp with time zone", bytes, true),
        _ => other(py, scalar, bytes),
    }
}

#[inline(never)]
fn other<'py>(py: Python<'py>, scalar: Scalar, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let fail = |error: DecodeError| malformed(py, &error);
    match scalar {
        Scalar::Int2 => integer(py, int::decode2(bytes).map_err(fail)?.into()),
        Scalar::Oid | Scalar::Xid => integer(py, oid::decode(bytes).map_err(fail)?.into()),
        Scalar::Float4 => {
            let value = float::decode4(bytes).map_err(fail)?;
            Ok(PyFloat::new(py, float::shortest(value)).into_any())
        }
        Scalar::Char => {
            let code = char::decode(bytes).map_err(fail)?;
            // The server's text form, with which queries of the catalogue compare it.
            match code as u8 {
                0 => Ok(PyString::new(py, "").into_any()),
                code if code.is_ascii() => (code as char).into_bound_py_any(py),
                code => Ok(PyString::new(py, &format!("\\{code:o}")).into_any()),
            }
        }
        Scalar::Bytea => Ok(values::bytes(py, bytea::decode(bytes).map_err(fail)?)),
        Scalar::Date => time::date(py, bytes),
        Scalar::Time => time::time(py, bytes),
        Scalar::Timestamp => time::moment(py, "timestamp", bytes, false),
        Scalar::Uuid => values::uuid(py, uuid::decode(bytes).map_err(fail)?),
        Scalar::Numeric => {
            let mut text = String::with_capacity(32);
            numeric::decode(bytes, &mut text).map_err(fail)?;
            values::decimal(py, &text)
        }
        Scalar::Json => json::decode(py, pg_json::decode(bytes).map_err(fail)?),
        Scalar::Jsonb => json::decode(py, pg_json::decode_b(bytes).map_err(fail)?),
        _ => rare(py, scalar, bytes),
    }
}

#[inline(never)]
fn rare<'py>(py: Python<'py>, scalar: Scalar, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let fail = |error: DecodeError| malformed(py, &error);
    match scalar {
        Scalar::TimeTz => time::time_tz(py, bytes),
        Scalar::Interval => interval::decode(py, bytes),
        Scalar::Hstore => pairs::decode(py, bytes),
        Scalar::Vector | Scalar::Halfvec => vector::decode(py, scalar, bytes),
        Scalar::SparseVec => vector::decode_sparse(py, bytes),
        Scalar::Xid8 => (int::decode8(bytes).map_err(fail)? as u64).into_bound_py_any(py),
        Scalar::Point
        | Scalar::Line
        | Scalar::Lseg
        | Scalar::Box
        | Scalar::Path
        | Scalar::Polygon
        | Scalar::Circle => geometry::decode(py, scalar, bytes),
        _ => super::network::decode(py, scalar, bytes),
    }
}

#[inline(always)]
pub(super) fn integer(py: Python<'_>, value: i64) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: a new reference or NULL with an error set.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyLong_FromLong(value as c_long)) }
}
