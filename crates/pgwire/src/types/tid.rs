//! tid: where a row version is stored.

use std::fmt;

use super::{exact, unfit};
use crate::error::{DecodeError, EncodeError};

/// A place in a table. Displayed as the server writes it: `(0,1)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tid {
    /// The page.
    pub block: u32,
    /// The place on the page.
    pub offset: u16,
}

/// Reads a tid.
pub fn decode(bytes: &[u8]) -> Result<Tid, DecodeError> {
    let [a, b, c, d, e, f] = exact("tid", bytes)?;
    Ok(Tid {
        block: u32::from_be_bytes([a, b, c, d]),
        offset: u16::from_be_bytes([e, f]),
    })
}

/// Appends a tid.
pub fn encode(value: Tid, out: &mut Vec<u8>) {
    out.extend_from_slice(&value.block.to_be_bytes());
    out.extend_from_slice(&value.offset.to_be_bytes());
}

/// Parses a tid.
///
/// # Errors
///
/// [`EncodeError`] for text that is not `(block,offset)` with numbers of 32 and 16 bits.
pub fn parse(text: &str) -> Result<Tid, EncodeError> {
    text.strip_prefix('(')
        .and_then(|text| text.strip_suffix(')')?.split_once(','))
        .and_then(|(block, offset)| {
            Some(Tid {
                block: digits(block)?.parse().ok()?,
                offset: digits(offset)?.parse().ok()?,
            })
        })
        .ok_or_else(|| {
            unfit(
                "tid",
                format_args!("{text:?}"),
                "is not a place such as (0,1)",
            )
        })
}

fn digits(text: &str) -> Option<&str> {
    text.bytes()
        .all(|digit| digit.is_ascii_digit())
        .then_some(text)
}

impl fmt::Display for Tid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({},{})", self.block, self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::hex;

    #[test]
    fn places_as_postgresql_writes_them() {
        for (bytes, text) in [
            ("00000000 0001", "(0,1)"),
            ("ffffffff ffff", "(4294967295,65535)"),
        ] {
            let value = decode(&hex(bytes)).unwrap();
            assert_eq!(value.to_string(), text);
            assert_eq!(parse(text), Ok(value));
            let mut out = Vec::new();
            encode(value, &mut out);
            assert_eq!(out, hex(bytes));
        }
        assert!(decode(&[0; 8]).is_err());
        for text in [
            "",
            "0,1",
            "(0)",
            "(0,65536)",
            "(+0,1)",
            "(-1,1)",
            "(,)",
            "(0,1,2)",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
