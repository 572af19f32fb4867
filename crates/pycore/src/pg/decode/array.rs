//! Nested lists, as deep as the array has dimensions.

use pgwire::types::array::{self, Dimension, literal};
use pgwire::types::text;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::{decode_part, malformed};
use crate::lazy::ARRAY;
use crate::pg::context::Context;
use crate::pg::types::Array;

pub(super) fn decode<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Array,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let array = array::decode(bytes).map_err(|error| malformed(py, &error))?;
    let mut elements = array.iter();
    shaped(py, ty, array.dimensions(), &mut |py| {
        decode_part(py, context, &ty.element, elements.next().flatten())
    })
}

type Next<'n, 'py> = dyn FnMut(Python<'py>) -> PyResult<Bound<'py, PyAny>> + 'n;

/// The elements in the lists of their dimensions; with the indexes they begin at where those are not the usual ones.
fn shaped<'py>(
    py: Python<'py>,
    ty: &Array,
    dimensions: &[Dimension],
    next: &mut Next<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if dimensions.is_empty() {
        return Ok(PyList::empty(py).into_any());
    }
    let list = nested(py, dimensions, next)?;
    if dimensions
        .iter()
        .all(|dimension| dimension.lower_bound == ty.lower_bound)
    {
        return Ok(list);
    }
    let bounds = dimensions.iter().map(|dimension| dimension.lower_bound);
    let bounds = PyTuple::new(py, bounds.collect::<Vec<_>>())?;
    ARRAY.get(py)?.call1((list, bounds))
}

fn nested<'py>(
    py: Python<'py>,
    dimensions: &[Dimension],
    next: &mut Next<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let Some((dimension, inner)) = dimensions.split_first() else {
        return next(py);
    };
    let list = PyList::empty(py);
    for _ in 0..dimension.length {
        list.append(nested(py, inner, next)?)?;
    }
    Ok(list.into_any())
}

/// An array of what has no binary form: the text of each element, for its codec if it has one.
pub(super) fn decode_text<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Array,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let text = text::decode(bytes).map_err(|error| malformed(py, &error))?;
    let literal =
        literal::parse(text, char::from(ty.delimiter)).map_err(|error| malformed(py, &error))?;
    let mut elements = literal.elements.iter();
    shaped(
        py,
        ty,
        &literal.dimensions,
        &mut |py| match elements.next() {
            Some(Some(text)) => super::decode(py, context, &ty.element, text.as_bytes()),
            _ => Ok(py.None().into_bound(py)),
        },
    )
}
