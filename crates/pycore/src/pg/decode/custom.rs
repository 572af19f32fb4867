//! What users read their own way. An exception of theirs goes out as it is, with the codec's name as a note.

use pyo3::intern;
use pyo3::prelude::*;

use super::{decode as built_in, plain_text};
use crate::pg::context::Context;
use crate::pg::types::codec::{Codec, Form};
use crate::pg::types::{Custom, Type};
use crate::values;

/// A value in the format that the codec asked for.
pub(super) fn decode<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    custom: &Custom,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let Some(function) = &custom.codec.decode else {
        return built_in(py, context, &custom.inner, bytes);
    };
    let argument = match custom.codec.form {
        Form::Text => super::text(py, bytes)?,
        Form::Binary => values::bytes(py, bytes),
        Form::Value => built_in(py, context, &custom.inner, bytes)?,
    };
    call(&custom.codec, function, argument)
}

/// The same inside of another value, where everything is binary.
pub(super) fn decode_part<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    custom: &Custom,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    match (&custom.codec.decode, custom.codec.form) {
        (Some(function), Form::Text) => {
            let text = plain_text::decode(py, context, &custom.inner, bytes)?;
            call(&custom.codec, function, text)
        }
        (None, _) if matches!(custom.inner, Type::Custom(_)) => {
            super::decode_part(py, context, &custom.inner, Some(bytes))
        }
        _ => decode(py, context, custom, bytes),
    }
}

fn call<'py>(
    codec: &Codec,
    function: &Py<PyAny>,
    argument: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = argument.py();
    function
        .bind(py)
        .call1((argument,))
        .inspect_err(|error| note(py, error, codec, "decode"))
}

pub(in crate::pg) fn note(py: Python<'_>, error: &PyErr, codec: &Codec, which: &str) {
    let text = format!("raised by `{which}` of the codec for {}", codec.label());
    // Without its note the error is still the error.
    let _ = error
        .value(py)
        .call_method1(intern!(py, "add_note"), (text,));
}
