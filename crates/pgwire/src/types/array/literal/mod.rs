//! Arrays as text, for element types without a binary form: `{a,"b c",NULL}`, `[0:1]={a,b}`.

mod scan;

use std::borrow::Cow;

use super::{Dimension, MAX_DIMENSIONS};
use crate::error::DecodeError;
use crate::types::malformed;
use scan::Scanner;

/// An array whose elements are still the text of their type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal<'a> {
    /// The dimensions, outermost first; none for an empty array.
    pub dimensions: Vec<Dimension>,
    /// The elements, the last index running fastest; None for NULL.
    pub elements: Vec<Option<Cow<'a, str>>>,
}

/// Parses an array; between its elements is a comma, for arrays of `box` a semicolon.
pub fn parse(text: &str, delimiter: char) -> Result<Literal<'_>, DecodeError> {
    let mut scanner = Scanner::new(text, delimiter);
    let bounds = scanner.bounds()?;
    let mut shape = Shape::default();
    let mut elements = Vec::new();
    scanner.expect('{')?;
    if scanner.take('}') {
        scanner.end()?;
        return finish(bounds, Vec::new(), elements);
    }
    shape.open()?;
    'elements: loop {
        while scanner.take('{') {
            shape.open()?;
        }
        elements.push(scanner.element()?);
        shape.element()?;
        while !scanner.take(delimiter) {
            scanner.expect('}')?;
            if shape.close()? {
                break 'elements;
            }
        }
    }
    scanner.end()?;
    finish(bounds, shape.lengths, elements)
}

fn finish(
    bounds: Vec<Dimension>,
    lengths: Vec<usize>,
    elements: Vec<Option<Cow<'_, str>>>,
) -> Result<Literal<'_>, DecodeError> {
    let dimensions = if bounds.is_empty() {
        let dimension = |length| Dimension {
            length,
            lower_bound: 1,
        };
        lengths.into_iter().map(dimension).collect()
    } else if lengths.iter().eq(bounds.iter().map(|bound| &bound.length)) {
        bounds
    } else {
        return Err(malformed("array", "its bounds are not those of its lists"));
    };
    Ok(Literal {
        dimensions,
        elements,
    })
}

/// Counts what is in each list, and sees to it that lists of one dimension have the same length.
#[derive(Default)]
struct Shape {
    /// Of the lists that are open, outermost first.
    counts: Vec<usize>,
    /// Of each dimension, as its first list had it; 0 until that one is closed.
    lengths: Vec<usize>,
    /// How deep the elements are.
    depth: Option<usize>,
}

impl Shape {
    fn open(&mut self) -> Result<(), DecodeError> {
        self.counts.push(0);
        if self.counts.len() > self.depth.unwrap_or(MAX_DIMENSIONS) {
            return Err(malformed("array", "its lists are too deep"));
        }
        if self.lengths.len() < self.counts.len() {
            self.lengths.push(0);
        }
        Ok(())
    }

    fn element(&mut self) -> Result<(), DecodeError> {
        if *self.depth.get_or_insert(self.counts.len()) != self.counts.len() {
            return Err(malformed("array", "its elements are not equally deep"));
        }
        self.add();
        Ok(())
    }

    fn add(&mut self) {
        if let Some(count) = self.counts.last_mut() {
            *count = count.saturating_add(1);
        }
    }

    /// Whether that was the outermost list.
    fn close(&mut self) -> Result<bool, DecodeError> {
        let count = self.counts.pop().unwrap_or_default();
        if let Some(length) = self.lengths.get_mut(self.counts.len()) {
            if *length != 0 && *length != count {
                return Err(malformed("array", "its lists have different lengths"));
            }
            *length = count;
        }
        self.add();
        Ok(self.counts.is_empty())
    }
}

/// Appends an element as the literal needs it, in quotes whether it needs them or not.
pub fn quote(element: &str, out: &mut String) {
    out.push('"');
    for character in element.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
