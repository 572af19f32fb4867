//! An SQL text taken apart as far as it tells where its statements end: strings, quoted names and comments are passed over.

use crate::control::comment;

/// What a backslash means in plain strings, by what the server says of `standard_conforming_strings`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strings {
    /// A character like others.
    Standard,
    /// As in `E'..'`: it escapes what follows.
    Escaping,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    Word(&'a [u8]),
    Open,
    Close,
    /// A semicolon.
    End,
    Other,
}

impl Token<'_> {
    /// Whether it is the bare word `name`, which is written in capitals.
    pub(crate) fn is(self, name: &str) -> bool {
        matches!(self, Token::Word(word) if word.eq_ignore_ascii_case(name.as_bytes()))
    }
}

/// The next one, and what follows it; None at the end, and where something is not closed.
pub(crate) fn token(rest: &[u8], strings: Strings) -> Option<(Token<'_>, &[u8])> {
    let (found, tail) = match rest {
        [] => return None,
        [b'-', b'-', tail @ ..] => (Token::Other, line(tail)),
        [b'/', b'*', tail @ ..] => (Token::Other, comment(tail)?),
        [b'E' | b'e', b'\'', tail @ ..] => (Token::Other, escaped(tail)?),
        // Bits never escape.
        [b'B' | b'b' | b'X' | b'x', b'\'', tail @ ..] => (Token::Other, behind(tail, b"'")?),
        [b'\'', tail @ ..] if strings == Strings::Escaping => (Token::Other, escaped(tail)?),
        [b'\'', tail @ ..] => (Token::Other, behind(tail, b"'")?),
        [b'"', tail @ ..] => (Token::Other, behind(tail, b"\"")?),
        [b'$', tail @ ..] => (Token::Other, dollars(tail)?),
        [b'(', tail @ ..] => (Token::Open, tail),
        [b')', tail @ ..] => (Token::Close, tail),
        [b';', tail @ ..] => (Token::End, tail),
        [byte, tail @ ..] if !begins_word(*byte) => (Token::Other, tail),
        _ => {
            let length = rest.iter().take_while(|byte| is_of_word(**byte)).count();
            let (word, tail) = rest.split_at_checked(length)?;
            (Token::Word(word), tail)
        }
    };
    Some((found, tail))
}

fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | 0x80..)
}

fn is_of_word(byte: u8) -> bool {
    begins_word(byte) || byte == b'$'
}

/// What follows a comment to the end of its line, that end included in it.
fn line(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    end.and_then(|end| rest.get(end..)).unwrap_or_default()
}

/// What follows the next `end`. A quote that is written twice ends one text and begins another.
fn behind<'a>(rest: &'a [u8], end: &[u8]) -> Option<&'a [u8]> {
    let at = rest.windows(end.len()).position(|found| found == end)?;
    rest.get(at.checked_add(end.len())?..)
}

/// What follows a text in which a backslash escapes. One that goes on in another line does so as it began.
fn escaped(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        rest = match rest {
            [b'\\', _, tail @ ..] => tail,
            // Twice is one in the text.
            [b'\'', b'\'', tail @ ..] => tail,
            [b'\'', tail @ ..] => match continued(tail) {
                Some(tail) => tail,
                None => return Some(tail),
            },
            [_, tail @ ..] => tail,
            [] => return None,
        };
    }
}

/// What follows the quote by which a text goes on behind the end of a line.
fn continued(mut rest: &[u8]) -> Option<&[u8]> {
    let mut lines = false;
    loop {
        rest = match rest {
            [b'\n' | b'\r', tail @ ..] => {
                lines = true;
                tail
            }
            [b' ' | b'\t' | b'\x0b' | b'\x0c', tail @ ..] => tail,
            [b'-', b'-', tail @ ..] => line(tail),
            [b'\'', tail @ ..] if lines => return Some(tail),
            _ => return None,
        };
    }
}

/// What follows a text between dollars, or the dollar of a parameter.
fn dollars(rest: &[u8]) -> Option<&[u8]> {
    let length = rest.iter().take_while(|byte| begins_word(**byte)).count();
    let (tag, tail) = rest.split_at_checked(length)?;
    match tail {
        [b'$', tail @ ..] if !tag.first().is_some_and(u8::is_ascii_digit) => {
            behind(tail, &[b"$", tag, b"$"].concat())
        }
        _ => Some(rest),
    }
}
