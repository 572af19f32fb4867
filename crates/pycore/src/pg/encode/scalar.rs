//! Which file encodes which scalar type.

use pgwire::types::{bool, json as pg_json, json_float};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDate, PyDateTime, PyString, PyTime, PyType};

use super::unwrap::member;
use super::{Encoded, bytes, geometry, interval, network, number, pairs, text, time, uuid, vector};
use crate::json;
use crate::lazy::uuid_type;
use crate::pg::types::Scalar;

pub(super) fn encode(scalar: Scalar, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    match scalar {
        Scalar::Bool => match value.cast::<PyBool>() {
            Ok(value) => {
                bool::encode(value.is_true(), out);
                Ok(())
            }
            Err(_) => member(scalar, value, "bool", out),
        },
        Scalar::Int2 => number::int2(value, out),
        Scalar::Int4 => number::int4(value, out),
        Scalar::Int8 => number::int8(value, out),
        Scalar::Oid | Scalar::Xid => number::oid(scalar, value, out),
        Scalar::Xid8 => number::xid8(value, out),
        Scalar::Float4 => number::float4(value, out),
        Scalar::Float8 => number::float8(value, out),
        Scalar::Numeric => number::numeric(value, out),
        Scalar::Text => text::encode(value, out),
        Scalar::Char => text::char(value, out),
        Scalar::Bytea => bytes::encode(value, out),
        Scalar::Date => time::date(value, out),
        Scalar::Time => time::time(value, out),
        Scalar::Timestamp => time::timestamp(value, out),
        Scalar::TimestampTz => time::timestamptz(value, out),
        Scalar::TimeTz => time::time_tz(value, out),
        Scalar::Interval => interval::encode(value, out),
        Scalar::Hstore => pairs::encode(value, out),
        Scalar::Vector | Scalar::Halfvec => vector::encode(scalar, value, out),
        Scalar::SparseVec => vector::encode_sparse(value, out),
        Scalar::Uuid => uuid::encode(value, out),
        Scalar::Json => json::append(value, out),
        Scalar::Jsonb => {
            pg_json::encode_b(b"", out);
            let start = out.len();
            json::append(value, out)?;
            json_float::with_places(out, start);
            Ok(())
        }
        _ if scalar.is_figure() => geometry::encode(scalar, value, out),
        _ => network::encode(scalar, value, out),
    }
}

/// Inside of another value everything is binary, so text forms are parsed here.
pub(super) fn encode_part(scalar: Scalar, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if !value.is_instance_of::<PyString>() {
        return encode(scalar, value, out);
    }
    let py = value.py();
    let parsed = match scalar {
        Scalar::Uuid => uuid_type(py)?.class.bind(py).call1((value,))?,
        Scalar::Date => from_iso(py.get_type::<PyDate>(), value)?,
        Scalar::Time | Scalar::TimeTz => time_from_iso(value)?,
        Scalar::Timestamp | Scalar::TimestampTz => from_iso(py.get_type::<PyDateTime>(), value)?,
        _ => return encode(scalar, value, out),
    };
    encode(scalar, &parsed, out)
}

/// Python 3.14 takes 24:00 for the midnight that a day begins with; PostgreSQL means the one that it ends with.
fn time_from_iso<'py>(text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let written = text.extract::<&str>()?;
    if written.trim_start_matches('T').starts_with("24") {
        return Err(PyValueError::new_err("hour must be in 0..23, not 24"));
    }
    from_iso(text.py().get_type::<PyTime>(), text)
}

fn from_iso<'py>(
    class: Bound<'py, PyType>,
    text: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    class.call_method1(intern!(class.py(), "fromisoformat"), (text,))
}
