//! `text` and `"char"`.

use pgwire::types::{char, text};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::Encoded;
use super::unwrap::{enum_value, member, refused};
use crate::lazy::uuid_type;
use crate::pg::ty::Scalar;
use crate::plain::number_text;

/// Text takes what has one obvious text form; `1` becomes `'1'`.
pub(super) fn encode(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let py = value.py();
    if let Ok(string) = value.cast::<PyString>() {
        // A member of a str Enum stands for its value like every other Enum member.
        if string.is_exact_instance_of::<PyString>() {
            text::encode(string.to_str()?, out);
            return Ok(());
        }
        return match enum_value(value)? {
            Some(inner) => encode(&inner, out),
            None => {
                text::encode(string.to_str()?, out);
                Ok(())
            }
        };
    }
    if let Some(inner) = enum_value(value)? {
        return encode(&inner, out);
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

pub(super) fn char(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    match value.extract::<&str>().ok().map(str::as_bytes) {
        Some([code]) => {
            char::encode(*code, out);
            Ok(())
        }
        _ => member(Scalar::Char, value, "a str of one ASCII character", out),
    }
}
