//! The text form of a value that came in binary, for a codec over text inside an array, a composite or a range.

use pgwire::types::date::Date;
use pgwire::types::timestamp::Timestamp;
use pgwire::types::{date, json as pg_json, timestamp};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use super::{decode as built_in, malformed};
use crate::pg::decode::context::Context;
use crate::pg::types::{Scalar, Type};
use crate::raise::not_supported_error;

pub(super) fn decode<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Type,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let scalar = match ty {
        Type::Enum(_) => return super::text(py, bytes),
        Type::Text(plain) => return super::plain::decode_part(py, context, plain, bytes),
        Type::Scalar(scalar) => *scalar,
        Type::Custom(custom) => return decode(py, context, &custom.inner, bytes),
        _ => return Err(impossible(py, ty)),
    };
    let text = match scalar {
        Scalar::Json => {
            let text = pg_json::decode(bytes).map_err(|error| malformed(py, &error))?;
            return super::text(py, text);
        }
        Scalar::Jsonb => {
            let text = pg_json::decode_b(bytes).map_err(|error| malformed(py, &error))?;
            return super::text(py, text);
        }
        Scalar::Date => match date::decode(bytes) {
            Ok(Date::Infinity) => "infinity",
            Ok(Date::NegInfinity) => "-infinity",
            _ => "",
        },
        Scalar::Timestamp | Scalar::TimestampTz => match timestamp::decode(bytes) {
            Ok(Timestamp::Infinity) => "infinity",
            Ok(Timestamp::NegInfinity) => "-infinity",
            _ => "",
        },
        Scalar::Bool => match bytes {
            [0] => "f",
            _ => "t",
        },
        _ => "",
    };
    if !text.is_empty() {
        return Ok(PyString::new(py, text).into_any());
    }
    let value = built_in(py, context, ty, bytes)?;
    if value.is_instance_of::<PyString>() {
        return Ok(value);
    }
    match scalar {
        Scalar::Bytea => {
            let hex = value
                .cast_into::<PyBytes>()?
                .call_method0(intern!(py, "hex"))?;
            Ok(PyString::new(py, &format!("\\x{hex}")).into_any())
        }
        Scalar::Float4 | Scalar::Float8 => {
            let text = value.repr()?.to_string();
            let text = match text.as_str() {
                "inf" => "Infinity",
                "-inf" => "-Infinity",
                "nan" => "NaN",
                text => text.strip_suffix(".0").unwrap_or(text),
            };
            Ok(PyString::new(py, text).into_any())
        }
        Scalar::Int2
        | Scalar::Int4
        | Scalar::Int8
        | Scalar::Oid
        | Scalar::Xid
        | Scalar::Xid8
        | Scalar::Numeric
        | Scalar::Uuid
        | Scalar::Date
        | Scalar::Time
        | Scalar::Timestamp
        | Scalar::TimestampTz => Ok(value.str()?.into_any()),
        _ => Err(impossible(py, ty)),
    }
}

pub(in crate::pg) fn impossible(py: Python<'_>, ty: &Type) -> PyErr {
    not_supported_error(
        py,
        format!(
            "a codec over the text of {} cannot be used inside arrays, composites and ranges; give it format=\"value\" or \"binary\"",
            ty.name()
        ),
    )
}
