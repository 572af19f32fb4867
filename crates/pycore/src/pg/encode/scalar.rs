//! Which file encodes which scalar type.

use pgwire::types::{bool, json as pg_json};
use pyo3::prelude::*;
use pyo3::types::PyBool;

use super::unwrap::member;
use super::{Encoded, bytes, number, text, time, uuid};
use crate::json;
use crate::pg::ty::Scalar;

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
        Scalar::Oid => number::oid(value, out),
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
        Scalar::Uuid => uuid::encode(value, out),
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
