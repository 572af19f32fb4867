//! Nested lists, as deep as the array has dimensions.

use pgwire::types::array::{self, Dimension, literal};
use pgwire::types::text;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::{decode_part, malformed};
use crate::lazy::ARRAY;
use crate::pg::decode::context::Context;
use crate::pg::encode::may_be_lists;
use crate::pg::types::Array;
use crate::place;

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

/// The elements in the lists of their dimensions; with the indexes they begin at where those are not the usual ones, or where
/// only they say which lists are dimensions.
fn shaped<'py>(
    py: Python<'py>,
    ty: &Array,
    dimensions: &[Dimension],
    next: &mut Next<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    // A dimension of no elements in others of many: the lists around nothing, as many as somebody likes to claim.
    if dimensions.iter().any(|dimension| dimension.length == 0) || dimensions.is_empty() {
        return Ok(PyList::empty(py).into_any());
    }
    let list = nested(py, dimensions, next)?;
    let usual = dimensions
        .iter()
        .all(|dimension| dimension.lower_bound == ty.lower_bound);
    if usual && (dimensions.len() == 1 || !may_be_lists(&ty.element)) {
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
    list(py, dimension.length, |py| nested(py, inner, next))
}

/// A list filled in place. `length` has been counted: there are so many elements.
fn list<'py>(
    py: Python<'py>,
    length: usize,
    mut next: impl FnMut(Python<'py>) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the list has `length` empty places; each gets one new reference, which it steals. Codecs of users, which may run
    // meanwhile, cannot find it: the garbage collector knows it only when it is full. Given up before that it is valid, because
    // its destructor skips empty places.
    unsafe {
        let list =
            Bound::from_owned_ptr_or_err(py, ffi::PyList_New(ffi::Py_ssize_t::try_from(length)?))?;
        ffi::PyObject_GC_UnTrack(list.as_ptr().cast());
        for index in 0..length {
            ffi::PyList_SET_ITEM(
                list.as_ptr(),
                index as ffi::Py_ssize_t,
                next(py)
                    .map_err(|error| place::of_element(py, error, index))?
                    .into_ptr(),
            );
        }
        ffi::PyObject_GC_Track(list.as_ptr().cast());
        Ok(list)
    }
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
