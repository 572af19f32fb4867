//! The marks and parts of a record's or a range's text.

use std::borrow::Cow;

use crate::error::DecodeError;
use crate::types::malformed;

pub(super) struct Scanner<'a> {
    name: &'static str,
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(name: &'static str, text: &'a str) -> Self {
        Self {
            name,
            rest: text.trim_matches(|blank: char| blank.is_ascii_whitespace()),
        }
    }

    /// Takes the mark if it is next.
    pub(super) fn take(&mut self, mark: char) -> bool {
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    pub(super) fn expect(&mut self, mark: char) -> Result<(), DecodeError> {
        if self.take(mark) {
            return Ok(());
        }
        Err(self.wrong(&format!("{mark:?} is missing")))
    }

    /// Takes the word if it is all that is left.
    pub(super) fn take_all(&mut self, word: &str) -> bool {
        let is_all = self.rest.eq_ignore_ascii_case(word);
        if is_all {
            self.rest = "";
        }
        is_all
    }

    pub(super) fn end(&self) -> Result<(), DecodeError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(self.wrong("text follows its end"))
    }

    /// What stands before the next of these marks outside of quotes; None for nothing at all, which two quotes are not.
    pub(super) fn part(&mut self, ends: &[char]) -> Result<Option<Cow<'a, str>>, DecodeError> {
        let is_plain =
            |character: char| !matches!(character, '"' | '\\') && !ends.contains(&character);
        let end = self.rest.find(|character| !is_plain(character));
        let Some((plain, rest)) = end.and_then(|end| self.rest.split_at_checked(end)) else {
            return Err(self.wrong("its text ends too early"));
        };
        self.rest = rest;
        if rest.starts_with(ends) {
            return Ok((!plain.is_empty()).then_some(Cow::Borrowed(plain)));
        }
        let mut text = plain.to_owned();
        let mut is_quoted = false;
        while is_quoted || !self.rest.starts_with(ends) {
            match self.next()? {
                '\\' => text.push(self.next()?),
                '"' if is_quoted && self.take('"') => text.push('"'),
                '"' => is_quoted = !is_quoted,
                character => text.push(character),
            }
        }
        Ok(Some(Cow::Owned(text)))
    }

    fn next(&mut self) -> Result<char, DecodeError> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next.ok_or_else(|| self.wrong("its text ends too early"))
    }

    #[cold]
    pub(super) fn wrong(&self, what: &str) -> DecodeError {
        malformed(self.name, what)
    }
}
