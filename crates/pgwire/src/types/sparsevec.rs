//! pgvector's sparsevec: the numbers that are not zero, all their indices first.

use super::vector::finite;
use super::{malformed, unfit};
use crate::error::{DecodeError, EncodeError};
use crate::reader::Reader;

/// The most dimensions pgvector takes.
pub const MAX_DIMENSIONS: u32 = 1_000_000_000;
/// The most numbers other than zero that pgvector takes.
pub const MAX_ENTRIES: usize = 16_000;

/// A sparsevec whose indices have been checked: they ascend and are less than its dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SparseVector<'a> {
    dimensions: u32,
    indices: &'a [u8],
    values: &'a [u8],
}

/// Reads a sparsevec.
pub fn decode(bytes: &[u8]) -> Result<SparseVector<'_>, DecodeError> {
    let wrong = |what| malformed("sparsevec", what);
    let mut reader = Reader::new(bytes);
    let dimensions = u32::try_from(reader.i32()?)
        .map_err(|_| wrong("the number of its dimensions is negative"))?;
    let count = usize::try_from(reader.i32()?)
        .map_err(|_| wrong("the number of its entries is negative"))?;
    if reader.i32()? != 0 {
        return Err(wrong("its third word is not zero"));
    }
    if Some(reader.remaining()) != count.checked_mul(8) {
        return Err(wrong("its entries and its length are not the same"));
    }
    let (indices, values) = reader
        .rest()
        .split_at_checked(count.saturating_mul(4))
        .ok_or_else(|| wrong("its entries and its length are not the same"))?;
    let mut least = 0;
    for index in words(indices).map(u32::from_be_bytes) {
        if !(least..dimensions).contains(&index) {
            return Err(wrong("its indices do not ascend within its dimensions"));
        }
        least = index.saturating_add(1);
    }
    Ok(SparseVector {
        dimensions,
        indices,
        values,
    })
}

fn words(bytes: &[u8]) -> impl ExactSizeIterator<Item = [u8; 4]> {
    let (words, _) = bytes.as_chunks();
    words.iter().copied()
}

impl<'a> SparseVector<'a> {
    /// The number of dimensions.
    pub const fn dimensions(&self) -> u32 {
        self.dimensions
    }

    /// The numbers that are not zero with their indices from 0; text counts from 1.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (u32, f32)> + use<'a> {
        let indices = words(self.indices).map(u32::from_be_bytes);
        indices.zip(words(self.values).map(f32::from_be_bytes))
    }
}

/// Appends a sparsevec: entries of an index from 0 and a number, by ascending index. Zeros are
/// left out.
///
/// # Errors
///
/// [`EncodeError`] for dimensions other than 1 to 1,000,000,000, for an index that is not below
/// them or does not ascend, for NaN, the infinities and more than 16,000 entries.
pub fn encode(
    dimensions: u32,
    entries: &[(u32, f32)],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let count = checked(dimensions, entries)?;
    for word in [dimensions, count, 0] {
        out.extend_from_slice(&word.to_be_bytes());
    }
    for (index, _) in stored(entries) {
        out.extend_from_slice(&index.to_be_bytes());
    }
    for (_, value) in stored(entries) {
        out.extend_from_slice(&value.to_be_bytes());
    }
    Ok(())
}

fn stored(entries: &[(u32, f32)]) -> impl Iterator<Item = (u32, f32)> {
    entries.iter().copied().filter(|(_, value)| *value != 0.0)
}

fn checked(dimensions: u32, entries: &[(u32, f32)]) -> Result<u32, EncodeError> {
    let name = "sparsevec";
    if !(1..=MAX_DIMENSIONS).contains(&dimensions) {
        return Err(unfit(
            name,
            dimensions,
            "dimensions are not possible (1 to 1000000000)",
        ));
    }
    let mut least = 0;
    for &(index, value) in entries {
        if index >= dimensions {
            let limit = format!("is not below its {dimensions} dimensions");
            return Err(unfit(name, format_args!("index {index} (from 0)"), &limit));
        }
        if index < least {
            return Err(unfit(
                name,
                format_args!("index {index} (from 0)"),
                "is not above the one before it: sort them",
            ));
        }
        finite(name, format_args!("{index} (from 0)"), value)?;
        least = index.saturating_add(1);
    }
    let count = stored(entries).count();
    u32::try_from(count)
        .ok()
        .filter(|_| count <= MAX_ENTRIES)
        .ok_or_else(|| unfit(name, count, "entries are too many (at most 16000)"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{hex, prefixes_fail};

    #[test]
    fn sparse_vectors_as_pgvector_writes_them() {
        for (bytes, dimensions, entries) in [
            (
                "00000005 00000002 00000000 00000000 00000002 3fc00000 c0000000",
                5,
                &[(0, 1.5), (2, -2.0)][..],
            ),
            ("00000003 00000000 00000000", 3, &[]),
        ] {
            let bytes = hex(bytes);
            let vector = decode(&bytes).unwrap();
            assert_eq!(vector.dimensions(), dimensions);
            assert_eq!(vector.iter().collect::<Vec<_>>(), entries);
            let mut out = Vec::new();
            encode(dimensions, entries, &mut out).unwrap();
            assert_eq!(out, bytes);
            prefixes_fail(&bytes, |bytes| decode(bytes).is_ok());
        }
        let mut out = Vec::new();
        encode(3, &[(0, 0.0), (1, -0.0)], &mut out).unwrap();
        assert_eq!(out, hex("00000003 00000000 00000000"));
    }

    #[test]
    fn what_pgvector_would_refuse() {
        let many: Vec<_> = (0..16_001).map(|index| (index, 1.0)).collect();
        let mut out = Vec::new();
        for (dimensions, entries) in [
            (0, &[][..]),
            (1_000_000_001, &[]),
            (3, &[(3, 1.0)]),
            (3, &[(1, 1.0), (1, 1.0)]),
            (3, &[(2, 1.0), (1, 1.0)]),
            (3, &[(2, f32::NAN)]),
            (20_000, &many),
        ] {
            assert!(encode(dimensions, entries, &mut out).is_err());
        }
        assert!(out.is_empty());
        for bytes in [
            "ffffffff 00000000 00000000",
            "00000001 ffffffff 00000000",
            "00000001 7fffffff 00000000",
            "00000001 00000000 00000001",
            "00000001 00000001 00000000 00000001 3f800000",
            "00000003 00000002 00000000 00000001 00000001 3f800000 3f800000",
            "00000003 00000001 00000000 ffffffff 3f800000",
        ] {
            assert!(decode(&hex(bytes)).is_err(), "{bytes}");
        }
    }
}
