//! tsvector: a count, then each word with its end, a count of places, and those: two bits of weight and fourteen of position.

use std::fmt::Write;

use super::malformed;
use crate::error::DecodeError;
use crate::reader::Reader;

/// Reads a tsvector, as the server writes its text: `'a':1A,2 'b'`.
pub fn decode(bytes: &[u8]) -> Result<String, DecodeError> {
    let mut reader = Reader::new(bytes);
    let count = reader.i32()?;
    if count < 0 {
        return Err(malformed("tsvector", "its number of words is negative"));
    }
    let mut text = String::new();
    for index in 0..count {
        if index > 0 {
            text.push(' ');
        }
        quote(reader.text()?, &mut text);
        for place in 0..reader.u16()? {
            text.push(if place == 0 { ':' } else { ',' });
            let place = reader.u16()?;
            // Writing to a String cannot fail.
            let _ = write!(text, "{}", place & 0x3fff);
            text.push_str(match place >> 14 {
                3 => "A",
                2 => "B",
                1 => "C",
                _ => "",
            });
        }
    }
    reader.end()?;
    Ok(text)
}

/// Appends a word in quotes; in them a quote and a backslash are doubled.
pub(super) fn quote(word: &str, text: &mut String) {
    text.push('\'');
    for character in word.chars() {
        if matches!(character, '\'' | '\\') {
            text.push(character);
        }
        text.push(character);
    }
    text.push('\'');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{hex, prefixes_fail};

    /// `SELECT tsvectorsend(...)`.
    const VECTOR: &str = "00000003 6100 0002 c001 0002 275c00 0001 8003 c3a900 0000";

    #[test]
    fn as_the_server_writes_it() {
        let bytes = hex(VECTOR);
        assert_eq!(decode(&bytes).unwrap(), r"'a':1A,2 '''\\':3B 'é'");
        prefixes_fail(&bytes, |bytes| decode(bytes).is_ok());
        assert_eq!(decode(&[0; 4]).unwrap(), "");
    }

    #[test]
    fn what_is_no_tsvector() {
        for bytes in [
            "",
            "ffffffff",
            "7fffffff",
            "00000000 00",
            "00000001 61",
            "00000001 ff00 0000",
            "00000001 6100 ffff 0001",
        ] {
            assert!(decode(&hex(bytes)).is_err(), "{bytes}");
        }
    }
}
