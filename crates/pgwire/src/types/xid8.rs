//! xid8: the number of a transaction that does not wrap around, unsigned 64-bit.

use super::exact;
use crate::error::DecodeError;

/// Reads an xid8.
pub fn decode(bytes: &[u8]) -> Result<u64, DecodeError> {
    exact("xid8", bytes).map(u64::from_be_bytes)
}

/// Appends an xid8.
pub fn encode(value: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(&value.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xid8s_have_no_sign() {
        assert_eq!(decode(&[255; 8]), Ok(u64::MAX));
        let mut out = Vec::new();
        encode(u64::MAX, &mut out);
        assert_eq!(out, [255; 8]);
        assert!(decode(&[0; 4]).is_err());
    }
}
