//! Python objects to the bytes of the type that the server described.

mod array;
mod number;
mod text;
mod time;

use pgwire::types::{bool, char, float, int, json as pg_json, oid, uuid};
use pgwire::{EncodeError, Format, Params, PushError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyFloat, PyString};

use super::ty::{Scalar, Type};
use crate::json;
use crate::lazy::{ENUM, uuid_type};
use crate::raise::Unfit;

use array::encode_array;
use number::{encode_numeric, inexact, integer, number};
use text::{encode_bytes, encode_other, encode_text};
use time::{encode_date, encode_time, encode_timestamp, encode_timestamptz};

impl From<EncodeError> for Unfit {
    fn from(error: EncodeError) -> Unfit {
        Unfit::Because(error.to_string())
    }
}

type Encoded = Result<(), Unfit>;

/// Adds one parameter.
pub fn encode(
    py: Python<'_>,
    ty: Type,
    value: &Bound<'_, PyAny>,
    params: &mut Params,
) -> Result<(), PushError<Unfit>> {
    if value.is_none() {
        return params.push_null().map_err(PushError::Refused);
    }
    match ty {
        Type::Scalar(scalar) => {
            if takes_text(scalar)
                && let Ok(text) = value.cast::<PyString>()
            {
                return push_text(params, text);
            }
            params.push_with(Format::Binary, |out| encode_scalar(scalar, value, out))
        }
        Type::Array {
            element,
            element_oid,
        } => params.push_with(Format::Binary, |out| {
            encode_array(element, element_oid, value, out)
        }),
        Type::Void => params.push_with(Format::Text, |_| {
            Err(Unfit::Because("void takes no value; pass None".to_owned()))
        }),
        Type::Other(type_oid) => {
            let _ = py;
            params.push_with(Format::Text, |out| encode_other(type_oid, value, out))
        }
    }
}

/// Types whose text form the server parses strictly, so that a str is as good as the Python type.
fn takes_text(scalar: Scalar) -> bool {
    matches!(
        scalar,
        Scalar::Date | Scalar::Time | Scalar::Timestamp | Scalar::TimestampTz | Scalar::Uuid
    )
}

fn push_text(params: &mut Params, text: &Bound<'_, PyString>) -> Result<(), PushError<Unfit>> {
    params.push_with(Format::Text, |out| {
        out.extend_from_slice(text.to_str()?.as_bytes());
        Ok(())
    })
}

fn encode_scalar(scalar: Scalar, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    match scalar {
        Scalar::Bool => match value.cast::<PyBool>() {
            Ok(value) => {
                bool::encode(value.is_true(), out);
                Ok(())
            }
            Err(_) => other(scalar, value, "bool", out),
        },
        Scalar::Int2 => {
            int::encode2(
                integer(scalar, value, i16::MIN.into(), i16::MAX.into())? as i16,
                out,
            );
            Ok(())
        }
        Scalar::Int4 => {
            int::encode4(
                integer(scalar, value, i32::MIN.into(), i32::MAX.into())? as i32,
                out,
            );
            Ok(())
        }
        Scalar::Int8 => {
            int::encode8(integer(scalar, value, i64::MIN, i64::MAX)?, out);
            Ok(())
        }
        Scalar::Oid => {
            oid::encode(integer(scalar, value, 0, u32::MAX.into())? as u32, out);
            Ok(())
        }
        Scalar::Float8 => {
            float::encode8(number(scalar, value)?, out);
            Ok(())
        }
        Scalar::Float4 => {
            let wide = number(scalar, value)?;
            let narrow = wide as f32;
            // As the server has it for text: no infinity and no zero is made of another number.
            if (wide.is_finite() && narrow.is_infinite()) || (wide != 0.0 && narrow == 0.0) {
                return Err(Unfit::Because(format!("{wide:?} is out of range for real")));
            }
            // A float is rounded to a shorter one, as everywhere; a number that was exact so far is not.
            if !value.is_instance_of::<PyFloat>() && wide.is_finite() && f64::from(narrow) != wide {
                return Err(inexact(scalar, value));
            }
            float::encode4(narrow, out);
            Ok(())
        }
        Scalar::Text => encode_text(value, out),
        Scalar::Char => match value.extract::<&str>().ok().map(str::as_bytes) {
            Some([code]) => {
                char::encode(*code, out);
                Ok(())
            }
            _ => other(scalar, value, "a str of one ASCII character", out),
        },
        Scalar::Bytea => encode_bytes(value, out),
        Scalar::Date => encode_date(value, out),
        Scalar::Time => encode_time(value, out),
        Scalar::Timestamp => encode_timestamp(value, out),
        Scalar::TimestampTz => encode_timestamptz(value, out),
        Scalar::Uuid => encode_uuid(value, out),
        Scalar::Numeric => encode_numeric(value, out),
        Scalar::Json => {
            pg_json::encode(json::encode(value)?.to_str()?.as_bytes(), out);
            Ok(())
        }
        Scalar::Jsonb => {
            pg_json::encode_b(json::encode(value)?.to_str()?.as_bytes(), out);
            Ok(())
        }
    }
}

/// An Enum member stands for its value; anything else is refused.
fn other(scalar: Scalar, value: &Bound<'_, PyAny>, expected: &str, out: &mut Vec<u8>) -> Encoded {
    match enum_value(value)? {
        Some(inner) => encode_scalar(scalar, &inner, out),
        None => Err(refused(scalar.name(), value, expected)),
    }
}

fn enum_value<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if value.is_instance(ENUM.get(value.py())?)? {
        return value.getattr(intern!(value.py(), "value")).map(Some);
    }
    Ok(None)
}

fn refused(name: &str, value: &Bound<'_, PyAny>, expected: &str) -> Unfit {
    let kind = value
        .get_type()
        .name()
        .map_or_else(|_| "object".to_owned(), |name| name.to_string());
    let mut shown = value
        .repr()
        .map_or_else(|_| String::new(), |text| text.to_string());
    if shown.chars().count() > 60 {
        shown = shown.chars().take(57).chain("...".chars()).collect();
    }
    Unfit::Because(format!("{name} takes {expected}, not {kind} {shown}"))
}
fn encode_uuid(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let py = value.py();
    if value.is_instance(uuid_type(py)?.class.bind(py))? {
        let number: u128 = value.getattr(intern!(py, "int"))?.extract()?;
        uuid::encode(number.to_be_bytes(), out);
        return Ok(());
    }
    match value.extract::<[u8; 16]>() {
        Ok(bytes) if value.is_instance_of::<PyBytes>() => {
            uuid::encode(bytes, out);
            Ok(())
        }
        _ => other(Scalar::Uuid, value, "UUID or str", out),
    }
}
