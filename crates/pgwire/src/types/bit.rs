//! bit and varbit: the number of bits, then the bits, eight to a byte; as text, a digit each.

use super::{malformed, unfit};
use crate::error::{DecodeError, EncodeError};
use crate::reader::Reader;

const FIRST: u8 = 0x80;

/// Reads a bit or varbit: digits 0 and 1.
pub fn decode(bytes: &[u8]) -> Result<String, DecodeError> {
    let mut reader = Reader::new(bytes);
    let length = usize::try_from(reader.i32()?)
        .map_err(|_| malformed("bit", "its number of bits is negative"))?;
    let bytes = reader.rest();
    if length.div_ceil(8) != bytes.len() {
        return Err(malformed("bit", "its bits and its bytes are not as many"));
    }
    let mut text = String::with_capacity(bytes.len().saturating_mul(8));
    for byte in bytes {
        for place in 0..8 {
            text.push(if byte & FIRST >> place == 0 { '0' } else { '1' });
        }
    }
    if text.as_bytes().iter().skip(length).any(|bit| *bit == b'1') {
        return Err(malformed("bit", "a bit after the last one is set"));
    }
    text.truncate(length);
    Ok(text)
}

/// Appends a bit or varbit, given as digits 0 and 1.
///
/// # Errors
///
/// [`EncodeError`] for other characters and for more than 2,147,483,647 digits.
pub fn encode(text: &str, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let digits = text.as_bytes();
    if let Some(other) = text.chars().find(|digit| !matches!(digit, '0' | '1')) {
        return Err(unfit(
            "bit",
            format_args!("{other:?}"),
            "is not a digit 0 or 1",
        ));
    }
    let length = i32::try_from(digits.len())
        .map_err(|_| unfit("bit", digits.len(), "digits are too many"))?;
    out.extend_from_slice(&length.to_be_bytes());
    for eight in digits.chunks(8) {
        let set = (0..8).zip(eight).filter(|(_, digit)| **digit == b'1');
        out.push(set.fold(0, |byte, (place, _)| byte | FIRST >> place));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{hex, prefixes_fail};

    #[test]
    fn bits_as_postgresql_writes_them() {
        for (bytes, text) in [
            ("00000009 a080", "101000001"),
            ("00000000", ""),
            ("00000001 80", "1"),
            ("00000008 80", "10000000"),
            ("0000000a aac0", "1010101011"),
        ] {
            let bytes = hex(bytes);
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
            let mut out = Vec::new();
            encode(text, &mut out).unwrap();
            assert_eq!(out, bytes);
            prefixes_fail(&bytes, |bytes| decode(bytes).is_ok());
        }
    }

    #[test]
    fn what_are_no_bits() {
        for bytes in [
            "ffffffff",
            "7fffffff",
            "00000001 c0",
            "00000001 8000",
            "00000008",
        ] {
            assert!(decode(&hex(bytes)).is_err(), "{bytes}");
        }
        let mut out = Vec::new();
        for text in ["2", "10 1", "0b1", "١"] {
            assert!(encode(text, &mut out).is_err(), "{text}");
        }
        assert!(out.is_empty());
    }
}
