//! "char", with the quotes: one byte, as the system catalogues use it.

use super::exact;
use crate::error::DecodeError;

/// Reads a "char".
#[inline]
pub fn decode(bytes: &[u8]) -> Result<u8, DecodeError> {
    exact("\"char\"", bytes).map(u8::from_be_bytes)
}

/// The byte of what a server shows: nothing for the zero byte, and `\ooo` beyond ASCII.
#[must_use]
pub fn parse(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [] => Some(0),
        [byte] => Some(*byte),
        [
            b'\\',
            high @ b'0'..=b'3',
            middle @ b'0'..=b'7',
            low @ b'0'..=b'7',
        ] => Some((high & 3) << 6 | (middle & 7) << 3 | low & 7),
        _ => None,
    }
}

/// Appends a "char".
#[inline]
pub fn encode(value: u8, out: &mut Vec<u8>) {
    out.push(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_char_is_one_byte() {
        assert_eq!(decode(b"r"), Ok(b'r'));
        assert!(decode(b"").is_err() && decode(b"rr").is_err());
    }

    #[test]
    fn a_char_is_shown_as_itself_or_in_octal() {
        assert_eq!(
            ["", "r", "\\", r"\200", r"\377"].map(parse),
            [0, b'r', b'\\', 0x80, 0xFF].map(Some)
        );
        assert_eq!(
            ["rr", "ü", r"\400", r"\+77", r"\80", r"\0200"].map(parse),
            [None; 6]
        );
    }
}
