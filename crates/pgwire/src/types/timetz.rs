//! timetz: a time of day and the zone it was said in.

use super::{time, unfit};
use crate::error::{DecodeError, EncodeError};

/// Zones are nearer to UTC than this, in seconds; the server refuses others.
const LIMIT: i32 = 16 * 3_600;

/// A time of day in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeTz {
    /// Microseconds since midnight: 0 to 86,400,000,000.
    pub micros: i64,
    /// Seconds east of UTC, as everybody but the wire counts them.
    pub offset: i32,
}

/// Reads a timetz.
pub fn decode(bytes: &[u8]) -> Result<TimeTz, DecodeError> {
    let size = || DecodeError::size("timetz", 12, bytes.len());
    let (micros, west) = bytes.split_at_checked(8).ok_or_else(size)?;
    let west = i32::from_be_bytes(west.try_into().map_err(|_| size())?);
    let offset = west
        .checked_neg()
        .filter(|offset| is_zone(*offset))
        .ok_or_else(|| super::malformed("timetz", "its zone is 16 hours or more from UTC"))?;
    Ok(TimeTz {
        micros: time::decode(micros)?,
        offset,
    })
}

/// Appends a timetz.
///
/// # Errors
///
/// [`EncodeError`] for a time that is not within a day and a zone 16 hours or more from UTC.
pub fn encode(value: TimeTz, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let west = value
        .offset
        .checked_neg()
        .filter(|offset| is_zone(*offset))
        .ok_or_else(|| {
            unfit(
                "timetz",
                value.offset,
                "seconds is not an offset of less than 16 hours",
            )
        })?;
    time::encode(value.micros, out)?;
    out.extend_from_slice(&west.to_be_bytes());
    Ok(())
}

fn is_zone(seconds: i32) -> bool {
    seconds.unsigned_abs() < LIMIT.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::hex;

    const HOUR: i64 = 3_600_000_000;

    #[test]
    fn east_is_negative_on_the_wire() {
        for (bytes, micros, offset) in [
            ("0000000a8be62614 ffffe3e0", 45_296_789_012, 7_200),
            ("0000000000000000 00004d58", 0, -19_800),
            ("000000141dd76000 00000000", 24 * HOUR, 0),
            ("0000000a0eebb000 ffff1f01", 12 * HOUR, 57_599),
            ("0000000a0eebb000 0000e0ff", 12 * HOUR, -57_599),
        ] {
            let value = TimeTz { micros, offset };
            assert_eq!(decode(&hex(bytes)), Ok(value));
            let mut out = Vec::new();
            assert_eq!(encode(value, &mut out), Ok(()));
            assert_eq!(out, hex(bytes));
        }
    }

    #[test]
    fn what_is_no_timetz() {
        for bytes in [
            "",
            "0000000000000000",
            "0000000000000000 0000e100",
            "0000000000000000 80000000",
            "ffffffffffffffff 00000000",
            "0000000000000000 00000000 00",
        ] {
            assert!(decode(&hex(bytes)).is_err(), "{bytes}");
        }
        for (micros, offset) in [(0, LIMIT), (0, -LIMIT), (0, i32::MIN), (-1, 0)] {
            let mut out = Vec::new();
            assert!(encode(TimeTz { micros, offset }, &mut out).is_err());
            assert!(out.is_empty());
        }
    }
}
