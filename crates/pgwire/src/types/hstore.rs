//! hstore: a count, then each key and its value or NULL, both as a length and text.

use std::iter::FusedIterator;

use super::counted::{Counter, split};
use super::malformed;
use crate::data_row::split_value;
use crate::error::{DecodeError, PushError, Refused};
use crate::writer;

/// An hstore whose texts have all been checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hstore<'a> {
    count: usize,
    pairs: &'a [u8],
}

/// Reads an hstore.
pub fn decode(bytes: &[u8]) -> Result<Hstore<'_>, DecodeError> {
    let (count, pairs) = split("hstore", bytes)?;
    check(count, pairs)
        .ok_or_else(|| malformed("hstore", "its lengths do not add up or a text is not UTF-8"))?;
    Ok(Hstore { count, pairs })
}

fn check(count: usize, pairs: &[u8]) -> Option<()> {
    let mut rest = pairs;
    for _ in 0..count {
        rest = split_pair(rest)?.1;
    }
    rest.is_empty().then_some(())
}

type Pair<'a> = (&'a str, Option<&'a str>);

fn split_pair(bytes: &[u8]) -> Option<(Pair<'_>, &[u8])> {
    let (key, rest) = split_value(bytes)?;
    let (value, rest) = split_value(rest)?;
    let key = std::str::from_utf8(key?).ok()?;
    let value = value.map(std::str::from_utf8).transpose().ok()?;
    Some(((key, value), rest))
}

impl<'a> Hstore<'a> {
    /// The number of pairs.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no pairs.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The keys and their values, None for NULL.
    pub const fn iter(&self) -> Pairs<'a> {
        Pairs {
            left: self.count,
            rest: self.pairs,
        }
    }
}

impl<'a> IntoIterator for Hstore<'a> {
    type Item = (&'a str, Option<&'a str>);
    type IntoIter = Pairs<'a>;

    fn into_iter(self) -> Pairs<'a> {
        self.iter()
    }
}

/// The pairs of an [`Hstore`].
#[derive(Clone, Debug)]
pub struct Pairs<'a> {
    left: usize,
    rest: &'a [u8],
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a str, Option<&'a str>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        // Never None: `decode` has walked the same way.
        let (pair, rest) = split_pair(self.rest)?;
        self.rest = rest;
        Some(pair)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Pairs<'_> {}
impl FusedIterator for Pairs<'_> {}

/// Writes an hstore, pair by pair; begin with [`Writer::new`], end with [`Writer::finish`].
///
/// Of two pairs with the same key the server keeps one, and does not say which.
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

    /// Appends a key and its value, None for NULL.
    ///
    /// # Errors
    ///
    /// [`Refused`] for a text of 2 GiB; then the pair is not added.
    pub fn push(&mut self, key: &str, value: Option<&str>) -> Result<(), Refused> {
        let start = self.out.len();
        text(key, self.out)?;
        match value {
            None => self.out.extend_from_slice(&(-1_i32).to_be_bytes()),
            Some(value) => text(value, self.out).inspect_err(|_| self.out.truncate(start))?,
        }
        self.counter.add();
        Ok(())
    }

    /// Puts the count where it belongs.
    ///
    /// # Errors
    ///
    /// [`Refused`] for more than 2,147,483,647 pairs.
    pub fn finish(self) -> Result<(), Refused> {
        self.counter.finish("an hstore", self.out)
    }
}

fn text(value: &str, out: &mut Vec<u8>) -> Result<(), Refused> {
    let written = writer::value(out, |out| {
        out.extend_from_slice(value.as_bytes());
        Ok::<(), Refused>(())
    });
    written.map_err(|error| match error {
        PushError::Refused(refused) | PushError::Encode(refused) => refused,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{hex, prefixes_fail};

    const THREE: &str = "00000003 00000000 00000000 00000001 61 00000001 31
        00000001 62 ffffffff";

    #[test]
    fn hstores_as_postgresql_writes_them() {
        let bytes = hex(THREE);
        let hstore = decode(&bytes).unwrap();
        let pairs: Vec<_> = hstore.iter().collect();
        assert_eq!(pairs, [("", Some("")), ("a", Some("1")), ("b", None)]);
        assert_eq!(hstore.len(), 3);
        prefixes_fail(&bytes, |bytes| decode(bytes).is_ok());
        assert!(decode(&[0; 4]).unwrap().is_empty());

        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out);
        for (key, value) in pairs {
            writer.push(key, value).unwrap();
        }
        writer.finish().unwrap();
        assert_eq!(out, bytes);
    }

    #[test]
    fn what_is_no_hstore() {
        for bytes in [
            "ffffffff",
            "7fffffff",
            "00000001 ffffffff ffffffff",
            "00000001 00000001 ff ffffffff",
            "00000001 00000000 00000001 ff",
            "00000000 00",
        ] {
            assert!(decode(&hex(bytes)).is_err(), "{bytes}");
        }
    }
}
