//! json: the text itself. jsonb: the same after a version, which is 1.

use super::malformed;
use crate::error::DecodeError;

const VERSION: u8 = 1;

/// Reads a json; whether it is JSON is for the parser that follows to say.
#[inline]
pub const fn decode(bytes: &[u8]) -> Result<&[u8], DecodeError> {
    Ok(bytes)
}

/// Appends a json.
#[inline]
pub fn encode(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(value);
}

/// Reads a jsonb: the JSON text without the version.
#[inline]
pub fn decode_b(bytes: &[u8]) -> Result<&[u8], DecodeError> {
    match bytes.split_first() {
        Some((&VERSION, text)) => Ok(text),
        Some((version, _)) => Err(malformed("jsonb", &format!("version {version} is unknown"))),
        None => Err(malformed("jsonb", "it has no version")),
    }
}

/// Appends a jsonb, given as JSON text.
#[inline]
pub fn encode_b(value: &[u8], out: &mut Vec<u8>) {
    out.push(VERSION);
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jsonb_is_version_1() {
        let mut out = Vec::new();
        encode_b(b"[1]", &mut out);
        assert_eq!(out, b"\x01[1]");
        assert_eq!(decode_b(&out), Ok(&b"[1]"[..]));
        assert!(decode_b(b"").is_err() && decode_b(b"\x02[1]").is_err());
    }
}
