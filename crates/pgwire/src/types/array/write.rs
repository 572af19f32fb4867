//! Writing arrays. Most have one dimension, whose length is known only at the end; more dimensions
//! and other lower bounds must be known at the beginning.

use super::{Dimension, MAX_DIMENSIONS};
use crate::Oid;
use crate::error::{PushError, Refused};
use crate::limits::wire_length;
use crate::writer;

/// Writes an array, element by element; begin with [`Writer::new`] or [`Writer::shaped`], end with
/// [`Writer::finish`].
pub struct Writer<'o> {
    out: &'o mut Vec<u8>,
    start: usize,
    count: usize,
    has_null: bool,
    /// The number of elements the dimensions ask for; None if the elements make the dimension.
    shape: Option<usize>,
}

/// Where the parts of the header stand; without elements it ends after the type.
const FLAGS: usize = 4;
const LENGTH: usize = 12;

impl<'o> Writer<'o> {
    /// Appends the header of an array of one dimension, of this element type.
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
            shape: None,
        }
    }

    /// Appends the header of an array of these dimensions, outermost first; none for an empty
    /// array. The elements follow with the last index running fastest.
    ///
    /// # Errors
    ///
    /// [`Refused`] for more than six dimensions, and for lengths and indices that do not fit into
    /// 32 bits; then nothing is appended.
    pub fn shaped(
        element: Oid,
        dimensions: &[Dimension],
        out: &'o mut Vec<u8>,
    ) -> Result<Self, Refused> {
        let (depth, count) = checked(dimensions)?;
        let start = out.len();
        out.extend_from_slice(&depth.to_be_bytes());
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&element.to_be_bytes());
        for dimension in dimensions {
            let length = wire_length(dimension.length, "an array")?;
            out.extend_from_slice(&length.to_be_bytes());
            out.extend_from_slice(&dimension.lower_bound.to_be_bytes());
        }
        Ok(Self {
            out,
            start,
            count: 0,
            has_null: false,
            shape: Some(count),
        })
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
    /// [`Refused`] for more than 2,147,483,647 elements, and for a number of elements that the
    /// dimensions do not ask for.
    pub fn finish(self) -> Result<(), Refused> {
        if let Some(shape) = self.shape
            && shape != self.count
        {
            return Err(Refused::new(format!(
                "an array whose dimensions have {shape} elements got {}: every list of a \
                 dimension must have the same length",
                self.count
            )));
        }
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
        if self.shape.is_none() {
            writer::patch(self.out, self.start.saturating_add(LENGTH), count);
        }
        Ok(())
    }
}

/// The number of dimensions and of elements.
fn checked(dimensions: &[Dimension]) -> Result<(i32, usize), Refused> {
    let depth = i32::try_from(dimensions.len())
        .ok()
        .filter(|_| dimensions.len() <= MAX_DIMENSIONS)
        .ok_or_else(|| {
            Refused::new(format!(
                "an array of {} dimensions is not possible: PostgreSQL has at most {MAX_DIMENSIONS}",
                dimensions.len()
            ))
        })?;
    let mut count = usize::from(depth > 0);
    for dimension in dimensions {
        let length = wire_length(dimension.length, "an array")?;
        if dimension.lower_bound.checked_add(length).is_none() {
            return Err(Refused::new(format!(
                "an array of {length} elements from index {} has indices beyond {}: use a smaller \
                 lower bound",
                dimension.lower_bound,
                i32::MAX
            )));
        }
        count = count.saturating_mul(dimension.length);
    }
    wire_length(count, "an array")?;
    Ok((depth, count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{int, oid};

    fn words(words: &[i32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    fn push(writer: &mut Writer<'_>, values: &[Option<i32>]) {
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
    }

    fn write(values: &[Option<i32>]) -> Vec<u8> {
        let mut out = b"before".to_vec();
        let mut writer = Writer::new(oid::INT4, &mut out);
        push(&mut writer, values);
        writer.finish().unwrap();
        out.split_off(6)
    }

    fn write_shaped(
        dimensions: &[(usize, i32)],
        values: &[Option<i32>],
    ) -> Result<Vec<u8>, Refused> {
        let dimensions: Vec<_> = dimensions
            .iter()
            .map(|&(length, lower_bound)| Dimension {
                length,
                lower_bound,
            })
            .collect();
        let mut out = Vec::new();
        let mut writer = Writer::shaped(oid::INT4, &dimensions, &mut out)?;
        push(&mut writer, values);
        writer.finish()?;
        Ok(out)
    }

    #[test]
    fn arrays_as_postgresql_writes_them() {
        assert_eq!(write(&[]), words(&[0, 0, 23]));
        assert_eq!(write(&[Some(7)]), words(&[1, 0, 23, 1, 1, 4, 7]));
        assert_eq!(write(&[Some(7), None]), words(&[1, 1, 23, 2, 1, 4, 7, -1]));
    }

    #[test]
    fn dimensions_and_bounds_as_postgresql_writes_them() {
        for (dimensions, values, expected) in [
            (
                &[(2, 0), (1, -3)][..],
                &[Some(7), Some(8)][..],
                &[2, 0, 23, 2, 0, 1, -3, 4, 7, 4, 8][..],
            ),
            (
                &[(2, 1), (2, 1)],
                &[Some(1), Some(2), None, Some(4)],
                &[2, 1, 23, 2, 1, 2, 1, 4, 1, 4, 2, -1, 4, 4],
            ),
            (&[(1, 1)], &[Some(7)], &[1, 0, 23, 1, 1, 4, 7]),
            (&[], &[], &[0, 0, 23]),
            (&[(2, 1), (0, 1)], &[], &[0, 0, 23]),
        ] {
            assert_eq!(write_shaped(dimensions, values), Ok(words(expected)));
        }
    }

    #[test]
    fn shapes_that_do_not_exist() {
        for (dimensions, values) in [
            (&[(1, 1); 7][..], &[Some(1)][..]),
            (&[(2, 1)], &[Some(1)]),
            (&[(2, 1)], &[Some(1), None, None]),
            (&[], &[Some(1)]),
            (&[(1 << 16, 1), (1 << 16, 1)], &[]),
            (&[(usize::MAX, 1), (usize::MAX, 1)], &[]),
            (&[(2, i32::MAX - 1)], &[Some(1), Some(2)]),
        ] {
            assert!(write_shaped(dimensions, values).is_err(), "{dimensions:?}");
        }
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
}
