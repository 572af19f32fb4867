//! float4, float8: IEEE 754, big-endian; every bit pattern is a value.

use super::exact;
use crate::error::DecodeError;

/// Reads a float4.
#[inline]
pub fn decode4(bytes: &[u8]) -> Result<f32, DecodeError> {
    exact("float4", bytes).map(f32::from_be_bytes)
}

/// Appends a float4.
#[inline]
pub fn encode4(value: f32, out: &mut Vec<u8>) {
    out.extend_from_slice(&value.to_be_bytes());
}

/// Reads a float8.
#[inline]
pub fn decode8(bytes: &[u8]) -> Result<f64, DecodeError> {
    exact("float8", bytes).map(f64::from_be_bytes)
}

/// Appends a float8.
#[inline]
pub fn encode8(value: f64, out: &mut Vec<u8>) {
    out.extend_from_slice(&value.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_has_a_sign_and_nan_stays_nan() {
        for value in [
            -0.0,
            0.0,
            1.5,
            f64::MIN_POSITIVE,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
        ] {
            let mut out = Vec::new();
            encode8(value, &mut out);
            assert_eq!(decode8(&out).unwrap().to_bits(), value.to_bits());
        }
        assert!(decode4(&[0; 8]).is_err());
    }
}
