//! bool: one byte, 0 or 1.

use super::malformed;
use crate::error::DecodeError;

/// Reads a bool.
#[inline]
pub fn decode(bytes: &[u8]) -> Result<bool, DecodeError> {
    match bytes {
        [0] => Ok(false),
        [1] => Ok(true),
        _ => Err(malformed("bool", "it is neither 0 nor 1")),
    }
}

/// Appends a bool.
#[inline]
pub fn encode(value: bool, out: &mut Vec<u8>) {
    out.push(u8::from(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_0_and_1_is_a_bool() {
        assert_eq!((decode(&[0]), decode(&[1])), (Ok(false), Ok(true)));
        for bytes in [&[][..], &[2], &[255], &[0, 0]] {
            assert!(decode(bytes).is_err(), "{bytes:?}");
        }
    }
}
