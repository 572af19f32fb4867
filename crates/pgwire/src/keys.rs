//! Parameters that stand where SQL takes the key of a document or the number of an element.

use crate::Oid;
use crate::tokens::{Strings, Token, token};
use crate::types::oid;

/// A parameter that the server takes for a key, because nothing says that it is a number: `doc -> $1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Counted from 0.
    pub parameter: usize,
    /// `->`, `->>` or `-`; of the function that takes it for a pattern, `substring`.
    pub operator: &'static str,
}

const OPERATORS: [&str; 3] = ["->", "->>", "-"];

/// Those of a statement whose parameters have these types. One whose type is written out (`$1::text`) is none.
#[must_use]
pub fn keys(sql: &str, parameters: &[Oid], strings: Strings) -> Vec<Key> {
    if !parameters.contains(&oid::TEXT) {
        return Vec::new();
    }
    let mut keys = Vec::new();
    let mut rest = sql.as_bytes();
    let mut operator = None;
    let mut opened = 0_usize;
    while !rest.is_empty() {
        if let Some((found, tail)) = symbol(rest) {
            (operator, opened) = (found, 0);
            rest = tail;
        } else if let Some((number, tail)) = placeholder(rest) {
            let is_text = parameters.get(number) == Some(&oid::TEXT);
            if let Some(operator) = operator.take().filter(|_| is_text && is_bare(tail, opened)) {
                keys.push(Key {
                    parameter: number,
                    operator,
                });
            }
            rest = tail;
        } else {
            let Some((found, tail)) = token(rest, strings) else {
                break;
            };
            let passes = is_space(rest) || rest.starts_with(b"--") || rest.starts_with(b"/*");
            match found {
                Token::Open => opened = opened.saturating_add(1),
                _ if passes => {}
                _ => operator = None,
            }
            rest = tail;
        }
    }
    keys
}

/// A whole operator, which is one of those or none of them.
fn symbol(rest: &[u8]) -> Option<(Option<&'static str>, &[u8])> {
    let mut length = 0_usize;
    while let Some([byte, tail @ ..]) = rest.get(length..) {
        let comment = matches!(
            (byte, tail.first()),
            (b'-', Some(b'-')) | (b'/', Some(b'*'))
        );
        if comment || !b"+-*/<>=~!@#%^&|`?".contains(byte) {
            break;
        }
        length = length.saturating_add(1);
    }
    let (operator, tail) = rest.split_at_checked(length)?;
    let known = OPERATORS
        .into_iter()
        .find(|known| known.as_bytes() == operator);
    (length > 0).then_some((known, tail))
}

/// `$1` is 0.
pub(crate) fn placeholder(rest: &[u8]) -> Option<(usize, &[u8])> {
    let digits = rest.strip_prefix(b"$")?;
    let length = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (number, tail) = digits.split_at_checked(length)?;
    let number: usize = std::str::from_utf8(number).ok()?.parse().ok()?;
    Some((number.checked_sub(1)?, tail))
}

/// Whether what ends here is all that stands in so many parentheses, and has no type behind it.
fn is_bare(mut rest: &[u8], mut opened: usize) -> bool {
    loop {
        rest = match rest {
            [b')', tail @ ..] if opened > 0 => {
                opened = opened.saturating_sub(1);
                tail
            }
            [_, tail @ ..] if is_space(rest) => tail,
            _ => return opened == 0 && !rest.starts_with(b"::"),
        };
    }
}

pub(crate) fn is_space(rest: &[u8]) -> bool {
    matches!(rest, [b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c', ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sql: &str) -> Vec<(usize, &'static str)> {
        let found = keys(sql, &[oid::TEXT, oid::INT4, oid::TEXT], Strings::Standard);
        found
            .iter()
            .map(|key| (key.parameter, key.operator))
            .collect()
    }

    #[test]
    fn what_stands_behind_an_operator_is_a_key() {
        for (sql, expected) in [
            ("SELECT doc -> $1", vec![(0, "->")]),
            ("SELECT doc->>$1, doc-$3", vec![(0, "->>"), (2, "-")]),
            ("SELECT doc -> /* x */ ( ($1 ) ) -- y\n", vec![(0, "->")]),
            ("SELECT doc -> $1 || 'x'", vec![(0, "->")]),
            ("SELECT (doc -> $1)::text", vec![(0, "->")]),
            ("SELECT doc -> $1 -> $3", vec![(0, "->"), (2, "->")]),
            ("SELECT doc -> '$1' -> $3 = $1", vec![(2, "->")]),
        ] {
            assert_eq!(found(sql), expected, "{sql}");
        }
    }

    #[test]
    fn others_are_none() {
        for sql in [
            "SELECT doc -> $2",
            "SELECT doc -> $1::text",
            "SELECT doc -> ($1) :: text",
            "SELECT doc -> ($1 ::text)",
            "SELECT doc -> ($1 || 'x')",
            "SELECT doc -> lower($1)",
            "SELECT doc -> CAST($1 AS text)",
            "SELECT doc @> $1, doc #>> $1, doc <-> $1, doc #- $1",
            "SELECT doc --> $1\n",
            "SELECT doc -> $4 - $$-$1$$",
            "SELECT '-> ' || $1",
            "SELECT 'a -> $1",
        ] {
            assert_eq!(found(sql), [], "{sql}");
        }
        assert_eq!(
            keys("SELECT doc -> $1", &[oid::INT4], Strings::Standard),
            []
        );
    }
}
