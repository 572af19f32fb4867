//! The binary form of a value of which there is the text, for a codec over text inside an array, a composite or a range.

use pgwire::types::date::Date;
use pgwire::types::timestamp::Timestamp;
use pgwire::types::{date, json as pg_json, timestamp};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFloat, PyInt, PyString};

use super::{Encoded, scalar, text};
use crate::lazy::DECIMAL;
use crate::pg::decode::plain_text::impossible;
use crate::pg::types::{Scalar, Type};
use crate::raise::Unfit;

pub(super) fn encode(ty: &Type, made: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let py = made.py();
    let string = made.cast::<PyString>().map_err(PyErr::from)?;
    let scalar = match ty {
        Type::Enum(_) | Type::Text(_) => return text::append(string.to_str()?, out),
        Type::Scalar(scalar) => *scalar,
        Type::Custom(custom) => return encode(&custom.inner, made, out),
        _ => return Err(Unfit::foreign(impossible(py, ty))),
    };
    let later = match string.to_str()? {
        "infinity" => Some(true),
        "-infinity" => Some(false),
        _ => None,
    };
    let value = match scalar {
        Scalar::Date if later.is_some() => {
            let end = if later == Some(true) {
                Date::Infinity
            } else {
                Date::NegInfinity
            };
            return Ok(date::encode(end, out)?);
        }
        Scalar::Timestamp | Scalar::TimestampTz if later.is_some() => {
            let end = if later == Some(true) {
                Timestamp::Infinity
            } else {
                Timestamp::NegInfinity
            };
            return Ok(timestamp::encode(end, out)?);
        }
        Scalar::Json => {
            pg_json::encode(string.to_str()?.as_bytes(), out);
            return Ok(());
        }
        Scalar::Jsonb => {
            pg_json::encode_b(string.to_str()?.as_bytes(), out);
            return Ok(());
        }
        Scalar::Bool => match string.to_str()? {
            "t" | "true" => true.into_bound_py_any(py)?,
            "f" | "false" => false.into_bound_py_any(py)?,
            other => {
                return Err(Unfit::Because(format!(
                    "{other:?} is no text of a boolean: t or f"
                )));
            }
        },
        Scalar::Int2 | Scalar::Int4 | Scalar::Int8 | Scalar::Oid | Scalar::Xid | Scalar::Xid8 => {
            py.get_type::<PyInt>().call1((string,))?
        }
        Scalar::Float4 | Scalar::Float8 => py.get_type::<PyFloat>().call1((string,))?,
        Scalar::Numeric => DECIMAL
            .get(py)?
            .call1((string,))
            .map_err(|_| PyValueError::new_err(format!("{string} is no number")))?,
        Scalar::Bytea => {
            let hex = string.to_str()?;
            py.get_type::<PyBytes>().call_method1(
                intern!(py, "fromhex"),
                (hex.strip_prefix("\\x").unwrap_or(hex),),
            )?
        }
        Scalar::Interval
        | Scalar::Hstore
        | Scalar::Vector
        | Scalar::Halfvec
        | Scalar::SparseVec => {
            return Err(Unfit::foreign(impossible(py, ty)));
        }
        scalar if scalar.is_figure() => return Err(Unfit::foreign(impossible(py, ty))),
        _ => made.clone(),
    };
    scalar::encode_part(scalar, &value, out)
}
