//! Arrays of up to six dimensions: a header, then each element as a length and its bytes.

use std::iter::FusedIterator;

use super::malformed;
use crate::Oid;
use crate::data_row::split_value;
use crate::error::{DecodeError, PushError, Refused};
use crate::limits::wire_length;
use crate::reader::Reader;
use crate::writer;

/// The most dimensions PostgreSQL has.
pub const MAX_DIMENSIONS: usize = 6;

/// One dimension of an array.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dimension {
    /// Its number of elements.
    pub length: usize,
    /// The index of the first one; 1 unless somebody wanted it otherwise.
    pub lower_bound: i32,
}

/// An array whose lengths have been checked: they add up to its bytes exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Array<'a> {
    element: Oid,
    dimensions: [Dimension; MAX_DIMENSIONS],
    depth: usize,
    count: usize,
    values: &'a [u8],
}

/// Reads an array.
pub fn decode(bytes: &[u8]) -> Result<Array<'_>, DecodeError> {
    let mut reader = Reader::new(bytes);
    let depth = usize::try_from(reader.i32()?).unwrap_or(usize::MAX);
    if depth > MAX_DIMENSIONS {
        return Err(malformed(
            "array",
            "it has no possible number of dimensions",
        ));
    }
    if !matches!(reader.u32()?, 0 | 1) {
        return Err(malformed("array", "its flags are unknown"));
    }
    let element = reader.u32()?;
    let mut dimensions = [Dimension::default(); MAX_DIMENSIONS];
    let mut count = usize::from(depth > 0);
    for dimension in dimensions.iter_mut().take(depth) {
        let length = usize::try_from(reader.i32()?)
            .map_err(|_| malformed("array", "the length of a dimension is negative"))?;
        *dimension = Dimension {
            length,
            lower_bound: reader.i32()?,
        };
        count = count
            .checked_mul(length)
            .ok_or_else(|| malformed("array", "it has too many elements"))?;
    }
    let values = reader.rest();
    check(count, values).ok_or_else(|| malformed("array", "its lengths do not add up"))?;
    Ok(Array {
        element,
        dimensions,
        depth,
        count,
        values,
    })
}

fn check(count: usize, values: &[u8]) -> Option<()> {
    let mut rest = values;
    for _ in 0..count {
        rest = split_value(rest)?.1;
    }
    rest.is_empty().then_some(())
}

impl<'a> Array<'a> {
    /// The type of the elements.
    pub const fn element(&self) -> Oid {
        self.element
    }

    /// The dimensions, outermost first; none for an empty array.
    pub fn dimensions(&self) -> &[Dimension] {
        self.dimensions.get(..self.depth).unwrap_or_default()
    }

    /// The elements of all dimensions.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no elements.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The elements, the last index running fastest; None for NULL.
    pub const fn iter(&self) -> Elements<'a> {
        Elements {
            left: self.count,
            rest: self.values,
        }
    }
}

impl<'a> IntoIterator for Array<'a> {
    type Item = Option<&'a [u8]>;
    type IntoIter = Elements<'a>;

    fn into_iter(self) -> Elements<'a> {
        self.iter()
    }
}

/// The elements of an [`Array`].
#[derive(Clone, Debug)]
pub struct Elements<'a> {
    left: usize,
    rest: &'a [u8],
}

impl<'a> Iterator for Elements<'a> {
    type Item = Option<&'a [u8]>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        // Never None: `decode` has walked the same way.
        let (value, rest) = split_value(self.rest)?;
        self.rest = rest;
        Some(value)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Elements<'_> {}
impl FusedIterator for Elements<'_> {}

/// Writes an array of one dimension, element by element; begin with [`Writer::new`], end with
/// [`Writer::finish`].
pub struct Writer<'o> {
    out: &'o mut Vec<u8>,
    start: usize,
    count: usize,
    has_null: bool,
}

/// Where the parts of the header stand; without elements it ends after the type.
const FLAGS: usize = 4;
const LENGTH: usize = 12;

impl<'o> Writer<'o> {
    /// Appends the header of an array of this element type.
    pub fn new(element: Oid, out: &'o mut Vec<u8>) -> Self {
        let start = out.len();
        for word in [1, 0, element, 0, 1] {
            out.extend_from_slice(&word.to_be_bytes());
        }
        Self {
            out,
            start,
            count: 0,
            has_null: false,
        }
    }

    /// Appends a NULL.
    pub fn push_null(&mut self) {
        self.out.extend_from_slice(&(-1_i32).to_be_bytes());
        self.has_null = true;
        self.count = self.count.saturating_add(1);
    }

    /// Appends the element that `encode` appends to the bytes it is given.
    ///
    /// # Errors
    ///
    /// The error of `encode`, or [`Refused`] for an element of 2 GiB; then it is not added.
    pub fn push_with<E>(
        &mut self,
        encode: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), PushError<E>> {
        writer::value(self.out, encode)?;
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    /// Puts what is known only now into the header.
    ///
    /// # Errors
    ///
    /// [`Refused`] for more than 2,147,483,647 elements.
    pub fn finish(self) -> Result<(), Refused> {
        if self.count == 0 {
            writer::patch(self.out, self.start, 0);
            self.out.truncate(self.start.saturating_add(LENGTH));
            return Ok(());
        }
        let count = wire_length(self.count, "an array")?;
        writer::patch(
            self.out,
            self.start.saturating_add(FLAGS),
            i32::from(self.has_null),
        );
        writer::patch(self.out, self.start.saturating_add(LENGTH), count);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{int, oid};

    fn write(values: &[Option<i32>]) -> Vec<u8> {
        let mut out = b"before".to_vec();
        let mut writer = Writer::new(oid::INT4, &mut out);
        for value in values {
            match value {
                None => writer.push_null(),
                Some(value) => writer
                    .push_with(|out| {
                        int::encode4(*value, out);
                        Ok::<(), ()>(())
                    })
                    .unwrap(),
            }
        }
        writer.finish().unwrap();
        out.split_off(6)
    }

    fn words(words: &[i32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn arrays_as_postgresql_writes_them() {
        assert_eq!(write(&[]), words(&[0, 0, 23]));
        assert_eq!(write(&[Some(7)]), words(&[1, 0, 23, 1, 1, 4, 7]));
        assert_eq!(write(&[Some(7), None]), words(&[1, 1, 23, 2, 1, 4, 7, -1]));
    }

    #[test]
    fn dimensions_and_bounds_are_told() {
        let bytes = words(&[2, 0, 23, 2, 0, 1, -3, 4, 7, 4, 8]);
        let array = decode(&bytes).unwrap();
        assert_eq!(array.element(), 23);
        assert_eq!(
            array.dimensions(),
            [
                Dimension {
                    length: 2,
                    lower_bound: 0
                },
                Dimension {
                    length: 1,
                    lower_bound: -3
                }
            ]
        );
        let values: Vec<_> = array
            .iter()
            .map(|value| int::decode4(value.unwrap()))
            .collect();
        assert_eq!(values, [Ok(7), Ok(8)]);
        assert!(decode(&words(&[0, 0, 23])).unwrap().is_empty());
    }

    #[test]
    fn a_failed_element_leaves_nothing_behind() {
        let mut out = Vec::new();
        let mut writer = Writer::new(oid::TEXT, &mut out);
        let failed = writer.push_with(|out| {
            out.push(1);
            Err("no")
        });
        assert_eq!(failed, Err(PushError::Encode("no")));
        writer.finish().unwrap();
        assert_eq!(out, words(&[0, 0, 25]));
    }

    #[test]
    fn what_is_no_array() {
        for case in [
            &[][..],
            &[-1, 0, 23],
            &[7, 0, 23, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0],
            &[0, 2, 23],
            &[0, 0, 23, 0],
            &[1, 0, 23, -1, 1],
            &[1, 0, 23, 1, 1],
            &[1, 0, 23, 1, 1, 8, 7],
            &[1, 0, 23, 1, 1, -2],
            &[1, 0, 23, i32::MAX, 1, -1],
            &[
                6,
                0,
                23,
                1 << 30,
                1,
                1 << 30,
                1,
                1 << 30,
                1,
                1 << 30,
                1,
                1 << 30,
                1,
                1 << 30,
                1,
            ],
        ] {
            assert!(decode(&words(case)).is_err(), "{case:?}");
        }
    }
}
