//! text, varchar, bpchar, name, unknown: UTF-8, because the session's encoding always is.

use super::malformed;
use crate::error::DecodeError;

/// Reads a text.
#[inline]
pub fn decode(bytes: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(bytes).map_err(|_| malformed("text", "it is not UTF-8"))
}

/// Appends a text. The server refuses one that contains a NUL character.
#[inline]
pub fn encode(value: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(value.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_utf_8_is_text() {
        assert_eq!(decode("naïve 🦀".as_bytes()), Ok("naïve 🦀"));
        for bytes in [&b"caf\xe9"[..], b"\xed\xa0\x80", b"\xf0\x9f\xa6"] {
            assert!(decode(bytes).is_err(), "{bytes:?}");
        }
    }
}
