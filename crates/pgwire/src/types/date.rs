//! date: days since 2000-01-01; the two ends of the range are the infinities.

use super::{civil, int, unfit};
use crate::error::{DecodeError, EncodeError};

/// A date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Date {
    /// A day of the proleptic Gregorian calendar.
    Finite {
        /// The year; 0 is 1 BC, -1 is 2 BC.
        year: i32,
        /// From 1 to 12.
        month: u8,
        /// From 1.
        day: u8,
    },
    /// Later than every day.
    Infinity,
    /// Earlier than every day.
    NegInfinity,
}

/// Reads a date.
#[inline]
pub fn decode(bytes: &[u8]) -> Result<Date, DecodeError> {
    match int::decode4(bytes) {
        Ok(i32::MAX) => Ok(Date::Infinity),
        Ok(i32::MIN) => Ok(Date::NegInfinity),
        Ok(days) => {
            let (year, month, day) = civil::from_days(days);
            Ok(Date::Finite { year, month, day })
        }
        Err(_) => Err(DecodeError::size("date", 4, bytes.len())),
    }
}

/// Appends a date.
///
/// # Errors
///
/// [`EncodeError`] for a day that does not exist, or beyond 32 bits of days.
#[inline]
pub fn encode(value: Date, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let days = match value {
        Date::Infinity => i32::MAX,
        Date::NegInfinity => i32::MIN,
        Date::Finite { year, month, day } => match civil::to_days(year, month, day) {
            Some(days) if days != i32::MAX && days != i32::MIN => days,
            _ => {
                let date = format!("{year}-{month:02}-{day:02}");
                return Err(unfit("date", date, "is not a day the type can hold"));
            }
        },
    };
    int::encode4(days, out);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_postgresql_sends_them() {
        for (bytes, date) in [
            (
                [0, 0, 0, 0],
                Date::Finite {
                    year: 2000,
                    month: 1,
                    day: 1,
                },
            ),
            (
                [0xff, 0xff, 0xff, 0xff],
                Date::Finite {
                    year: 1999,
                    month: 12,
                    day: 31,
                },
            ),
            ([0x7f, 0xff, 0xff, 0xff], Date::Infinity),
            ([0x80, 0, 0, 0], Date::NegInfinity),
        ] {
            assert_eq!(decode(&bytes), Ok(date));
            let mut out = Vec::new();
            assert_eq!(encode(date, &mut out), Ok(()));
            assert_eq!(out, bytes);
        }
    }

    #[test]
    fn a_finite_date_never_becomes_infinite() {
        let (year, month, day) = civil::from_days(i32::MAX);
        let error = encode(Date::Finite { year, month, day }, &mut Vec::new());
        assert!(error.is_err());
        assert_eq!(
            decode(&[0; 8]).unwrap_err().to_string(),
            "date: 8 bytes came, the type has 4"
        );
    }
}
