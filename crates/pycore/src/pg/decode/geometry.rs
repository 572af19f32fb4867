//! Points and figures, as the named tuples of `ferrow.types`.

use pgwire::DecodeError;
use pgwire::types::geometric::{self, Point};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::malformed;
use crate::lazy::{BOX, CIRCLE, LINE, LINE_SEGMENT, PATH, POINT, POLYGON};
use crate::pg::types::Scalar;

pub(super) fn decode<'py>(
    py: Python<'py>,
    scalar: Scalar,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let fail = |error: DecodeError| malformed(py, &error);
    match scalar {
        Scalar::Point => point(py, geometric::decode_point(bytes).map_err(fail)?),
        Scalar::Line => {
            let [a, b, c] = geometric::decode_line(bytes).map_err(fail)?;
            LINE.get(py)?.call1((a, b, c))
        }
        Scalar::Lseg => {
            let [start, end] = geometric::decode_lseg(bytes).map_err(fail)?;
            LINE_SEGMENT
                .get(py)?
                .call1((point(py, start)?, point(py, end)?))
        }
        Scalar::Box => {
            let [high, low] = geometric::decode_box(bytes).map_err(fail)?;
            BOX.get(py)?.call1((point(py, high)?, point(py, low)?))
        }
        Scalar::Path => {
            let (closed, all) = geometric::decode_path(bytes).map_err(fail)?;
            PATH.get(py)?.call1((points(py, all)?, closed))
        }
        Scalar::Polygon => {
            let corners = geometric::decode_polygon(bytes).map_err(fail)?;
            POLYGON.get(py)?.call1((points(py, corners)?,))
        }
        _ => {
            let (centre, radius) = geometric::decode_circle(bytes).map_err(fail)?;
            CIRCLE.get(py)?.call1((point(py, centre)?, radius))
        }
    }
}

fn point(py: Python<'_>, at: Point) -> PyResult<Bound<'_, PyAny>> {
    POINT.get(py)?.call1((at.x, at.y))
}

fn points<'py>(
    py: Python<'py>,
    all: impl ExactSizeIterator<Item = Point>,
) -> PyResult<Bound<'py, PyTuple>> {
    let all = all.map(|at| point(py, at)).collect::<PyResult<Vec<_>>>()?;
    PyTuple::new(py, all)
}
