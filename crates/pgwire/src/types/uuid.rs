//! uuid: sixteen bytes, in the order they are printed.

use super::exact;
use crate::error::DecodeError;

/// Reads a uuid.
#[inline]
pub fn decode(bytes: &[u8]) -> Result<[u8; 16], DecodeError> {
    exact("uuid", bytes)
}

/// Appends a uuid.
#[inline]
pub fn encode(value: [u8; 16], out: &mut Vec<u8>) {
    out.extend_from_slice(&value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_sixteen_bytes() {
        assert_eq!(decode(&[7; 16]), Ok([7; 16]));
        assert!(decode(&[7; 15]).is_err() && decode(&[7; 36]).is_err());
    }
}
