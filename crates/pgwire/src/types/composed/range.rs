//! Ranges and multiranges: `empty`, `[1,3)`, `{[1,3),[5,)}`.

use std::borrow::Cow;
use std::ops::Bound;

use super::scan::Scanner;
use crate::error::DecodeError;

/// A range whose bounds are still the text of their type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span<'a> {
    /// It contains nothing and has no ends.
    Empty,
    /// Where it begins and where it ends.
    Bounds(Bound<Cow<'a, str>>, Bound<Cow<'a, str>>),
}

/// Parses a range.
pub fn range(text: &str) -> Result<Span<'_>, DecodeError> {
    let mut scanner = Scanner::new("range", text);
    if scanner.take_all("empty") {
        return Ok(Span::Empty);
    }
    let span = bounds(&mut scanner)?;
    scanner.end()?;
    Ok(span)
}

/// Parses a multirange.
pub fn multirange(text: &str) -> Result<Vec<Span<'_>>, DecodeError> {
    let mut scanner = Scanner::new("multirange", text);
    let mut spans = Vec::new();
    scanner.expect('{')?;
    if !scanner.take('}') {
        spans.push(bounds(&mut scanner)?);
        while scanner.take(',') {
            spans.push(bounds(&mut scanner)?);
        }
        scanner.expect('}')?;
    }
    scanner.end()?;
    Ok(spans)
}

fn bounds<'a>(scanner: &mut Scanner<'a>) -> Result<Span<'a>, DecodeError> {
    let is_from = scanner.take('[');
    if !is_from {
        scanner.expect('(')?;
    }
    let lower = scanner.part(&[','])?;
    scanner.expect(',')?;
    let upper = scanner.part(&[')', ']'])?;
    let is_to = scanner.take(']');
    if !is_to {
        scanner.expect(')')?;
    }
    Ok(Span::Bounds(bound(lower, is_from), bound(upper, is_to)))
}

fn bound(text: Option<Cow<'_, str>>, is_included: bool) -> Bound<Cow<'_, str>> {
    match text {
        None => Bound::Unbounded,
        Some(text) if is_included => Bound::Included(text),
        Some(text) => Bound::Excluded(text),
    }
}
