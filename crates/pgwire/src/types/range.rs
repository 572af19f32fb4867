//! Ranges: a byte that says what kind each end is, then the ends that exist, each with its length.

use std::ops::Bound;

use super::malformed;
use crate::error::{DecodeError, PushError};
use crate::parts::Part;
use crate::writer;

const EMPTY: u8 = 0x01;
const LOWER_INCLUSIVE: u8 = 0x02;
const UPPER_INCLUSIVE: u8 = 0x04;
const LOWER_INFINITE: u8 = 0x08;
const UPPER_INFINITE: u8 = 0x10;

/// A range whose ends are still the bytes of their type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range<'a> {
    /// It contains nothing and has no ends.
    Empty,
    /// It goes from one end to the other.
    Bounds {
        /// Where it begins.
        lower: Bound<&'a [u8]>,
        /// Where it ends.
        upper: Bound<&'a [u8]>,
    },
}

/// Reads a range.
pub fn decode(bytes: &[u8]) -> Result<Range<'_>, DecodeError> {
    let (&flags, rest) = bytes
        .split_first()
        .ok_or_else(|| malformed("range", "it has no flags"))?;
    if flags == EMPTY && rest.is_empty() {
        return Ok(Range::Empty);
    }
    let (lower, rest) = bound(flags, LOWER_INFINITE, LOWER_INCLUSIVE, rest)?;
    let (upper, rest) = bound(flags, UPPER_INFINITE, UPPER_INCLUSIVE, rest)?;
    let known = LOWER_INCLUSIVE | UPPER_INCLUSIVE | LOWER_INFINITE | UPPER_INFINITE;
    if flags & !known != 0 || !rest.is_empty() {
        return Err(malformed("range", "its flags and its bounds do not fit"));
    }
    Ok(Range::Bounds { lower, upper })
}

fn bound(
    flags: u8,
    infinite: u8,
    inclusive: u8,
    bytes: &[u8],
) -> Result<(Bound<&[u8]>, &[u8]), DecodeError> {
    if flags & infinite != 0 {
        if flags & inclusive != 0 {
            return Err(malformed("range", "a bound is infinite and inclusive"));
        }
        return Ok((Bound::Unbounded, bytes));
    }
    let Some((Some(value), rest)) = Part::split(bytes) else {
        return Err(malformed("range", "a bound is missing"));
    };
    let bound = if flags & inclusive == 0 {
        Bound::Excluded(value)
    } else {
        Bound::Included(value)
    };
    Ok((bound, rest))
}

/// Appends the range that contains nothing.
pub fn encode_empty(out: &mut Vec<u8>) {
    out.push(EMPTY);
}

/// Appends a range; each end is what its function appends to the bytes it is given.
///
/// Whether the ends are in order is for the server to say.
///
/// # Errors
///
/// The error of an end's function, or [`Refused`](crate::Refused) for an end of 2 GiB; then
/// nothing is appended.
pub fn encode<E>(
    lower: Bound<impl FnOnce(&mut Vec<u8>) -> Result<(), E>>,
    upper: Bound<impl FnOnce(&mut Vec<u8>) -> Result<(), E>>,
    out: &mut Vec<u8>,
) -> Result<(), PushError<E>> {
    let start = out.len();
    out.push(
        kind(&lower, LOWER_INFINITE, LOWER_INCLUSIVE)
            | kind(&upper, UPPER_INFINITE, UPPER_INCLUSIVE),
    );
    let written = end(lower, out).and_then(|()| end(upper, out));
    if written.is_err() {
        out.truncate(start);
    }
    written
}

fn kind<T>(bound: &Bound<T>, infinite: u8, inclusive: u8) -> u8 {
    match bound {
        Bound::Unbounded => infinite,
        Bound::Included(_) => inclusive,
        Bound::Excluded(_) => 0,
    }
}

fn end<E>(
    bound: Bound<impl FnOnce(&mut Vec<u8>) -> Result<(), E>>,
    out: &mut Vec<u8>,
) -> Result<(), PushError<E>> {
    match bound {
        Bound::Unbounded => Ok(()),
        Bound::Included(encode) | Bound::Excluded(encode) => writer::value(out, encode),
    }
}

#[cfg(test)]
mod tests {
    use super::Bound::{Excluded, Included, Unbounded};
    use super::*;
    use crate::types::{hex, prefixes_fail};

    fn write(lower: Bound<&[u8]>, upper: Bound<&[u8]>) -> Vec<u8> {
        let append = |bytes: &[u8]| {
            let bytes = bytes.to_vec();
            move |out: &mut Vec<u8>| {
                out.extend(bytes);
                Ok::<(), ()>(())
            }
        };
        let mut out = Vec::new();
        encode(lower.map(append), upper.map(append), &mut out).unwrap();
        out
    }

    #[test]
    fn ranges_as_postgresql_writes_them() {
        let [one, five, six, ten] = [1, 5, 6, 10].map(|n: i32| n.to_be_bytes());
        for (bytes, lower, upper) in [
            (
                "02 00000004 00000001 00000004 0000000a",
                Included(&one[..]),
                Excluded(&ten[..]),
            ),
            ("18", Unbounded, Unbounded),
            ("12 00000004 00000001", Included(&one), Unbounded),
            ("08 00000004 00000006", Unbounded, Excluded(&six)),
            (
                "04 00000004 00000001 00000004 00000005",
                Excluded(&one),
                Included(&five),
            ),
        ] {
            let bytes = hex(bytes);
            assert_eq!(decode(&bytes), Ok(Range::Bounds { lower, upper }));
            assert_eq!(write(lower, upper), bytes);
            prefixes_fail(&bytes, |bytes| decode(bytes).is_ok());
        }
        let mut out = Vec::new();
        encode_empty(&mut out);
        assert_eq!(decode(&out), Ok(Range::Empty));
        assert_eq!(out, [1]);
    }

    #[test]
    fn what_is_no_range() {
        for bytes in [
            "",
            "00",
            "0100",
            "19",
            "38",
            "98",
            "1a",
            "1c 00000000",
            "10 ffffffff",
            "10 fffffffe",
            "10 00000004 000000",
            "10 00000001 0000",
        ] {
            assert!(decode(&hex(bytes)).is_err(), "{bytes}");
        }
    }

    #[test]
    fn a_failed_end_leaves_nothing_behind() {
        let mut out = b"before".to_vec();
        let failed = encode(
            Included(|_: &mut Vec<u8>| Ok(())),
            Excluded(|_: &mut Vec<u8>| Err("no")),
            &mut out,
        );
        assert_eq!(failed, Err(PushError::Encode("no")));
        assert_eq!(out, b"before");
    }
}
