//! Multiranges: a count, then each range with its length.

use super::counted::{Counted, Counter, split};
use super::malformed;
use super::range::{self, Range};
use crate::error::{DecodeError, PushError, Refused};
use crate::parts::{Part, Parts};
use crate::writer;

/// A multirange whose ranges have all been checked.
pub type Multirange<'a> = Counted<'a, Range<'a>>;

/// Reads a multirange.
pub fn decode(bytes: &[u8]) -> Result<Multirange<'_>, DecodeError> {
    let (count, ranges) = split("multirange", bytes)?;
    let mut rest = ranges;
    for _ in 0..count {
        rest = next(rest)?.1;
    }
    if !rest.is_empty() {
        return Err(malformed("multirange", "bytes follow its last range"));
    }
    Ok(Multirange::new(count, ranges))
}

fn next(bytes: &[u8]) -> Result<(Range<'_>, &[u8]), DecodeError> {
    let Some((Some(value), rest)) = Part::split(bytes) else {
        return Err(malformed("multirange", "a range is missing"));
    };
    Ok((range::decode(value)?, rest))
}

/// The ranges of a [`Multirange`].
pub type Ranges<'a> = Parts<'a, Range<'a>>;

impl<'a> Part<'a> for Range<'a> {
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        next(bytes).ok()
    }
}

/// Writes a multirange, range by range; begin with [`Writer::new`], end with [`Writer::finish`].
pub struct Writer<'o> {
    out: &'o mut Vec<u8>,
    counter: Counter,
}

impl<'o> Writer<'o> {
    /// Appends the place of the count.
    pub fn new(out: &'o mut Vec<u8>) -> Self {
        let counter = Counter::new(out);
        Self { out, counter }
    }

    /// Appends the range that `encode` appends to the bytes it is given.
    ///
    /// # Errors
    ///
    /// The error of `encode`, or [`Refused`] for a range of 2 GiB; then it is not added.
    pub fn push_with<E>(
        &mut self,
        encode: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), PushError<E>> {
        writer::value(self.out, encode)?;
        self.counter.add();
        Ok(())
    }

    /// Puts the count where it belongs.
    ///
    /// # Errors
    ///
    /// [`Refused`] for more than 2,147,483,647 ranges.
    pub fn finish(self) -> Result<(), Refused> {
        self.counter.finish("a multirange", self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{hex, prefixes_fail};

    const TWO: &str = "00000002 00000011 02 00000004 00000001 00000004 00000003
        00000011 02 00000004 00000005 00000004 00000007";

    #[test]
    fn multiranges_as_postgresql_writes_them() {
        for (bytes, count) in [("00000000", 0), (TWO, 2), ("00000001 00000001 18", 1)] {
            let bytes = hex(bytes);
            let multirange = decode(&bytes).unwrap();
            assert_eq!(multirange.len(), count);
            assert_eq!(multirange.is_empty(), count == 0);
            assert_eq!(multirange.iter().count(), count);
            prefixes_fail(&bytes, |bytes| decode(bytes).is_ok());
        }
    }

    #[test]
    fn ranges_are_written_one_after_the_other() {
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out);
        let parts = hex(TWO);
        for part in [&parts[8..25], &parts[29..46]] {
            writer
                .push_with(|out| {
                    out.extend_from_slice(part);
                    Ok::<(), ()>(())
                })
                .unwrap();
        }
        assert!(writer.push_with(|_| Err(())).is_err());
        writer.finish().unwrap();
        assert_eq!(out, parts);
    }

    #[test]
    fn what_is_no_multirange() {
        for bytes in [
            "ffffffff",
            "7fffffff",
            "00000001 ffffffff",
            "00000001 00000000",
            "00000001 00000002 0100",
            "00000000 00",
        ] {
            assert!(decode(&hex(bytes)).is_err(), "{bytes}");
        }
    }
}
