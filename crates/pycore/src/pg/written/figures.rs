//! Points and figures, vectors, and pairs of texts.

use std::fmt::{Error, Write};

use pgwire::types::geometric::{self, Point};
use pgwire::types::{hstore, sparsevec, vector};

use super::{Unwritten, Written};
use crate::pg::types::Scalar;

pub(super) fn read(scalar: Scalar, text: &str, out: &mut Vec<u8>) -> Written {
    let wrong = || Unwritten::text(scalar.name(), text);
    match scalar {
        Scalar::Hstore => return pairs(text, out),
        Scalar::Vector | Scalar::Halfvec => {
            let values = numbers(text).ok_or_else(wrong)?;
            if scalar == Scalar::Vector {
                vector::encode(&values, out)?;
            } else {
                vector::encode_half(&values, out)?;
            }
            return Ok(());
        }
        Scalar::SparseVec => {
            let (entries, dimensions) = sparse(text).ok_or_else(wrong)?;
            sparsevec::encode(dimensions, &entries, out)?;
            return Ok(());
        }
        _ => {}
    }
    let values: Vec<f64> = numbers(text).ok_or_else(wrong)?;
    let points: Vec<Point> = values
        .as_chunks::<2>()
        .0
        .iter()
        .map(|[x, y]| Point { x: *x, y: *y })
        .collect();
    match (scalar, values.as_slice(), points.as_slice()) {
        (Scalar::Point, [_, _], [point]) => geometric::encode_point(*point, out),
        (Scalar::Line, [a, b, c], _) => geometric::encode_line([*a, *b, *c], out)?,
        (Scalar::Lseg, [_, _, _, _], [start, end]) => geometric::encode_lseg([*start, *end], out),
        (Scalar::Box, [_, _, _, _], [high, low]) => geometric::encode_box([*high, *low], out),
        (Scalar::Circle, [_, _, radius], [centre]) => {
            geometric::encode_circle(*centre, *radius, out)?;
        }
        (Scalar::Path, _, _) if values.len() == points.len() * 2 => {
            geometric::encode_path(text.starts_with('('), &points, out)?;
        }
        (Scalar::Polygon, _, _) if values.len() == points.len() * 2 => {
            geometric::encode_polygon(&points, out)?;
        }
        _ => return Err(wrong()),
    }
    Ok(())
}

/// All numbers of a text, whatever brackets are around them.
fn numbers<T: std::str::FromStr>(text: &str) -> Option<Vec<T>> {
    text.split(|mark: char| "()[]<>{},".contains(mark))
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().ok())
        .collect()
}

/// `{1:1.5,3:2}/5`, of which the indices are wanted from 0.
fn sparse(text: &str) -> Option<(Vec<(u32, f32)>, u32)> {
    let (entries, dimensions) = text.strip_prefix('{')?.split_once("}/")?;
    let entries = entries.split(',').filter(|entry| !entry.is_empty());
    let entries = entries.map(|entry| {
        let (index, value) = entry.split_once(':')?;
        Some((
            index.parse::<u32>().ok()?.checked_sub(1)?,
            value.parse().ok()?,
        ))
    });
    Some((entries.collect::<Option<_>>()?, dimensions.parse().ok()?))
}

/// `"a"=>"1", "b"=>NULL`
fn pairs(text: &str, out: &mut Vec<u8>) -> Written {
    let wrong = || Unwritten::text("hstore", text);
    let mut writer = hstore::Writer::new(out);
    let mut left = text;
    while !left.is_empty() {
        let (key, rest) = quoted(left).ok_or_else(wrong)?;
        left = rest.strip_prefix("=>").ok_or_else(wrong)?;
        if let Some(rest) = left.strip_prefix("NULL") {
            writer.push(&key, None)?;
            left = rest;
        } else {
            let (value, rest) = quoted(left).ok_or_else(wrong)?;
            writer.push(&key, Some(&value))?;
            left = rest;
        }
        left = left.strip_prefix(", ").unwrap_or(left);
    }
    Ok(writer.finish()?)
}

/// A text in quotes, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut characters = text.strip_prefix('"')?.chars();
    let mut found = String::new();
    loop {
        match characters.next()? {
            '"' => return Some((found, characters.as_str())),
            '\\' => found.push(characters.next()?),
            character => found.push(character),
        }
    }
}

pub(super) fn write(scalar: Scalar, bytes: &[u8], out: &mut String) -> Written {
    match scalar {
        Scalar::Point => point(geometric::decode_point(bytes)?, out)?,
        Scalar::Line => listed("{", &geometric::decode_line(bytes)?, "}", out)?,
        Scalar::Lseg => points("[", geometric::decode_lseg(bytes)?, "]", out)?,
        Scalar::Box => points("", geometric::decode_box(bytes)?, "", out)?,
        Scalar::Path => match geometric::decode_path(bytes)? {
            (true, all) => points("(", all, ")", out)?,
            (false, all) => points("[", all, "]", out)?,
        },
        Scalar::Polygon => points("(", geometric::decode_polygon(bytes)?, ")", out)?,
        Scalar::Circle => {
            let (centre, radius) = geometric::decode_circle(bytes)?;
            points("<", [centre], ",", out)?;
            double(radius, out)?;
            out.push('>');
        }
        Scalar::Vector | Scalar::Halfvec => {
            let values = if scalar == Scalar::Vector {
                vector::decode(bytes)?
            } else {
                vector::decode_half(bytes)?
            };
            out.push('[');
            for (index, value) in values.enumerate() {
                comma(index, out);
                single(value, out)?;
            }
            out.push(']');
        }
        Scalar::SparseVec => {
            let value = sparsevec::decode(bytes)?;
            out.push('{');
            for (at, (index, number)) in value.iter().enumerate() {
                comma(at, out);
                write!(out, "{}:", u64::from(index) + 1)?;
                single(number, out)?;
            }
            write!(out, "}}/{}", value.dimensions())?;
        }
        _ => {
            for (index, (key, value)) in hstore::decode(bytes)?.iter().enumerate() {
                comma(index, out);
                word(key, out);
                out.push_str("=>");
                match value {
                    Some(value) => word(value, out),
                    None => out.push_str("NULL"),
                }
            }
        }
    }
    Ok(())
}

fn comma(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}

/// In quotes, as an element of an array.
fn word(text: &str, out: &mut String) {
    pgwire::types::array::literal::quote(text, out);
}

fn point(at: Point, out: &mut String) -> Result<(), Error> {
    listed("(", &[at.x, at.y], ")", out)
}

fn points(
    open: &str,
    all: impl IntoIterator<Item = Point>,
    close: &str,
    out: &mut String,
) -> Result<(), Error> {
    out.push_str(open);
    for (index, at) in all.into_iter().enumerate() {
        comma(index, out);
        point(at, out)?;
    }
    out.push_str(close);
    Ok(())
}

fn listed(open: &str, all: &[f64], close: &str, out: &mut String) -> Result<(), Error> {
    out.push_str(open);
    for (index, number) in all.iter().enumerate() {
        comma(index, out);
        double(*number, out)?;
    }
    out.push_str(close);
    Ok(())
}

/// The digits that it takes to tell it from its neighbours.
pub(super) fn double(number: f64, out: &mut String) -> Result<(), Error> {
    match special(number) {
        Some(name) => out.write_str(name),
        None => write!(out, "{number:e}"),
    }
}

/// The same among singles, which are fewer.
pub(super) fn single(number: f32, out: &mut String) -> Result<(), Error> {
    match special(number.into()) {
        Some(name) => out.write_str(name),
        None => write!(out, "{number:e}"),
    }
}

fn special(number: f64) -> Option<&'static str> {
    match number {
        f64::INFINITY => Some("Infinity"),
        f64::NEG_INFINITY => Some("-Infinity"),
        number if number.is_nan() => Some("NaN"),
        _ => None,
    }
}
