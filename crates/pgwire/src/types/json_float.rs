//! Floats in the text of a jsonb. The server keeps numbers as numeric, of which `1e+16` is a whole one: it would come back as an int.

use std::io::Write;

use memchr::memchr;

/// Gives the floats of the JSON text behind `start` that are written with a large exponent their digits, and a place behind the point.
///
/// It is the same number, and one that the server writes with that place. The text is that of `json.dumps`, or like it.
#[inline]
pub fn with_places(text: &mut Vec<u8>, start: usize) {
    // Documents without such a number, which are nearly all, cost a look for this byte.
    if text
        .get(start..)
        .is_some_and(|json| memchr(b'+', json).is_some())
    {
        rewrite(text, start);
    }
}

#[cold]
fn rewrite(text: &mut Vec<u8>, start: usize) {
    let json = text.split_off(start);
    let mut rest = json.as_slice();
    while let Some((&byte, after)) = rest.split_first() {
        let length = match byte {
            b'"' => string(after).saturating_add(1),
            b'-' | b'0'..=b'9' => number(rest),
            _ => 1,
        };
        let (token, behind) = rest.split_at(length.min(rest.len()));
        if byte == b'"' || !large(token, text) {
            text.extend_from_slice(token);
        }
        rest = behind;
    }
}

/// The length of a string behind its first quote, the last one included.
fn string(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().position(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |at| at.saturating_add(1))
}

fn number(text: &[u8]) -> usize {
    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    text.iter()
        .position(|byte| !is_part(byte))
        .unwrap_or(text.len())
}

/// Appends a number with a large exponent; false: it is none.
fn large(token: &[u8], out: &mut Vec<u8>) -> bool {
    if !token.contains(&b'+') {
        return false;
    }
    let number = std::str::from_utf8(token)
        .ok()
        .and_then(|text| text.parse::<f64>().ok());
    // Rust writes the fewest digits that make the number, as Python does, and no exponent.
    number.is_some_and(|number| number.is_finite() && write!(out, "{number}.0").is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> String {
        let mut out = b"\x01e+".to_vec();
        out.extend_from_slice(text.as_bytes());
        with_places(&mut out, 3);
        assert_eq!(
            out[..3],
            *b"\x01e+",
            "what stands in front of it is another's"
        );
        String::from_utf8(out[3..].to_vec()).unwrap()
    }

    #[test]
    fn a_large_float_has_a_place_behind_the_point() {
        assert_eq!(rewritten("1e+16"), "10000000000000000.0");
        assert_eq!(
            rewritten("[-1.5e+22,{\"a\":1e+23}]"),
            "[-15000000000000000000000.0,{\"a\":100000000000000000000000.0}]"
        );
        let most = rewritten("1.7976931348623157e+308");
        assert_eq!((most.len(), most.parse()), (311, Ok(f64::MAX)));
    }

    #[test]
    fn nothing_else_changes() {
        for text in [
            "",
            "[1,-2,0.5,1e-07,5e-324,true,null]",
            r#""1e+16""#,
            r#"{"1e+16":"\\","a\"1e+16":["+",100000000000000000000000000]}"#,
            "1e+999",
            "\"1e+16",
            "\"+\\",
            "+",
        ] {
            assert_eq!(rewritten(text), text);
        }
    }
}
