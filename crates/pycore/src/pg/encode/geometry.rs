//! Points and figures, from the named tuples of `ferrow.types` or any tuples and lists of the same form.

use pgwire::types::geometric::{self, Point};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyList, PyTuple};

use super::Encoded;
use super::unwrap::refused;
use crate::lazy::PATH;
use crate::pg::types::Scalar;
use crate::raise::Unfit;

pub(super) fn encode(scalar: Scalar, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    match scalar {
        Scalar::Point => geometric::encode_point(point(scalar, value)?, out),
        Scalar::Line => {
            let [a, b, c] = parts(scalar, value)?;
            let line = [
                number(scalar, &a)?,
                number(scalar, &b)?,
                number(scalar, &c)?,
            ];
            geometric::encode_line(line, out)?;
        }
        Scalar::Lseg | Scalar::Box => {
            let [one, other] = parts(scalar, value)?;
            let ends = [point(scalar, &one)?, point(scalar, &other)?];
            if scalar == Scalar::Lseg {
                geometric::encode_lseg(ends, out);
            } else {
                geometric::encode_box(ends, out);
            }
        }
        Scalar::Path => {
            // Whether a bare list of points is closed, nobody has said.
            if !value.is_instance(PATH.get(value.py())?)? {
                return Err(refused(scalar.name(), value, "a ferrow.types.Path"));
            }
            let (all, closed): (Bound<'_, PyAny>, bool) = value.extract()?;
            geometric::encode_path(closed, &points(scalar, &all)?, out)?;
        }
        Scalar::Polygon => {
            let [corners] = parts(scalar, value)?;
            geometric::encode_polygon(&points(scalar, &corners)?, out)?;
        }
        _ => {
            let [center, radius] = parts(scalar, value)?;
            let center = point(scalar, &center)?;
            geometric::encode_circle(center, number(scalar, &radius)?, out)?;
        }
    }
    Ok(())
}

fn parts<'py, const N: usize>(
    scalar: Scalar,
    value: &Bound<'py, PyAny>,
) -> Result<[Bound<'py, PyAny>; N], Unfit> {
    let wrong = || refused(scalar.name(), value, expected(scalar));
    if !value.is_instance_of::<PyTuple>() && !value.is_instance_of::<PyList>() {
        return Err(wrong());
    }
    let items = value.try_iter()?.collect::<PyResult<Vec<_>>>()?;
    items.try_into().map_err(|_| wrong())
}

fn expected(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Point => "a Point or (x, y)",
        Scalar::Line => "a Line or (a, b, c)",
        Scalar::Lseg => "a LineSegment or two points",
        Scalar::Box => "a Box or two points",
        Scalar::Polygon => "a Polygon",
        _ => "a Circle or (point, radius)",
    }
}

fn point(scalar: Scalar, value: &Bound<'_, PyAny>) -> Result<Point, Unfit> {
    let [x, y] = parts(Scalar::Point, value)?;
    Ok(Point {
        x: number(scalar, &x)?,
        y: number(scalar, &y)?,
    })
}

fn points(scalar: Scalar, value: &Bound<'_, PyAny>) -> Result<Vec<Point>, Unfit> {
    if !value.is_instance_of::<PyTuple>() && !value.is_instance_of::<PyList>() {
        return Err(refused(scalar.name(), value, "points in a tuple or list"));
    }
    value
        .try_iter()?
        .map(|item| point(scalar, &item?))
        .collect()
}

fn number(scalar: Scalar, value: &Bound<'_, PyAny>) -> Result<f64, Unfit> {
    if value.is_instance_of::<PyBool>() {
        return Err(refused(scalar.name(), value, "numbers"));
    }
    super::number::exact_float(scalar, value)
}
