//! `ferrow_like(text, pattern)` and `ferrow_ilike`: LIKE and ILIKE as PostgreSQL has them.
//!
//! SQLite's own LIKE ignores the case of ASCII letters and of no others, and has no escape character unless one is named.

use rusqlite::functions::Context;
use rusqlite::{Connection, Result};

use super::{FLAGS, failed, text};

pub fn register(connection: &Connection) -> Result<()> {
    connection.create_scalar_function("ferrow_like", 2, FLAGS, |context| call(context, exact))?;
    connection.create_scalar_function("ferrow_ilike", 2, FLAGS, |context| call(context, folded))
}

fn call(context: &Context<'_>, same: fn(char, char) -> bool) -> Result<Option<bool>> {
    let (mut first, mut second) = (String::new(), String::new());
    let (Some(subject), Some(pattern)) = (
        text(context, 0, &mut first)?,
        text(context, 1, &mut second)?,
    ) else {
        return Ok(None);
    };
    match matches(subject, pattern, same) {
        Some(answer) => Ok(Some(answer)),
        None => Err(failed(
            "a LIKE pattern must not end with the escape character \\",
        )),
    }
}

fn exact(left: char, right: char) -> bool {
    left == right
}

fn folded(left: char, right: char) -> bool {
    left == right || left.to_lowercase().eq(right.to_lowercase())
}

enum Element {
    /// `%`
    Any,
    /// `_`
    One,
    Char(char),
}

/// The first element of a pattern and the rest. An error for an escape character with nothing behind it.
fn element(pattern: &str) -> std::result::Result<Option<(Element, &str)>, ()> {
    let mut rest = pattern.chars();
    let element = match rest.next() {
        None => return Ok(None),
        Some('%') => Element::Any,
        Some('_') => Element::One,
        Some('\\') => Element::Char(rest.next().ok_or(())?),
        Some(other) => Element::Char(other),
    };
    Ok(Some((element, rest.as_str())))
}

/// None when the pattern is malformed where the comparison arrives.
fn matches(subject: &str, pattern: &str, same: fn(char, char) -> bool) -> Option<bool> {
    let (mut subject, mut pattern) = (subject, pattern);
    // Where to go on when a comparison fails: behind the last `%`, one character later in the subject.
    let mut retry: Option<(&str, &str)> = None;
    loop {
        let next = element(pattern).ok()?;
        let mut characters = subject.chars();
        let character = characters.next();
        let advanced = match (&next, character) {
            (Some((Element::Any, rest)), _) => {
                pattern = rest;
                retry = Some((subject, rest));
                continue;
            }
            (Some((Element::One, rest)), Some(_)) => Some(*rest),
            (Some((Element::Char(wanted), rest)), Some(given)) if same(*wanted, given) => {
                Some(*rest)
            }
            (None, None) => return Some(true),
            _ => None,
        };
        if let Some(rest) = advanced {
            pattern = rest;
            subject = characters.as_str();
            continue;
        }
        let Some((from, behind)) = retry else {
            return Some(false);
        };
        let mut later = from.chars();
        if later.next().is_none() {
            return Some(false);
        }
        (subject, pattern) = (later.as_str(), behind);
        retry = Some((subject, behind));
    }
}
