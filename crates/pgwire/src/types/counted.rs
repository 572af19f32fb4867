//! What multiranges, records and hstores share: a number of parts, known only when all are written.

use crate::error::{DecodeError, Refused};
use crate::limits::wire_length;
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
