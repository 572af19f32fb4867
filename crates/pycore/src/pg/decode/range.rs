//! `Range`s, and lists of them.

use std::ops::Bound as End;

use pgwire::types::multirange;
use pgwire::types::range::{self, Range as Ends};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::{decode_part, malformed};
use crate::lazy::RANGE;
use crate::pg::decode::context::Context;
use crate::pg::types::Range;

pub(super) fn decode<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Range,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let ends = range::decode(bytes).map_err(|error| malformed(py, &error))?;
    from_ends(py, context, ty, ends)
}

pub(super) fn decode_several<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Range,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let ranges = multirange::decode(bytes).map_err(|error| malformed(py, &error))?;
    let list = PyList::empty(py);
    for ends in ranges.iter() {
        list.append(from_ends(py, context, ty, ends)?)?;
    }
    Ok(list.into_any())
}

fn from_ends<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Range,
    ends: Ends<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    let Ends::Bounds { lower, upper } = ends else {
        return empty(py);
    };
    let is_included = |end: &End<&[u8]>| matches!(end, End::Included(_));
    let included = (is_included(&lower), is_included(&upper));
    let lower = decode_part(py, context, &ty.subtype, value(lower))?;
    let upper = decode_part(py, context, &ty.subtype, value(upper))?;
    object(py, &lower, &upper, included)
}

/// The range that contains nothing.
pub(super) fn empty(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let sent = intern!(py, "_sent");
    let class = RANGE.get(py)?;
    class.call_method1(sent, (py.None(), py.None(), "()", true))
}

/// By the constructor for what the server sent: order is its business, and may follow a collation.
pub(super) fn object<'py>(
    py: Python<'py>,
    lower: &Bound<'py, PyAny>,
    upper: &Bound<'py, PyAny>,
    included: (bool, bool),
) -> PyResult<Bound<'py, PyAny>> {
    let bounds = match included {
        (true, true) => "[]",
        (true, false) => "[)",
        (false, true) => "(]",
        (false, false) => "()",
    };
    let sent = intern!(py, "_sent");
    let class = RANGE.get(py)?;
    class.call_method1(sent, (lower, upper, bounds, false))
}

fn value(end: End<&[u8]>) -> Option<&[u8]> {
    match end {
        End::Included(bytes) | End::Excluded(bytes) => Some(bytes),
        End::Unbounded => None,
    }
}
