//! point, lseg, box, path, polygon, line and circle: nothing but float8s, and a count for two of
//! them.

use std::iter::FusedIterator;

use super::{malformed, unfit};
use crate::error::{DecodeError, EncodeError};
use crate::reader::Reader;

/// What the server takes for zero in a line.
const NEARLY_ZERO: f64 = 1e-6;

/// A point of the plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Upwards.
    pub y: f64,
}

/// Float8s without anything before or after.
fn numbers<const N: usize>(name: &str, bytes: &[u8]) -> Result<[f64; N], DecodeError> {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let chunks: &[[u8; 8]; N] = chunks
        .try_into()
        .ok()
        .filter(|_| rest.is_empty())
        .ok_or_else(|| DecodeError::size(name, N.saturating_mul(8), bytes.len()))?;
    Ok(chunks.map(f64::from_be_bytes))
}

fn append(numbers: &[f64], out: &mut Vec<u8>) {
    for number in numbers {
        out.extend_from_slice(&number.to_be_bytes());
    }
}

/// Reads a point.
pub fn decode_point(bytes: &[u8]) -> Result<Point, DecodeError> {
    numbers("point", bytes).map(|[x, y]| Point { x, y })
}

/// Appends a point.
pub fn encode_point(value: Point, out: &mut Vec<u8>) {
    append(&[value.x, value.y], out);
}

/// Reads an lseg: its two ends.
pub fn decode_lseg(bytes: &[u8]) -> Result<[Point; 2], DecodeError> {
    pair("lseg", bytes)
}

/// Appends an lseg, given by its two ends.
pub fn encode_lseg(ends: [Point; 2], out: &mut Vec<u8>) {
    for end in ends {
        encode_point(end, out);
    }
}

/// Reads a box: its upper right and its lower left corner.
pub fn decode_box(bytes: &[u8]) -> Result<[Point; 2], DecodeError> {
    pair("box", bytes)
}

/// Appends a box, given by two opposite corners; the server puts them in order.
pub fn encode_box(corners: [Point; 2], out: &mut Vec<u8>) {
    encode_lseg(corners, out);
}

fn pair(name: &str, bytes: &[u8]) -> Result<[Point; 2], DecodeError> {
    let [a, b, c, d] = numbers(name, bytes)?;
    Ok([Point { x: a, y: b }, Point { x: c, y: d }])
}

/// Reads a line: A, B and C of Ax + By + C = 0.
pub fn decode_line(bytes: &[u8]) -> Result<[f64; 3], DecodeError> {
    numbers("line", bytes)
}

/// Appends a line, given by A, B and C of Ax + By + C = 0.
///
/// # Errors
///
/// [`EncodeError`] if A and B are both nearly zero, as the server sees it.
pub fn encode_line(line: [f64; 3], out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let [a, b, _] = line;
    if a.abs() <= NEARLY_ZERO && b.abs() <= NEARLY_ZERO {
        return Err(unfit(
            "line",
            format_args!("{a}x + {b}y"),
            "has no direction: A or B must not be zero",
        ));
    }
    append(&line, out);
    Ok(())
}

/// Reads a circle: its centre and its radius.
pub fn decode_circle(bytes: &[u8]) -> Result<(Point, f64), DecodeError> {
    numbers("circle", bytes).map(|[x, y, radius]| (Point { x, y }, radius))
}

/// Appends a circle.
///
/// # Errors
///
/// [`EncodeError`] for a negative radius.
pub fn encode_circle(centre: Point, radius: f64, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    if radius < 0.0 {
        return Err(unfit("circle", radius, "is not a radius: it is negative"));
    }
    append(&[centre.x, centre.y, radius], out);
    Ok(())
}

/// The points of a path or polygon, which have been counted.
#[derive(Clone, Debug)]
pub struct Points<'a> {
    rest: std::slice::Iter<'a, [u8; 16]>,
}

/// Reads a path: whether it is closed, and its points.
pub fn decode_path(bytes: &[u8]) -> Result<(bool, Points<'_>), DecodeError> {
    match bytes.split_first() {
        Some((is_closed @ (0 | 1), bytes)) => Ok((*is_closed == 1, points("path", bytes)?)),
        _ => Err(malformed("path", "it is neither open nor closed")),
    }
}

/// Appends a path.
///
/// # Errors
///
/// [`EncodeError`] for no points, and for more than 2,147,483,647.
pub fn encode_path(
    is_closed: bool,
    points: &[Point],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let count = counted("path", points)?;
    out.push(u8::from(is_closed));
    append_points(count, points, out);
    Ok(())
}

/// Reads a polygon: its corners.
pub fn decode_polygon(bytes: &[u8]) -> Result<Points<'_>, DecodeError> {
    points("polygon", bytes)
}

/// Appends a polygon, given by its corners.
///
/// # Errors
///
/// [`EncodeError`] for no corners, and for more than 2,147,483,647.
pub fn encode_polygon(corners: &[Point], out: &mut Vec<u8>) -> Result<(), EncodeError> {
    append_points(counted("polygon", corners)?, corners, out);
    Ok(())
}

fn points<'a>(name: &str, bytes: &'a [u8]) -> Result<Points<'a>, DecodeError> {
    let mut reader = Reader::new(bytes);
    let count = usize::try_from(reader.i32()?).ok();
    let (points, rest) = reader.rest().as_chunks();
    if count != Some(points.len()) || !rest.is_empty() {
        return Err(malformed(
            name,
            "its number of points and its length do not fit",
        ));
    }
    Ok(Points {
        rest: points.iter(),
    })
}

fn counted(name: &str, points: &[Point]) -> Result<i32, EncodeError> {
    i32::try_from(points.len())
        .ok()
        .filter(|count| *count > 0)
        .ok_or_else(|| {
            unfit(
                name,
                points.len(),
                "points are not possible (1 to 2147483647)",
            )
        })
}

fn append_points(count: i32, points: &[Point], out: &mut Vec<u8>) {
    out.extend_from_slice(&count.to_be_bytes());
    for point in points {
        encode_point(*point, out);
    }
}

impl Iterator for Points<'_> {
    type Item = Point;

    fn next(&mut self) -> Option<Point> {
        // Never an error: every chunk is as long as a point.
        decode_point(self.rest.next()?).ok()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

impl ExactSizeIterator for Points<'_> {}
impl FusedIterator for Points<'_> {}

#[cfg(test)]
mod tests;
