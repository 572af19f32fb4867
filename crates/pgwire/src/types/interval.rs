//! interval: months, days and microseconds, kept apart because months and days differ in length;
//! since PostgreSQL 17 the two ends of all three together are the infinities.

use super::{exact, unfit};
use crate::error::{DecodeError, EncodeError};

/// A distance in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// Three distances that are added one after the other, each with a sign of its own.
    Finite {
        /// Twelve of them are a year.
        months: i32,
        /// Each as long as the day it is added to.
        days: i32,
        /// Hours, minutes and seconds.
        micros: i64,
    },
    /// Longer than every interval.
    Infinity,
    /// Shorter than every interval.
    NegInfinity,
}

/// Reads an interval.
#[inline]
pub fn decode(bytes: &[u8]) -> Result<Interval, DecodeError> {
    // One number, because its parts are then had without indexing.
    let all = exact("interval", bytes).map(u128::from_be_bytes)?;
    let [months, days] = [part(all), part(all >> 32)];
    let micros = i64::from(part(all >> 96)) << 32 | i64::from(part(all >> 64).cast_unsigned());
    Ok(match (months, days, micros) {
        (i32::MAX, i32::MAX, i64::MAX) => Interval::Infinity,
        (i32::MIN, i32::MIN, i64::MIN) => Interval::NegInfinity,
        (months, days, micros) => Interval::Finite {
            months,
            days,
            micros,
        },
    })
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "the low 32 bits are what is wanted"
)]
#[inline]
const fn part(all: u128) -> i32 {
    all as i32
}

/// Appends an interval.
///
/// # Errors
///
/// [`EncodeError`] for a finite value that stands for an infinity.
#[inline]
pub fn encode(value: Interval, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let (months, days, micros) = match value {
        Interval::Infinity => (i32::MAX, i32::MAX, i64::MAX),
        Interval::NegInfinity => (i32::MIN, i32::MIN, i64::MIN),
        Interval::Finite {
            months: months @ (i32::MIN | i32::MAX),
            days,
            micros: i64::MIN | i64::MAX,
        } if days == months => {
            return Err(unfit(
                "interval",
                format_args!("{months} months, {days} days"),
                "and the farthest microsecond stand for an infinity",
            ));
        }
        Interval::Finite {
            months,
            days,
            micros,
        } => (months, days, micros),
    };
    out.extend_from_slice(&micros.to_be_bytes());
    out.extend_from_slice(&days.to_be_bytes());
    out.extend_from_slice(&months.to_be_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::hex;

    const fn finite(months: i32, days: i32, micros: i64) -> Interval {
        Interval::Finite {
            months,
            days,
            micros,
        }
    }

    #[test]
    fn intervals_as_postgresql_writes_them() {
        for (bytes, value) in [
            (
                "000000036c97ca88 00000003 0000000e",
                finite(14, 3, 14_706_789_000),
            ),
            ("0000000000000000 ffffffff 00000000", finite(0, -1, 0)),
            (
                "0000000000000000 00000000 7f50c600",
                finite(2_136_000_000, 0, 0),
            ),
            ("ffffffffffffffff 00000000 00000000", finite(0, 0, -1)),
            ("7fffffffffffffff 7fffffff 7fffffff", Interval::Infinity),
            ("8000000000000000 80000000 80000000", Interval::NegInfinity),
        ] {
            assert_eq!(decode(&hex(bytes)), Ok(value));
            let mut out = Vec::new();
            assert_eq!(encode(value, &mut out), Ok(()));
            assert_eq!(out, hex(bytes));
        }
        let error = decode(&[0; 12]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "interval: 12 bytes came, the type has 16"
        );
    }

    #[test]
    fn a_finite_interval_is_never_sent_as_an_infinite_one() {
        let mut out = Vec::new();
        assert!(encode(finite(i32::MAX, i32::MAX, i64::MAX), &mut out).is_err());
        assert!(encode(finite(i32::MIN, i32::MIN, i64::MIN), &mut out).is_err());
        assert!(out.is_empty());
        assert!(encode(finite(i32::MIN, i32::MIN, 0), &mut out).is_ok());
    }
}
