//! Half precision (IEEE 754 binary16), which Rust has no stable type for.

/// Where the mantissa of a single ends and that of a half does.
const DROPPED: u32 = 13;
/// What the exponents of a single and a half are apart.
const REBIAS: u32 = 127 - 15;
const INFINITY: u16 = 0x7c00;
const QUIET_NAN: u16 = 0x7e00;
/// The smallest number above zero.
const UNIT: f32 = 1.0 / (1 << 24) as f32;

/// The same number as a single; every half is one.
#[allow(
    clippy::arithmetic_side_effects,
    reason = "32-bit sums of five-bit exponents"
)]
#[inline]
pub fn to_f32(half: u16) -> f32 {
    let sign = u32::from(half & 0x8000) << 16;
    let exponent = u32::from(half >> 10 & 0x1f);
    let mantissa = half & 0x3ff;
    let magnitude = match exponent {
        0 => (f32::from(mantissa) * UNIT).to_bits(),
        31 => 0x7f80_0000 | u32::from(mantissa) << DROPPED,
        _ => (exponent + REBIAS) << 23 | u32::from(mantissa) << DROPPED,
    };
    f32::from_bits(sign | magnitude)
}

/// The nearest half, of two equally near the even one; None for a finite number too great.
#[allow(
    clippy::arithmetic_side_effects,
    reason = "each branch has checked that its differences are not negative"
)]
#[inline]
pub fn from_f32(single: f32) -> Option<u16> {
    let bits = single.to_bits();
    let mantissa = bits & 0x7f_ffff;
    let magnitude = match bits >> 23 & 0xff {
        255 if mantissa == 0 => INFINITY,
        255 => QUIET_NAN,
        exponent if exponent > REBIAS => {
            // A mantissa that rounds up to the next power of two carries into the exponent.
            rounded((exponent - REBIAS) << 23 | mantissa, DROPPED)
                .filter(|magnitude| *magnitude < INFINITY)?
        }
        // Below half the smallest number.
        exponent if exponent < 102 => 0,
        exponent => rounded(mantissa | 0x80_0000, 126 - exponent)?,
    };
    let sign = if single.is_sign_negative() { 0x8000 } else { 0 };
    Some(sign | magnitude)
}

/// The number without its last bits (1 to 24 of them), to the nearest and to even.
#[allow(
    clippy::arithmetic_side_effects,
    reason = "shifts by less than 32, of numbers of less than 32 bits"
)]
#[inline]
fn rounded(number: u32, bits: u32) -> Option<u16> {
    let quotient = number >> bits;
    let rest = number & ((1 << bits) - 1);
    let half = 1 << (bits - 1);
    let up = rest > half || rest == half && quotient & 1 == 1;
    u16::try_from(quotient + u32::from(up)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_makes_the_round_trip() {
        for half in 0..=u16::MAX {
            let single = to_f32(half);
            if single.is_nan() {
                assert_eq!(from_f32(single).unwrap() & 0x7fff, QUIET_NAN);
            } else {
                assert_eq!(from_f32(single), Some(half), "{single}");
            }
        }
    }

    #[test]
    fn known_halves() {
        for (half, single) in [
            (0x3c00, 1.0),
            (0xc100, -2.5),
            (0x7bff, 65_504.0),
            (0x0001, 5.960_464_5e-8),
            (0x2e66, 0.099_975_586),
            (0x8000, -0.0),
            (0x7c00, f32::INFINITY),
        ] {
            assert_eq!(to_f32(half).to_bits(), f32::to_bits(single));
        }
        assert_eq!(from_f32(0.1), Some(0x2e66));
        assert!(to_f32(0x7e00).is_nan());
    }

    #[test]
    fn between_two_halves_the_nearest_wins_and_even_a_tie() {
        for half in 0..0x7bff_u16 {
            let (low, high) = (to_f32(half), to_f32(half + 1));
            let middle = low.midpoint(high);
            let even = half + (half & 1);
            for sign in [1.0, -1.0] {
                let bit = if sign < 0.0 { 0x8000 } else { 0 };
                assert_eq!(from_f32(sign * middle), Some(bit | even), "{middle}");
                assert_eq!(from_f32(sign * middle.next_down()), Some(bit | half));
                assert_eq!(from_f32(sign * middle.next_up()), Some(bit | (half + 1)));
            }
        }
    }

    #[test]
    fn what_rounds_to_infinity_is_too_great() {
        assert_eq!(from_f32(65_520_f32.next_down()), Some(0x7bff));
        for single in [65_520.0, 65_536.0, f32::MAX, -65_520.0] {
            assert_eq!(from_f32(single), None, "{single}");
        }
        assert_eq!(from_f32(f32::MIN_POSITIVE), Some(0));
    }
}
