//! What travels as text because a type in it has no binary form: its parts, each as it would be in a column of its own.

use std::borrow::Cow;
use std::ops::Bound as End;

use pgwire::Format;
use pgwire::types::composed::{self, Span};
use pgwire::types::text;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::range::{empty, object};
use super::{decode, decode_part, malformed};
use crate::pg::decode::context::{Context, Missing};
use crate::pg::types::{Composite, Range, Type};
use crate::pg::written::{Unwritten, parts, read};
use crate::place;
use crate::raise::data_error;
use crate::rows::Row;

const ROUNDED: &str = "a float inside of what travels as text has lost digits, because extra_float_digits is too low; \
    set it to 1 (3 before PostgreSQL 12), or select the field by itself";

pub(super) fn composite<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Composite,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let text = text::decode(bytes).map_err(|error| malformed(py, &error))?;
    let texts = parts(ty, text).map_err(|wrong| {
        context.missing.push(Missing::Type(ty.oid));
        unread(py, wrong)
    })?;
    let mut values = Vec::with_capacity(ty.fields.len());
    for (text, field) in texts.iter().zip(&ty.fields) {
        let before = context.missing.len();
        let value = part(py, context, &field.ty, text.as_deref()).map_err(|error| {
            // The text says nothing of types: they may be others by now.
            if context.missing.len() == before {
                context.missing.push(Missing::Type(ty.oid));
            }
            place::of_field(py, error, &field.name)
        })?;
        values.push(value);
    }
    let row = Row::new(py, &ty.header, &PyTuple::new(py, values)?)?;
    Ok(row.into_any())
}

pub(super) fn range<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Range,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let text = text::decode(bytes).map_err(|error| malformed(py, &error))?;
    let span = composed::range(text).map_err(|error| malformed(py, &error))?;
    ends(py, context, ty, &span)
}

pub(super) fn multirange<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Range,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let text = text::decode(bytes).map_err(|error| malformed(py, &error))?;
    let spans = composed::multirange(text).map_err(|error| malformed(py, &error))?;
    let list = PyList::empty(py);
    for span in &spans {
        list.append(ends(py, context, ty, span)?)?;
    }
    Ok(list.into_any())
}

fn ends<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Range,
    span: &Span<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    let Span::Bounds(lower, upper) = span else {
        return empty(py);
    };
    let is_included = |end: &End<Cow<'_, str>>| matches!(end, End::Included(_));
    let included = (is_included(lower), is_included(upper));
    let lower = part(py, context, &ty.subtype, value(lower))?;
    let upper = part(py, context, &ty.subtype, value(upper))?;
    object(py, &lower, &upper, included)
}

fn value<'a>(end: &'a End<Cow<'_, str>>) -> Option<&'a str> {
    match end {
        End::Included(text) | End::Excluded(text) => Some(text),
        End::Unbounded => None,
    }
}

/// A part, by way of its binary form where a column of its own would be sent in that.
fn part<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Type,
    text: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let Some(text) = text else {
        return Ok(py.None().into_bound(py));
    };
    if ty.format() == Format::Text {
        return decode(py, context, ty, text.as_bytes());
    }
    if !context.types.digits.are_all && ty.holds_floats() {
        return Err(data_error(py, ROUNDED));
    }
    let mut bytes = Vec::new();
    read(ty, text, &mut bytes).map_err(|wrong| unread(py, wrong))?;
    decode_part(py, context, ty, Some(&bytes))
}

#[cold]
fn unread(py: Python<'_>, wrong: Unwritten) -> PyErr {
    data_error(py, wrong.0)
}
