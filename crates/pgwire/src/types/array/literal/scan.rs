//! The words and marks of an array's text; blanks around them mean nothing.

use std::borrow::Cow;

use crate::error::DecodeError;
use crate::types::array::Dimension;
use crate::types::malformed;

pub(super) struct Scanner<'a> {
    rest: &'a str,
    delimiter: char,
}

/// What the server skips.
const fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

#[cold]
fn unfinished() -> DecodeError {
    malformed("array", "its text ends too early")
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, delimiter: char) -> Self {
        Self {
            rest: text.trim_matches(is_blank),
            delimiter,
        }
    }

    /// Takes the mark if it is next.
    pub(super) fn take(&mut self, mark: char) -> bool {
        let Some(rest) = self.rest.strip_prefix(mark) else {
            return false;
        };
        self.rest = rest.trim_start_matches(is_blank);
        true
    }

    pub(super) fn expect(&mut self, mark: char) -> Result<(), DecodeError> {
        if self.take(mark) {
            return Ok(());
        }
        Err(match self.rest.chars().next() {
            None => unfinished(),
            Some(other) => malformed("array", &format!("{other:?} stands where {mark:?} must")),
        })
    }

    pub(super) fn end(&self) -> Result<(), DecodeError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(malformed("array", "text follows its last brace"))
    }

    /// `[0:2][3]=`, if it is there.
    pub(super) fn bounds(&mut self) -> Result<Vec<Dimension>, DecodeError> {
        let mut bounds = Vec::new();
        while self.take('[') {
            let end = self.rest.find(']').ok_or_else(unfinished)?;
            let (bound, rest) = self.rest.split_at_checked(end).ok_or_else(unfinished)?;
            self.rest = rest;
            self.expect(']')?;
            bounds.push(dimension(bound).ok_or_else(|| {
                malformed("array", &format!("[{bound}] are not the bounds of a list"))
            })?);
        }
        if !bounds.is_empty() {
            self.expect('=')?;
        }
        Ok(bounds)
    }

    /// One element, None for NULL, and the blanks after it.
    pub(super) fn element(&mut self) -> Result<Option<Cow<'a, str>>, DecodeError> {
        let element = match self.rest.strip_prefix('"') {
            Some(rest) => {
                self.rest = rest;
                Some(self.quoted()?)
            }
            None => self.word()?,
        };
        self.rest = self.rest.trim_start_matches(is_blank);
        Ok(element)
    }

    fn quoted(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        let (plain, _) = self.plain(|character| matches!(character, '"' | '\\'))?;
        let mut text = Cow::Borrowed(plain);
        loop {
            match self.next()? {
                '"' => return Ok(text),
                '\\' => text.to_mut().push(self.next()?),
                character => text.to_mut().push(character),
            }
        }
    }

    fn word(&mut self) -> Result<Option<Cow<'a, str>>, DecodeError> {
        let delimiter = self.delimiter;
        let ends = |c: char| c == delimiter || matches!(c, '{' | '}' | '"');
        let (plain, mark) = self.plain(|character| ends(character) || character == '\\')?;
        if mark != '\\' {
            let word = plain.trim_end_matches(is_blank);
            return match word {
                "" => Err(malformed("array", "an element is missing")),
                word if word.eq_ignore_ascii_case("null") => Ok(None),
                word => Ok(Some(Cow::Borrowed(word))),
            };
        }
        let mut text = plain.to_owned();
        // Blanks at the end belong to the element only after a backslash.
        let mut kept = 0;
        while !self.rest.starts_with(ends) {
            match self.next()? {
                '\\' => {
                    text.push(self.next()?);
                    kept = text.len();
                }
                character => {
                    text.push(character);
                    if !is_blank(character) {
                        kept = text.len();
                    }
                }
            }
        }
        text.truncate(kept);
        Ok(Some(Cow::Owned(text)))
    }

    /// What is before the first such character, and that one, which stays.
    fn plain(&mut self, stops: impl Fn(char) -> bool) -> Result<(&'a str, char), DecodeError> {
        let end = self.rest.find(stops).ok_or_else(unfinished)?;
        let (plain, rest) = self.rest.split_at_checked(end).ok_or_else(unfinished)?;
        self.rest = rest;
        Ok((plain, rest.chars().next().ok_or_else(unfinished)?))
    }

    fn next(&mut self) -> Result<char, DecodeError> {
        let mut characters = self.rest.chars();
        let next = characters.next().ok_or_else(unfinished)?;
        self.rest = characters.as_str();
        Ok(next)
    }
}

/// `0:2`, or `3` for `1:3`.
fn dimension(bound: &str) -> Option<Dimension> {
    let (lower, upper) = bound.split_once(':').unwrap_or(("1", bound));
    let (lower_bound, upper): (i32, i32) = (lower.parse().ok()?, upper.parse().ok()?);
    let length = upper.checked_sub(lower_bound)?.checked_add(1)?;
    Some(Dimension {
        length: usize::try_from(length).ok().filter(|length| *length > 0)?,
        lower_bound,
    })
}
