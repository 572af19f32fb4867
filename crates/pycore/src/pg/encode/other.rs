//! Types unknown here: their text form, for the server to parse.

use pgwire::Oid;
use pgwire::types::text;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::Encoded;
use super::unwrap::{enum_value, refused};
use crate::plain::number_text;

pub(super) fn encode(type_oid: Oid, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if let Some(inner) = enum_value(value)? {
        return encode(type_oid, &inner, out);
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
