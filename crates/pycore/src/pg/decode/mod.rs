//! Bytes of a PostgreSQL value to the Python object it means: the mirror of `encode`.
//!
//! `scalar` finds the file for a type without parts; `array`, `composite` and `range` are what has some, `custom` is what users
//! put in their place, `as_text` what has parts and came as text, `plain` what came in binary although it
//! has none here, `plain_text` the text form of what came in binary. `wanted` is what rows need first, `row` is one of them after the other, `fast_path` the
//! same for the usual types.

mod array;
mod as_text;
mod composite;
pub mod context;
pub(super) mod custom;
mod fast_path;
mod geometry;
mod interval;
mod network;
mod pairs;
mod plain;
pub(super) mod plain_text;
mod range;
mod row;
mod scalar;
mod time;
mod vector;
pub mod wanted;

use pgwire::DecodeError;
use pyo3::exceptions::PyUnicodeDecodeError;
use pyo3::prelude::*;

pub use fast_path::made;
pub use row::RowValues;

use crate::pg::decode::context::Context;
use crate::pg::types::Type;
use crate::raise::data_error;
use crate::values;

/// One value that is not NULL, in the format of its type.
#[inline(always)]
pub fn decode<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Type,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    match ty {
        Type::Scalar(scalar) => scalar::decode(py, *scalar, bytes),
        _ => decode_other(py, context, ty, bytes),
    }
}

/// Apart, so that rows of scalars stay in a loop without calls.
#[inline(never)]
fn decode_other<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Type,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    match ty {
        Type::Scalar(scalar) => scalar::decode(py, *scalar, bytes),
        Type::Text(_) | Type::Enum(_) => text(py, bytes),
        Type::Void => Ok(py.None().into_bound(py)),
        Type::Array(array) if ty.is_binary() => array::decode(py, context, array, bytes),
        Type::Array(array) => array::decode_text(py, context, array, bytes),
        Type::Custom(custom) => custom::decode(py, context, custom, bytes),
        Type::Composite(composite) if !ty.is_binary() => {
            as_text::composite(py, context, composite, bytes)
        }
        Type::Range(range) if !ty.is_binary() => as_text::range(py, context, range, bytes),
        Type::Multirange(range) if !ty.is_binary() => {
            as_text::multirange(py, context, range, bytes)
        }
        Type::Composite(composite) => composite::decode(py, context, composite, bytes),
        Type::Record => composite::decode_record(py, context, bytes),
        Type::Range(range) => range::decode(py, context, range, bytes),
        Type::Multirange(range) => range::decode_several(py, context, range, bytes),
    }
}

/// Text, which must be UTF-8: that is what the session asked for.
#[inline]
fn text<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    values::text(py, bytes).map_err(|error| not_text(py, error))
}

#[cold]
fn not_text(py: Python<'_>, error: PyErr) -> PyErr {
    if !error.is_instance_of::<PyUnicodeDecodeError>(py) {
        return error;
    }
    let message = format!(
        "the server sent text that is not UTF-8: {}",
        error.value(py)
    );
    let raised = data_error(py, message);
    raised.set_cause(py, Some(error));
    raised
}

/// A value inside of another one, which came in binary.
fn decode_part<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Type,
    bytes: Option<&[u8]>,
) -> PyResult<Bound<'py, PyAny>> {
    match (bytes, ty) {
        (None, _) => Ok(py.None().into_bound(py)),
        (Some(bytes), Type::Scalar(scalar)) => scalar::decode(py, *scalar, bytes),
        (Some(bytes), _) => decode_other_part(py, context, ty, bytes),
    }
}

/// The same of what has parts, or would travel as text by itself.
#[inline(never)]
fn decode_other_part<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Type,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    match ty {
        Type::Custom(custom) => custom::decode_part(py, context, custom, bytes),
        Type::Text(plain) => plain::decode_part(py, context, plain, bytes),
        Type::Array(array) => array::decode(py, context, array, bytes),
        Type::Composite(composite) => composite::decode(py, context, composite, bytes),
        Type::Range(range) => range::decode(py, context, range, bytes),
        Type::Multirange(range) => range::decode_several(py, context, range, bytes),
        _ => decode(py, context, ty, bytes),
    }
}

#[cold]
fn malformed(py: Python<'_>, error: &DecodeError) -> PyErr {
    data_error(
        py,
        format!("the server sent a value that does not decode: {error}"),
    )
}
