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

/// The double with the fewest digits that is this float: 0.1 stays 0.1. Of two that are as near, the one whose last digit is even, as
/// the server and Python write it.
#[must_use]
pub fn shortest(value: f32) -> f64 {
    let exact = f64::from(value);
    if !exact.is_finite() {
        return exact;
    }
    let text = value.to_string();
    let found = text.parse().unwrap_or(exact);
    if found == exact || exact.abs() >= 1e20 {
        return found;
    }
    // Two are as near where the float ends in a 5 just behind these digits: then this many bits behind the point are all it has.
    let places = text.split_once('.').map_or(0, |(_, places)| places.len());
    let bits = 1_u32.checked_shl(u32::try_from(places).unwrap_or(u32::MAX).saturating_add(1));
    if bits.is_none_or(|bits| (exact * f64::from(bits)).fract() != 0.0) {
        return found;
    }
    even(value).unwrap_or(found)
}

#[cold]
fn even(value: f32) -> Option<f64> {
    let text = format!("{value:e}");
    let digits = text
        .split('e')
        .next()?
        .bytes()
        .filter(u8::is_ascii_digit)
        .count();
    let rounded = format!("{value:.*e}", digits.checked_sub(1)?);
    (rounded.parse::<f32>().ok()? == value)
        .then(|| rounded.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_has_few_digits_and_an_even_one_of_two() {
        for (single, double) in [
            (0.1, 0.1),
            (1.5, 1.5),
            (-0.0, -0.0),
            (16_777_216.0, 16_777_216.0),
            (19_781.062, 19_781.062),
            (-2_854_276.2, -2_854_276.2),
            (2_747_983_872.0, 2_747_984_000.0),
            (f32::MAX, 3.402_823_5e38),
            (f32::MIN_POSITIVE, 1.175_494_4e-38),
            (1e-45, 1e-45),
            (f32::INFINITY, f64::INFINITY),
        ] {
            let found: f64 = shortest(single);
            assert_eq!(found.to_bits(), f64::to_bits(double), "{single:e}");
        }
        assert!(shortest(f32::NAN).is_nan());
    }

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
