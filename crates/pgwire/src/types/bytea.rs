//! bytea: the bytes themselves.

use crate::error::DecodeError;

/// Reads a bytea; it never fails.
#[inline]
pub const fn decode(bytes: &[u8]) -> Result<&[u8], DecodeError> {
    Ok(bytes)
}

/// Appends a bytea.
#[inline]
pub fn encode(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(value);
}
