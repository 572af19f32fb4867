//! pgvector's vector and halfvec: the number of dimensions, a word for later, the numbers.

use std::iter::FusedIterator;
use std::slice::ChunksExact;

use super::{half, malformed, unfit};
use crate::error::{DecodeError, EncodeError};
use crate::reader::Reader;

/// The most dimensions pgvector takes.
pub const MAX_DIMENSIONS: usize = 16_000;

/// The numbers of a vector or halfvec, which have been counted.
#[derive(Clone, Debug)]
pub struct Numbers<'a> {
    chunks: ChunksExact<'a, u8>,
    read: fn(&[u8]) -> Option<f32>,
}

/// Reads a vector.
pub fn decode(bytes: &[u8]) -> Result<Numbers<'_>, DecodeError> {
    numbers("vector", bytes, 4, |chunk| {
        Some(f32::from_be_bytes(chunk.try_into().ok()?))
    })
}

/// Reads a halfvec.
pub fn decode_half(bytes: &[u8]) -> Result<Numbers<'_>, DecodeError> {
    numbers("halfvec", bytes, 2, |chunk| {
        Some(half::to_f32(u16::from_be_bytes(chunk.try_into().ok()?)))
    })
}

fn numbers<'a>(
    name: &str,
    bytes: &'a [u8],
    size: usize,
    read: fn(&[u8]) -> Option<f32>,
) -> Result<Numbers<'a>, DecodeError> {
    let mut reader = Reader::new(bytes);
    let dimensions = usize::from(reader.u16()?);
    if reader.u16()? != 0 {
        return Err(malformed(name, "its second word is not zero"));
    }
    if Some(reader.remaining()) != dimensions.checked_mul(size) {
        return Err(malformed(
            name,
            "its dimensions and its length are not the same",
        ));
    }
    Ok(Numbers {
        chunks: reader.rest().chunks_exact(size),
        read,
    })
}

impl Iterator for Numbers<'_> {
    type Item = f32;

    #[inline]
    fn next(&mut self) -> Option<f32> {
        // Never None before the end: every chunk has the size that `read` expects.
        self.chunks.next().and_then(self.read)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.chunks.size_hint()
    }
}

impl ExactSizeIterator for Numbers<'_> {}
impl FusedIterator for Numbers<'_> {}

/// Appends a vector.
///
/// # Errors
///
/// [`EncodeError`] for no or more than 16,000 dimensions, for NaN and for the infinities.
pub fn encode(values: &[f32], out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let dimensions = checked("vector", values)?;
    out.reserve(values.len().saturating_mul(4).saturating_add(4));
    header(dimensions, out);
    for value in values {
        out.extend_from_slice(&value.to_be_bytes());
    }
    Ok(())
}

/// Appends a halfvec; each number becomes the nearest half.
///
/// # Errors
///
/// As [`encode`], and for a number that rounds to more than 65,504.
pub fn encode_half(values: &[f32], out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let dimensions = checked("halfvec", values)?;
    let start = out.len();
    header(dimensions, out);
    for (index, value) in values.iter().enumerate() {
        let Some(half) = half::from_f32(*value) else {
            out.truncate(start);
            return Err(unfit(
                "halfvec",
                format_args!("{value} at index {index}"),
                "is out of range (at most 65504): use vector",
            ));
        };
        out.extend_from_slice(&half.to_be_bytes());
    }
    Ok(())
}

fn header(dimensions: u16, out: &mut Vec<u8>) {
    out.extend_from_slice(&dimensions.to_be_bytes());
    out.extend_from_slice(&[0; 2]);
}

fn checked(name: &str, values: &[f32]) -> Result<u16, EncodeError> {
    if !(1..=MAX_DIMENSIONS).contains(&values.len()) {
        return Err(unfit(
            name,
            values.len(),
            "dimensions are not possible (1 to 16000)",
        ));
    }
    for (index, value) in values.iter().enumerate() {
        finite(name, index, *value)?;
    }
    u16::try_from(values.len()).map_err(|_| unfit(name, values.len(), "dimensions are too many"))
}

/// pgvector refuses what cannot be compared by distance.
pub(super) fn finite(
    name: &str,
    index: impl std::fmt::Display,
    value: f32,
) -> Result<(), EncodeError> {
    if value.is_finite() {
        return Ok(());
    }
    Err(unfit(
        name,
        format_args!("{value} at index {index}"),
        "is not a finite single precision number",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{hex, prefixes_fail};

    #[test]
    fn vectors_as_pgvector_writes_them() {
        for (bytes, values) in [
            (
                "0003 0000 3f800000 c0200000 40400000",
                &[1.0, -2.5, 3.0][..],
            ),
            ("0001 0000 00000000", &[0.0]),
        ] {
            let bytes = hex(bytes);
            assert_eq!(decode(&bytes).unwrap().len(), values.len());
            assert_eq!(decode(&bytes).unwrap().collect::<Vec<_>>(), values);
            let mut out = Vec::new();
            encode(values, &mut out).unwrap();
            assert_eq!(out, bytes);
            prefixes_fail(&bytes, |bytes| decode(bytes).is_ok());
        }
    }

    #[test]
    fn halves_are_rounded_as_pgvector_does() {
        let bytes = hex("0005 0000 3c00 c100 7bff 0001 2e66");
        let mut out = Vec::new();
        encode_half(&[1.0, -2.5, 65_504.0, 5.960_464_5e-8, 0.1], &mut out).unwrap();
        assert_eq!(out, bytes);
        assert_eq!(
            decode_half(&bytes).unwrap().collect::<Vec<_>>(),
            [1.0, -2.5, 65_504.0, 5.960_464_5e-8, 0.099_975_586]
        );
        prefixes_fail(&bytes, |bytes| decode_half(bytes).is_ok());
    }

    #[test]
    fn what_pgvector_would_refuse() {
        let mut out = Vec::new();
        for values in [
            &[][..],
            &[1.0; 16_001],
            &[f32::NAN],
            &[1.0, f32::INFINITY],
            &[f32::NEG_INFINITY],
        ] {
            assert!(encode(values, &mut out).is_err());
            assert!(encode_half(values, &mut out).is_err());
        }
        let error = encode_half(&[1.0, 1e6], &mut out).unwrap_err();
        assert_eq!(
            error.to_string(),
            "halfvec: 1000000 at index 1 is out of range (at most 65504): use vector"
        );
        assert!(out.is_empty());
        assert!(encode(&[1.0; 16_000], &mut out).is_ok());
        for bytes in ["0001 0001 00000000", "0001 0000 00000000 00", "ffff 0000"] {
            assert!(decode(&hex(bytes)).is_err(), "{bytes}");
        }
    }
}
