//! timestamp and timestamptz: microseconds since 2000-01-01 00:00, in UTC for the latter; the two
//! ends of the range are the infinities.

use super::{civil, int, time, unfit};
use crate::error::{DecodeError, EncodeError};

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timestamp {
    /// Microseconds since 2000-01-01 00:00.
    Finite(i64),
    /// Later than every moment.
    Infinity,
    /// Earlier than every moment.
    NegInfinity,
}

/// A moment by the calendar and the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    /// The year; 0 is 1 BC.
    pub year: i32,
    /// From 1 to 12.
    pub month: u8,
    /// From 1.
    pub day: u8,
    /// From 0 to 23.
    pub hour: u8,
    /// From 0 to 59.
    pub minute: u8,
    /// From 0 to 59.
    pub second: u8,
    /// From 0 to 999,999.
    pub microsecond: u32,
}

/// Reads a timestamp or timestamptz.
#[inline]
pub fn decode(bytes: &[u8]) -> Result<Timestamp, DecodeError> {
    match int::decode8(bytes) {
        Ok(i64::MAX) => Ok(Timestamp::Infinity),
        Ok(i64::MIN) => Ok(Timestamp::NegInfinity),
        Ok(micros) => Ok(Timestamp::Finite(micros)),
        Err(_) => Err(DecodeError::size("timestamp", 8, bytes.len())),
    }
}

/// Appends a timestamp or timestamptz.
///
/// # Errors
///
/// [`EncodeError`] for a finite value that stands for an infinity.
#[inline]
pub fn encode(value: Timestamp, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let micros = match value {
        Timestamp::Infinity => i64::MAX,
        Timestamp::NegInfinity => i64::MIN,
        Timestamp::Finite(i64::MIN | i64::MAX) => {
            return Err(unfit(
                "timestamp",
                "a finite moment",
                "is beyond what the type can hold",
            ));
        }
        Timestamp::Finite(micros) => micros,
    };
    int::encode8(micros, out);
    Ok(())
}

/// The calendar and the clock at this number of microseconds since 2000-01-01 00:00.
#[inline]
pub fn split(micros: i64) -> DateTime {
    // 2^63 microseconds are less than 2^31 days, and a remainder is within a day: neither default
    // is ever used.
    let days = i32::try_from(micros.div_euclid(time::DAY)).unwrap_or_default();
    let (year, month, day) = civil::from_days(days);
    let (hour, minute, second, microsecond) =
        time::split(micros.rem_euclid(time::DAY)).unwrap_or_default();
    DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
        microsecond,
    }
}

/// The same for the years 1 to 9999, where nothing is ever negative; None for the others and for the infinities.
#[allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers, as the limits of the first line say"
)]
#[inline(always)]
pub fn split_usual(micros: i64) -> Option<DateTime> {
    /// Days from 0001-01-01 to 2000-01-01, and to 10000-01-01.
    const BEFORE: i64 = 730_119;
    const ALL: i64 = 3_652_059;
    let since = micros.wrapping_add(BEFORE * time::DAY) as u64;
    if since >= (ALL * time::DAY) as u64 {
        return None;
    }
    let day = since / time::DAY as u64;
    let within = since - day * time::DAY as u64;
    let seconds = (within / 1_000_000) as u32;
    let (year, month, day) = civil::from_days(day as i32 - BEFORE as i32);
    let (hour, rest) = (seconds / 3_600, seconds % 3_600);
    Some(DateTime {
        year,
        month,
        day,
        hour: hour as u8,
        minute: (rest / 60) as u8,
        second: (rest % 60) as u8,
        microsecond: (within - u64::from(seconds) * 1_000_000) as u32,
    })
}

/// The reverse of [`split`], None for a moment that does not exist or does not fit.
#[inline]
pub fn join(moment: DateTime) -> Option<i64> {
    let days = i64::from(civil::to_days(moment.year, moment.month, moment.day)?);
    let micros = time::join(
        moment.hour,
        moment.minute,
        moment.second,
        moment.microsecond,
    )?;
    if micros == time::DAY {
        return None;
    }
    // The first day begins before the range does, so the sum is made in more room.
    let total = i128::from(days)
        .checked_mul(i128::from(time::DAY))?
        .checked_add(i128::from(micros))?;
    i64::try_from(total).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(
        (year, month, day): (i32, u8, u8),
        (hour, minute, second, microsecond): (u8, u8, u8, u32),
    ) -> DateTime {
        DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
            microsecond,
        }
    }

    #[test]
    fn known_moments() {
        for (micros, moment) in [
            (0, moment((2000, 1, 1), (0, 0, 0, 0))),
            (-1, moment((1999, 12, 31), (23, 59, 59, 999_999))),
            (-946_684_800_000_000, moment((1970, 1, 1), (0, 0, 0, 0))),
            (
                762_352_496_789_012,
                moment((2024, 2, 27), (12, 34, 56, 789_012)),
            ),
            (
                -211_813_488_000_000_000,
                moment((-4713, 11, 24), (0, 0, 0, 0)),
            ),
            (
                9_223_371_331_199_999_999,
                moment((294_276, 12, 31), (23, 59, 59, 999_999)),
            ),
        ] {
            assert_eq!(split(micros), moment);
            assert_eq!(join(moment), Some(micros));
        }
    }

    #[test]
    fn the_ends_do_not_overflow() {
        for micros in [i64::MIN, i64::MAX] {
            assert_eq!(join(split(micros)), Some(micros));
            assert!(encode(Timestamp::Finite(micros), &mut Vec::new()).is_err());
        }
        assert_eq!(join(moment((294_278, 1, 1), (0, 0, 0, 0))), None);
        assert_eq!(join(moment((2000, 1, 1), (24, 0, 0, 0))), None);
    }

    #[test]
    fn the_usual_years_are_split_alike() {
        let first = join(moment((1, 1, 1), (0, 0, 0, 0))).unwrap();
        let end = join(moment((10_000, 1, 1), (0, 0, 0, 0))).unwrap();
        for micros in [
            i64::MIN,
            i64::MIN + 1,
            first - 1,
            end,
            i64::MAX - 1,
            i64::MAX,
        ] {
            assert_eq!(split_usual(micros), None);
        }
        // A month, an hour, two minutes, three seconds and some: each part of a moment moves.
        let step = time::DAY * 30 + 3_723_004_567;
        let mut micros = first;
        while micros < end {
            assert_eq!(split_usual(micros), Some(split(micros)));
            micros += step;
        }
        assert_eq!(split_usual(end - 1), Some(split(end - 1)));
    }

    #[test]
    fn infinities_make_the_round_trip() {
        for value in [
            Timestamp::Infinity,
            Timestamp::NegInfinity,
            Timestamp::Finite(5),
        ] {
            let mut out = Vec::new();
            assert_eq!(encode(value, &mut out), Ok(()));
            assert_eq!(decode(&out), Ok(value));
        }
        assert!(decode(&[0; 4]).is_err());
    }
}
