//! `ferrow_json_at(document, step, ...)`: what stands at the end of a path.

use jiter::{Jiter, Peek};
use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::ValueRef;

use super::failed;
use super::tree::malformed;

/// One step of a path.
enum Step<'a> {
    /// A key of an object, literally.
    Key(&'a str),
    /// A position in an array, from 0; from the end if it is negative.
    Index(i64),
    /// Digits: a key of an object, or a position in an array.
    Either(&'a str),
}

/// The value as JSON text; NULL where there is none, and for JSON's null.
///
/// Steps are texts (keys), whole numbers (positions) and blobs (digits that may be either).
pub fn at(context: &Context<'_>) -> Result<Option<String>> {
    let mut found = match context.get_raw(0) {
        ValueRef::Null => return Ok(None),
        ValueRef::Text(text) => utf8(text)?,
        _ => return Err(failed("a JSON document is a text")),
    };
    for argument in 1..context.len() {
        let step = match context.get_raw(argument) {
            ValueRef::Text(key) => Step::Key(utf8(key)?),
            ValueRef::Integer(index) => Step::Index(index),
            ValueRef::Blob(digits) => Step::Either(utf8(digits)?),
            _ => return Err(failed("a step of a JSON path is a text or a whole number")),
        };
        match inside(found, &step)? {
            Some(value) => found = value,
            None => return Ok(None),
        }
    }
    let found = found.trim();
    Ok((found != "null").then(|| found.to_owned()))
}

fn utf8(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| failed("a text argument is not UTF-8"))
}

fn inside<'a>(document: &'a str, step: &Step<'_>) -> Result<Option<&'a str>> {
    let mut jiter = Jiter::new(document.as_bytes());
    let found = match (jiter.peek().map_err(malformed)?, step) {
        (Peek::Object, Step::Key(key) | Step::Either(key)) => member(&mut jiter, document, key)?,
        (Peek::Array, Step::Index(index)) => item(&mut jiter, document, *index)?,
        (Peek::Array, Step::Either(digits)) => match digits.parse() {
            Ok(index) => item(&mut jiter, document, index)?,
            Err(_) => None,
        },
        _ => None,
    };
    Ok(found)
}

/// Of equal keys the last counts.
fn member<'a>(jiter: &mut Jiter<'a>, document: &'a str, wanted: &str) -> Result<Option<&'a str>> {
    let mut found = None;
    let mut next = jiter
        .known_object()
        .map_err(malformed)?
        .map(|key| key == wanted);
    while let Some(matches) = next {
        let value = skipped(jiter, document)?;
        if matches {
            found = Some(value);
        }
        next = jiter
            .next_key()
            .map_err(malformed)?
            .map(|key| key == wanted);
    }
    Ok(found)
}

fn item<'a>(jiter: &mut Jiter<'a>, document: &'a str, index: i64) -> Result<Option<&'a str>> {
    let mut items = Vec::new();
    let mut next = jiter.known_array().map_err(malformed)?;
    while next.is_some() {
        let value = skipped(jiter, document)?;
        if usize::try_from(index) == Ok(items.len()) {
            return Ok(Some(value));
        }
        items.push(value);
        next = jiter.array_step().map_err(malformed)?;
    }
    let from_end = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    Ok(if index < 0 {
        items
            .len()
            .checked_sub(from_end)
            .map(|position| items[position])
    } else {
        None
    })
}

/// The text of the next value, which is passed over.
fn skipped<'a>(jiter: &mut Jiter<'a>, document: &'a str) -> Result<&'a str> {
    let peek = jiter.peek().map_err(malformed)?;
    let start = jiter.current_index();
    jiter.known_skip(peek).map_err(malformed)?;
    Ok(document
        .get(start..jiter.current_index())
        .unwrap_or_default())
}
