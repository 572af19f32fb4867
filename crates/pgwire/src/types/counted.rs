//! What multiranges, records and hstores share: a number of parts, known only when all are written.

use std::marker::PhantomData;

use crate::error::{DecodeError, Refused};
use crate::limits::wire_length;
use crate::parts::{Part, Parts};
use crate::writer;

use super::malformed;

/// The number of parts that follow, and their bytes.
pub(super) fn split<'a>(name: &str, bytes: &'a [u8]) -> Result<(usize, &'a [u8]), DecodeError> {
    let (count, rest) = bytes
        .split_first_chunk::<4>()
        .ok_or_else(|| malformed(name, "it has no count"))?;
    let count = usize::try_from(i32::from_be_bytes(*count))
        .map_err(|_| malformed(name, "its count is negative"))?;
    Ok((count, rest))
}

/// A number of parts that have all been checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted<'a, P> {
    count: usize,
    parts: &'a [u8],
    part: PhantomData<fn() -> P>,
}

impl<'a, P: Part<'a>> Counted<'a, P> {
    /// So many parts, which have been looked at.
    pub(super) const fn new(count: usize, parts: &'a [u8]) -> Self {
        Self {
            count,
            parts,
            part: PhantomData,
        }
    }

    /// The number of parts.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no parts.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The parts in order.
    pub const fn iter(&self) -> Parts<'a, P> {
        Parts::new(self.count, self.parts)
    }
}

impl<'a, P: Part<'a>> IntoIterator for Counted<'a, P> {
    type Item = P;
    type IntoIter = Parts<'a, P>;

    fn into_iter(self) -> Parts<'a, P> {
        self.iter()
    }
}

/// Keeps the place of the count.
pub(super) struct Counter {
    start: usize,
    count: usize,
}

impl Counter {
    pub(super) fn new(out: &mut Vec<u8>) -> Self {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        Self { start, count: 0 }
    }

    pub(super) const fn add(&mut self) {
        self.count = self.count.saturating_add(1);
    }

    pub(super) fn finish(self, what: &str, out: &mut [u8]) -> Result<(), Refused> {
        writer::patch(out, self.start, wire_length(self.count, what)?);
        Ok(())
    }
}
