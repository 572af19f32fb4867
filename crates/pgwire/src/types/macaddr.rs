//! macaddr and macaddr8: six or eight bytes.

use super::{exact, unfit};
use crate::error::{DecodeError, EncodeError};

/// Reads a macaddr.
pub fn decode(bytes: &[u8]) -> Result<[u8; 6], DecodeError> {
    exact("macaddr", bytes)
}

/// Appends a macaddr.
pub fn encode(value: [u8; 6], out: &mut Vec<u8>) {
    out.extend_from_slice(&value);
}

/// Reads a macaddr8.
pub fn decode8(bytes: &[u8]) -> Result<[u8; 8], DecodeError> {
    exact("macaddr8", bytes)
}

/// Appends a macaddr8.
pub fn encode8(value: [u8; 8], out: &mut Vec<u8>) {
    out.extend_from_slice(&value);
}

/// The bytes of either as the server writes them: `08:00:2b:01:02:03`.
pub fn text(value: &[u8]) -> String {
    let bytes: Vec<_> = value.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(":")
}

/// Parses a macaddr: `08:00:2b:01:02:03`, `08-00-2b-01-02-03`, `08002b:010203`, `0800.2b01.0203`
/// or `08002b010203`.
///
/// # Errors
///
/// [`EncodeError`] for other text.
pub fn parse(text: &str) -> Result<[u8; 6], EncodeError> {
    bytes(text)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| unfit("macaddr", format_args!("{text:?}"), "is not six bytes"))
}

/// Parses a macaddr8, written as a macaddr with eight bytes, or with six: as the server does, the
/// two in the middle are then `ff:fe`.
///
/// # Errors
///
/// [`EncodeError`] for other text.
pub fn parse8(text: &str) -> Result<[u8; 8], EncodeError> {
    let bytes = bytes(text).unwrap_or_default();
    match bytes.as_slice() {
        &[a, b, c, d, e, f] => Ok([a, b, c, 0xff, 0xfe, d, e, f]),
        bytes => bytes.try_into().map_err(|_| {
            unfit(
                "macaddr8",
                format_args!("{text:?}"),
                "is not six or eight bytes",
            )
        }),
    }
}

/// Groups of the same number of bytes, with the same mark between all of them.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let mark = text
        .chars()
        .find(|c| matches!(c, ':' | '-' | '.'))
        .unwrap_or(':');
    let size = text.split(mark).next()?.len();
    let mut bytes = Vec::with_capacity(8);
    for group in text.split(mark) {
        if group.len() != size || !group.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let (pairs, odd) = group.as_bytes().as_chunks::<2>();
        if !odd.is_empty() {
            return None;
        }
        for pair in pairs {
            let pair = std::str::from_utf8(pair).ok()?;
            bytes.push(u8::from_str_radix(pair, 16).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::hex;

    const TEXT: &str = "08:00:2b:01:02:03";

    #[test]
    fn addresses_as_postgresql_writes_them() {
        let bytes = hex("08002b010203");
        let value = decode(&bytes).unwrap();
        assert_eq!(text(&value), TEXT);
        let mut out = Vec::new();
        encode(value, &mut out);
        assert_eq!(out, bytes);

        let bytes = hex("08002b0102030405");
        let value = decode8(&bytes).unwrap();
        assert_eq!(text(&value), "08:00:2b:01:02:03:04:05");
        let mut out = Vec::new();
        encode8(value, &mut out);
        assert_eq!(out, bytes);
        assert!(decode(&bytes).is_err() && decode8(&bytes[..7]).is_err());
    }

    #[test]
    fn addresses_are_written_in_many_ways() {
        for text in [
            TEXT,
            "08-00-2B-01-02-03",
            "08002b:010203",
            "08002b-010203",
            "0800.2b01.0203",
            "08002b010203",
        ] {
            assert_eq!(parse(text).unwrap(), *hex("08002b010203"), "{text}");
            assert_eq!(parse8(text).unwrap(), *hex("08002bfffe010203"), "{text}");
        }
        let eight = parse8("08:00:2b:01:02:03:04:05").unwrap();
        assert_eq!(eight, *hex("08002b0102030405"));
    }

    #[test]
    fn what_is_no_address() {
        for text in [
            "",
            ":",
            "08:00:2b:01:02",
            "08:00:2b:01:02:0g",
            "08:00:2b:01:02-03",
            "8:0:2b:1:2:3",
            "08:00:2b:01:02:03:04",
            "+8:00:2b:01:02:03",
            "08:00:2b:01:02:03:",
            "é8:00:2b:01:02:03",
        ] {
            assert!(parse(text).is_err() && parse8(text).is_err(), "{text}");
        }
    }
}
