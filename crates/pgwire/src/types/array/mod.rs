//! Arrays of up to six dimensions: a header, then each element as a length and its bytes.

pub mod literal;
mod write;

pub use write::Writer;

use super::malformed;
use crate::Oid;
use crate::error::DecodeError;
use crate::parts::{Parts, add_up};
use crate::reader::Reader;

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
    if !add_up::<Option<&[u8]>>(count, values) {
        return Err(malformed("array", "its lengths do not add up"));
    }
    Ok(Array {
        element,
        dimensions,
        depth,
        count,
        values,
    })
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
        Elements::new(self.count, self.values)
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
pub type Elements<'a> = Parts<'a, Option<&'a [u8]>>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::int;

    fn words(words: &[i32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
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
