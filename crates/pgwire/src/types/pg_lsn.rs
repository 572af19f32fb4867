//! pg_lsn: a position in the write-ahead log, an unsigned 64-bit number.

use super::{exact, unfit};
use crate::error::{DecodeError, EncodeError};

/// Reads a pg_lsn.
pub fn decode(bytes: &[u8]) -> Result<u64, DecodeError> {
    exact("pg_lsn", bytes).map(u64::from_be_bytes)
}

/// Appends a pg_lsn.
pub fn encode(value: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(&value.to_be_bytes());
}

/// The position as the server writes it: its halves in hexadecimal, `16/B374D848`.
pub fn text(value: u64) -> String {
    format!("{:X}/{:X}", value >> 32, value & 0xffff_ffff)
}

/// Parses a position.
///
/// # Errors
///
/// [`EncodeError`] for text that is not two numbers of up to eight hexadecimal digits with a
/// slash between them.
pub fn parse(text: &str) -> Result<u64, EncodeError> {
    text.split_once('/')
        .and_then(|(high, low)| Some(half(high)? << 32 | half(low)?))
        .ok_or_else(|| {
            unfit(
                "pg_lsn",
                format_args!("{text:?}"),
                "is not a position such as 16/B374D848",
            )
        })
}

fn half(digits: &str) -> Option<u64> {
    // Without this a sign would do.
    let is_number = (1..=8).contains(&digits.len()) && !digits.starts_with('+');
    is_number.then(|| u64::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::hex;

    #[test]
    fn positions_as_postgresql_writes_them() {
        for (bytes, position) in [
            ("00000016 b374d848", "16/B374D848"),
            ("00000000 00000000", "0/0"),
            ("ffffffff ffffffff", "FFFFFFFF/FFFFFFFF"),
        ] {
            let value = decode(&hex(bytes)).unwrap();
            assert_eq!(text(value), position);
            assert_eq!(parse(&position.to_lowercase()), Ok(value));
            let mut out = Vec::new();
            encode(value, &mut out);
            assert_eq!(out, hex(bytes));
        }
        assert!(decode(&[0; 4]).is_err());
    }

    #[test]
    fn what_is_no_position() {
        for text in [
            "",
            "/",
            "1",
            "1/",
            "/1",
            "1/+1",
            "1/-1",
            "1/123456789",
            "1/g",
            "1/1/1",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
