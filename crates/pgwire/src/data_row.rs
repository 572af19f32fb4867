//! One row of a result (`DataRow`): ten thousand of them are walked through per query, so this is
//! a single pass over the lengths, without a copy and without an allocation.

use std::fmt;

use crate::parts::{Parts, add_up};

/// A row whose lengths have been checked: they add up to the message exactly.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DataRow<'a> {
    count: u16,
    values: &'a [u8],
}

/// What the beginning of some bytes is.
pub(crate) enum Split<'a> {
    Row(DataRow<'a>, &'a [u8]),
    /// A row whose end has not come yet.
    Short,
    /// No row.
    Wrong,
}

impl<'a> DataRow<'a> {
    /// None if the counts and lengths do not add up.
    #[inline]
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let (count, values) = body.split_first_chunk::<2>()?;
        // Signed on the wire, and never more than 1,664.
        let count = u16::try_from(i16::from_be_bytes(*count)).ok()?;
        add_up::<Option<&[u8]>>(count.into(), values).then_some(Self { count, values })
    }

    /// As `parse`, without a check of the lengths: the values may end early.
    #[inline]
    pub(crate) fn unchecked(body: &'a [u8]) -> Option<Values<'a>> {
        let (count, values) = body.split_first_chunk::<2>()?;
        let count = u16::try_from(i16::from_be_bytes(*count)).ok()?;
        Some(Parts::new(count.into(), values))
    }

    /// The row at the beginning of `bytes`, of values up to `longest`, and what follows it.
    #[inline]
    pub(crate) fn split(bytes: &'a [u8], longest: usize) -> Split<'a> {
        let Some((count, values)) = bytes.split_first_chunk::<2>() else {
            return Split::Short;
        };
        let Ok(count) = u16::try_from(i16::from_be_bytes(*count)) else {
            return Split::Wrong;
        };
        let mut rest = values;
        for _ in 0..count {
            let Some((length, after)) = rest.split_first_chunk::<4>() else {
                return Split::Short;
            };
            rest = match i32::from_be_bytes(*length) {
                -1 => after,
                length => match usize::try_from(length) {
                    Ok(length) if length <= longest => match after.get(length..) {
                        Some(rest) => rest,
                        None => return Split::Short,
                    },
                    _ => return Split::Wrong,
                },
            };
        }
        let length = values.len().saturating_sub(rest.len());
        let values = values.get(..length).unwrap_or_default();
        Split::Row(Self { count, values }, rest)
    }

    /// The number of values.
    #[inline]
    pub fn len(&self) -> usize {
        usize::from(self.count)
    }

    /// Whether the row has no values at all (`SELECT FROM t`).
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The values from left to right, None for NULL.
    #[inline]
    pub fn iter(&self) -> Values<'a> {
        Values::new(self.len(), self.values)
    }
}

impl DataRow<'_> {
    /// A copy, to be read when the message is gone.
    pub fn keep(&self) -> KeptRow {
        KeptRow {
            count: self.count,
            values: self.values.into(),
        }
    }
}

/// A [`DataRow`] that owns its bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptRow {
    count: u16,
    values: Box<[u8]>,
}

impl KeptRow {
    /// The row.
    pub fn row(&self) -> DataRow<'_> {
        DataRow {
            count: self.count,
            values: &self.values,
        }
    }
}

impl<'a> IntoIterator for DataRow<'a> {
    type Item = Option<&'a [u8]>;
    type IntoIter = Values<'a>;

    fn into_iter(self) -> Values<'a> {
        self.iter()
    }
}

impl fmt::Debug for DataRow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The values of a [`DataRow`].
pub type Values<'a> = Parts<'a, Option<&'a [u8]>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_as_they_were_sent() {
        let body = b"\0\x03\0\0\0\x01a\xff\xff\xff\xff\0\0\0\0";
        let row = DataRow::parse(body).unwrap();
        let values: Vec<_> = row.iter().collect();
        assert_eq!(values, [Some(&b"a"[..]), None, Some(&b""[..])]);
        assert_eq!((row.len(), row.iter().len()), (3, 3));
    }

    #[test]
    fn lengths_that_do_not_add_up_are_no_row() {
        for body in [
            &b""[..],
            b"\0",
            b"\0\x01",
            b"\0\0x",
            b"\xff\xff",
            b"\0\x01\0\0\0\x02a",
            b"\0\x01\0\0\0\x01ab",
            b"\0\x01\xff\xff\xff\xfe",
            b"\0\x01\x80\0\0\0",
            b"\0\x02\0\0\0\x01a",
        ] {
            assert_eq!(DataRow::parse(body), None, "{body:?}");
        }
    }
}
