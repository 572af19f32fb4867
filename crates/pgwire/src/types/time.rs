//! time: microseconds since midnight, up to and including 24:00.

use super::{int, malformed, unfit};
use crate::error::{DecodeError, EncodeError};

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;

/// Reads a time, in microseconds since midnight: 0 to 86,400,000,000.
#[inline]
pub fn decode(bytes: &[u8]) -> Result<i64, DecodeError> {
    match int::decode8(bytes) {
        Ok(micros) if (0..=DAY).contains(&micros) => Ok(micros),
        Ok(_) => Err(malformed("time", "it is not within a day")),
        Err(_) => Err(DecodeError::size("time", 8, bytes.len())),
    }
}

/// Appends a time, given in microseconds since midnight.
///
/// # Errors
///
/// [`EncodeError`] for what is not within a day.
#[inline]
pub fn encode(micros: i64, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    if !(0..=DAY).contains(&micros) {
        return Err(unfit("time", micros, "microseconds are not within a day"));
    }
    int::encode8(micros, out);
    Ok(())
}

/// Hour, minute, second, microsecond; (24, 0, 0, 0) is possible. None for what is not within a day.
#[inline]
pub fn split(micros: i64) -> Option<(u8, u8, u8, u32)> {
    if !(0..=DAY).contains(&micros) {
        return None;
    }
    let micros = u64::try_from(micros).ok()?;
    let seconds = u32::try_from(micros / 1_000_000).ok()?;
    Some((
        u8::try_from(seconds / 3_600).ok()?,
        u8::try_from(seconds / 60 % 60).ok()?,
        u8::try_from(seconds % 60).ok()?,
        u32::try_from(micros % 1_000_000).ok()?,
    ))
}

/// The reverse of [`split`], None for what is no time of a day.
#[allow(
    clippy::arithmetic_side_effects,
    reason = "64-bit sums of small numbers"
)]
#[inline]
pub fn join(hour: u8, minute: u8, second: u8, microsecond: u32) -> Option<i64> {
    if hour > 24 || minute > 59 || second > 59 || microsecond > 999_999 {
        return None;
    }
    let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
    let micros = seconds * 1_000_000 + i64::from(microsecond);
    (micros <= DAY).then_some(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_has_two_ends() {
        for (micros, parts) in [
            (0, (0, 0, 0, 0)),
            (1, (0, 0, 0, 1)),
            (45_296_789_012, (12, 34, 56, 789_012)),
            (DAY - 1, (23, 59, 59, 999_999)),
            (DAY, (24, 0, 0, 0)),
        ] {
            assert_eq!(split(micros), Some(parts));
            assert_eq!(join(parts.0, parts.1, parts.2, parts.3), Some(micros));
            let mut out = Vec::new();
            assert_eq!(encode(micros, &mut out), Ok(()));
            assert_eq!(decode(&out), Ok(micros));
        }
    }

    #[test]
    fn other_times_do_not_exist() {
        for micros in [-1, DAY + 1, i64::MIN, i64::MAX] {
            assert_eq!(split(micros), None);
            assert!(encode(micros, &mut Vec::new()).is_err());
            assert!(decode(&micros.to_be_bytes()).is_err());
        }
        for (hour, minute, second, microsecond) in [
            (24, 0, 0, 1),
            (25, 0, 0, 0),
            (0, 60, 0, 0),
            (0, 0, 60, 0),
            (0, 0, 0, 1_000_000),
        ] {
            assert_eq!(join(hour, minute, second, microsecond), None);
        }
    }
}
