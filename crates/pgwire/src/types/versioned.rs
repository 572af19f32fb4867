//! jsonpath, ltree, lquery and ltxtquery: text after a version, which is 1.

use super::{malformed, text};
use crate::error::DecodeError;

const VERSION: u8 = 1;

/// Reads the text of the type of this name.
pub fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, DecodeError> {
    match bytes.split_first() {
        Some((&VERSION, text)) => text::decode(text),
        Some((version, _)) => Err(malformed(name, &format!("version {version} is unknown"))),
        None => Err(malformed(name, "it has no version")),
    }
}

/// Appends the version and the text.
pub fn encode(value: &str, out: &mut Vec<u8>) {
    out.push(VERSION);
    text::encode(value, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_version_1() {
        for (bytes, text) in [
            (&b"\x01$.\"a\"[*]"[..], "$.\"a\"[*]"),
            (b"\x01a.b.c", "a.b.c"),
            (b"\x01", ""),
        ] {
            assert_eq!(decode("ltree", bytes), Ok(text));
            let mut out = Vec::new();
            encode(text, &mut out);
            assert_eq!(out, bytes);
        }
        let error = decode("ltree", b"\x02a").unwrap_err();
        assert_eq!(error.to_string(), "ltree: version 2 is unknown");
        assert!(decode("ltree", b"").is_err() && decode("ltree", b"\x01\xff").is_err());
    }
}
