//! What consists of parts, one behind the other, each as long as it says: rows, arrays, records, multiranges, hstores.

use std::iter::FusedIterator;
use std::marker::PhantomData;

use crate::Oid;

/// Something that can be told from what follows it.
pub trait Part<'a>: Sized {
    /// The part at the beginning, and what follows; None if there is none.
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])>;
}

/// A length and its bytes; -1 is NULL, any other negative length is wrong.
impl<'a> Part<'a> for Option<&'a [u8]> {
    #[inline]
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let length = i32::from_be_bytes(*length);
        if length == -1 {
            return Some((None, rest));
        }
        let (value, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        Some((Some(value), rest))
    }
}

/// A type, and a value of it.
impl<'a> Part<'a> for (Oid, Option<&'a [u8]>) {
    #[inline]
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (oid, rest) = bytes.split_first_chunk::<4>()?;
        let (value, rest) = Part::split(rest)?;
        Some(((Oid::from_be_bytes(*oid), value), rest))
    }
}

/// A key, and its text or NULL.
impl<'a> Part<'a> for (&'a str, Option<&'a str>) {
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (key, rest) = <Option<&[u8]>>::split(bytes)?;
        let (value, rest) = <Option<&[u8]>>::split(rest)?;
        let key = std::str::from_utf8(key?).ok()?;
        let value = value.map(std::str::from_utf8).transpose().ok()?;
        Some(((key, value), rest))
    }
}

/// Whether these bytes are so many parts and nothing else.
#[inline]
pub(crate) fn add_up<'a, P: Part<'a>>(count: usize, bytes: &'a [u8]) -> bool {
    let mut rest = bytes;
    for _ in 0..count {
        let Some((_, after)) = P::split(rest) else {
            return false;
        };
        rest = after;
    }
    rest.is_empty()
}

/// An iterator over parts whose lengths were checked before, but for [`DataRow::unchecked`](crate::DataRow).
#[derive(Clone, Debug)]
pub struct Parts<'a, P> {
    left: usize,
    rest: &'a [u8],
    part: PhantomData<fn() -> P>,
}

impl<'a, P: Part<'a>> Parts<'a, P> {
    /// So many parts at the beginning of `bytes`, which have been looked at.
    #[inline]
    pub(crate) const fn new(count: usize, bytes: &'a [u8]) -> Self {
        Self {
            left: count,
            rest: bytes,
            part: PhantomData,
        }
    }

    /// Whether all parts were read, and no bytes are left behind them.
    #[inline]
    pub(crate) const fn is_used_up(&self) -> bool {
        self.left == 0 && self.rest.is_empty()
    }
}

impl<'a, P: Part<'a>> Iterator for Parts<'a, P> {
    type Item = P;

    #[inline]
    fn next(&mut self) -> Option<P> {
        self.left = self.left.checked_sub(1)?;
        // None only where the lengths were not checked before.
        let (part, rest) = P::split(self.rest)?;
        self.rest = rest;
        Some(part)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<'a, P: Part<'a>> ExactSizeIterator for Parts<'a, P> {}
impl<'a, P: Part<'a>> FusedIterator for Parts<'a, P> {}

#[cfg(test)]
mod tests {
    use super::*;

    type Value<'a> = Option<&'a [u8]>;

    #[test]
    fn parts_come_in_order_and_are_counted() {
        let bytes = b"\0\0\0\x01a\xff\xff\xff\xff\0\0\0\0";
        assert!(add_up::<Value<'_>>(3, bytes));
        let mut parts = Parts::<Value<'_>>::new(3, bytes);
        assert_eq!(parts.len(), 3);
        assert_eq!(parts.next(), Some(Some(&b"a"[..])));
        assert_eq!(parts.len(), 2);
        assert_eq!(parts.by_ref().collect::<Vec<_>>(), [None, Some(&b""[..])]);
        assert_eq!(parts.next(), None);
    }

    #[test]
    fn too_few_too_many_and_negative_lengths_do_not_add_up() {
        let bytes = b"\0\0\0\x01a\xff\xff\xff\xff";
        for count in [0, 1, 3, usize::MAX] {
            assert!(!add_up::<Value<'_>>(count, bytes), "{count}");
        }
        assert!(!add_up::<Value<'_>>(1, b"\xff\xff\xff\xfe"));
        assert!(!add_up::<Value<'_>>(1, b"\0\0\0\x02a"));
        assert!(!add_up::<(&str, Option<&str>)>(
            1,
            b"\0\0\0\x01\xff\xff\xff\xff\xff"
        ));
    }
}
