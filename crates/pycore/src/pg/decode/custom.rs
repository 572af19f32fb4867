//! What users read their own way.

use pyo3::prelude::*;

use super::{decode as built_in, plain_text};
use crate::pg::decode::context::Context;
use crate::pg::types::Custom;
use crate::pg::types::codec::Form;
use crate::values;

/// A value in the format that the codec asked for.
pub(super) fn decode<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    custom: &Custom,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    if custom.codec.decode.is_none() {
        return built_in(py, context, &custom.inner, bytes);
    }
    let argument = match custom.codec.form {
        Form::Text => super::text(py, bytes)?,
        Form::Binary => values::bytes(py, bytes),
        Form::Value => built_in(py, context, &custom.inner, bytes)?,
    };
    custom.codec.decoded(argument)
}

/// The same inside of another value, where everything is binary.
pub(super) fn decode_part<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    custom: &Custom,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let part = |context| super::decode_part(py, context, &custom.inner, Some(bytes));
    if custom.codec.decode.is_none() {
        return part(context);
    }
    let argument = match custom.codec.form {
        Form::Text => plain_text::decode(py, context, &custom.inner, bytes)?,
        Form::Binary => values::bytes(py, bytes),
        Form::Value => part(context)?,
    };
    custom.codec.decoded(argument)
}
