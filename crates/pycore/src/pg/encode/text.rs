//! Text, bytes, and the types that travel as text.

use pgwire::types::{bytea, text};
use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use super::{Encoded, enum_value, other, refused};
use crate::lazy::uuid_type;
use crate::pg::ty::Scalar;
use crate::plain::{number_text, octets};

/// Text takes what has one obvious text form; `1` becomes `'1'`.
pub(super) fn encode_text(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let py = value.py();
    if let Ok(string) = value.cast::<PyString>() {
        // A member of a str Enum stands for its value like every other Enum member.
        if string.is_exact_instance_of::<PyString>() {
            text::encode(string.to_str()?, out);
            return Ok(());
        }
        return match enum_value(value)? {
            Some(inner) => encode_text(&inner, out),
            None => {
                text::encode(string.to_str()?, out);
                Ok(())
            }
        };
    }
    if let Some(inner) = enum_value(value)? {
        return encode_text(&inner, out);
    }
    if let Some(number) = number_text(value)? {
        text::encode(&number, out);
        return Ok(());
    }
    if value.is_instance(uuid_type(py)?.class.bind(py))? {
        text::encode(value.str()?.to_str()?, out);
        return Ok(());
    }
    Err(refused("text", value, "str"))
}

pub(super) fn encode_bytes(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        bytea::encode(bytes.as_bytes(), out);
        return Ok(());
    }
    if let Some(bytes) = octets(value)? {
        bytea::encode(&bytes, out);
        return Ok(());
    }
    // Others that lend bytes: array.array("B"), mmap, numpy.
    match PyBuffer::<u8>::get(value) {
        Ok(buffer) => {
            bytea::encode(&buffer.to_vec(value.py())?, out);
            Ok(())
        }
        Err(_) => other(Scalar::Bytea, value, "bytes, bytearray or memoryview", out),
    }
}

pub(super) fn encode_other(
    type_oid: pgwire::Oid,
    value: &Bound<'_, PyAny>,
    out: &mut Vec<u8>,
) -> Encoded {
    if let Some(inner) = enum_value(value)? {
        return encode_other(type_oid, &inner, out);
    }
    if let Ok(string) = value.cast::<PyString>() {
        text::encode(string.to_str()?, out);
        return Ok(());
    }
    if let Some(number) = number_text(value)? {
        text::encode(&number, out);
        return Ok(());
    }
    Err(refused(
        &format!("the PostgreSQL type with oid {type_oid}"),
        value,
        "its text form as str",
    ))
}
