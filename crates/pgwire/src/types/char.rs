//! "char", with the quotes: one byte, as the system catalogues use it.

use super::exact;
use crate::error::DecodeError;

/// Reads a "char".
#[inline]
pub fn decode(bytes: &[u8]) -> Result<u8, DecodeError> {
    exact("\"char\"", bytes).map(u8::from_be_bytes)
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
}
