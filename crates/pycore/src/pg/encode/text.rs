//! `text` and `"char"`.

use pgwire::types::{char, text};
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyString};

use super::Encoded;
use super::unwrap::{enum_value, member, refused};
use crate::lazy::uuid_type;
use crate::numpy;
use crate::pg::types::Scalar;
use crate::plain::number_text;
use crate::raise::Unfit;

/// Text takes what has one obvious text form; `1` becomes `'1'`.
pub(super) fn encode(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let py = value.py();
    if let Ok(string) = value.cast::<PyString>() {
        // A member of a str Enum stands for its value like every other Enum member.
        if string.is_exact_instance_of::<PyString>() {
            return append(string.to_str()?, out);
        }
        return match enum_value(value)? {
            Some(inner) => encode(&inner, out),
            None => append(string.to_str()?, out),
        };
    }
    if let Some(inner) = enum_value(value)? {
        return encode(&inner, out);
    }
    if value
        .cast::<PyFloat>()
        .is_ok_and(|float| float.value().is_nan())
    {
        // What pandas says for a missing text; 'nan' would look like one that is there.
        return Err(refused(
            "text",
            value,
            "str (None where a value is missing)",
        ));
    }
    if let Some(number) = number_text(value)? {
        return append(&number, out);
    }
    if value.is_instance(uuid_type(py)?.class.bind(py))? {
        return append(value.str()?.to_str()?, out);
    }
    match numpy::number(value)? {
        Some(inner) => encode(&inner, out),
        None => Err(refused("text", value, "str")),
    }
}

/// A label of an enum; which ones there are, the server knows better.
pub(super) fn label(name: &str, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if let Some(inner) = enum_value(value)? {
        return label(name, &inner, out);
    }
    match value.cast::<PyString>() {
        Ok(string) => append(string.to_str()?, out),
        Err(_) => Err(refused(name, value, "str or a member of an Enum of str")),
    }
}

/// Appends a text, without what PostgreSQL has not.
pub(super) fn append(string: &str, out: &mut Vec<u8>) -> Encoded {
    check(string)?;
    text::encode(string, out);
    Ok(())
}

pub(super) fn check(string: &str) -> Encoded {
    if !string.contains('\0') {
        return Ok(());
    }
    let index = string
        .chars()
        .take_while(|character| *character != '\0')
        .count();
    Err(Unfit::Because(format!(
        "the text has a NUL character (at index {index}), which PostgreSQL cannot store; remove it, or use bytea"
    )))
}

pub(super) fn char(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    match value.extract::<&str>().ok() {
        Some(text)
            if text != "\0"
                && let Some(code) = char::parse(text) =>
        {
            char::encode(code, out)
        }
        _ => {
            let expected =
                "a str of one ASCII character, an empty one, or a byte in octal ('\\200')";
            return member(Scalar::Char, value, expected, out);
        }
    }
    Ok(())
}
