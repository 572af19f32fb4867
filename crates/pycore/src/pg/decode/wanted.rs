//! What the records in rows need before they can be decoded, found without making anything of them.

use std::ops::Bound;

use pgwire::types::{array, multirange, range, record};
use pgwire::{DataRow, Oid};
use pyo3::prelude::*;

use super::composite::is_of;
use crate::pg::decode::context::DEEPEST;
use crate::pg::types::{Texts, Type, Types};

#[derive(Default)]
pub struct Wanted {
    pub texts: Texts,
    /// Types that are unknown, or known as others than these values are of.
    pub types: Vec<Oid>,
    depth: usize,
}

impl Wanted {
    pub fn look_at(
        &mut self,
        py: Python<'_>,
        types: &mut Types,
        columns: &[Type],
        row: DataRow<'_>,
    ) -> PyResult<()> {
        for (ty, bytes) in columns.iter().zip(row.iter()) {
            if ty.holds_records() {
                self.part(py, types, ty, bytes)?;
            }
        }
        Ok(())
    }

    /// Bytes that are no value are left to who decodes them.
    fn part(
        &mut self,
        py: Python<'_>,
        types: &mut Types,
        ty: &Type,
        bytes: Option<&[u8]>,
    ) -> PyResult<()> {
        let Some(bytes) = bytes else {
            return Ok(());
        };
        match ty {
            Type::Text(plain) => self.texts.want(plain, bytes),
            Type::Record if self.depth >= DEEPEST => {}
            Type::Record => {
                self.depth += 1;
                for (oid, bytes) in record::decode(bytes).iter().flat_map(record::Record::iter) {
                    match types.get(py, oid)? {
                        Some(ty) => self.part(py, types, &ty, bytes)?,
                        None => self.types.push(oid),
                    }
                }
                self.depth -= 1;
            }
            Type::Array(array) => {
                for bytes in array::decode(bytes).iter().flat_map(array::Array::iter) {
                    self.part(py, types, &array.element, bytes)?;
                }
            }
            Type::Composite(composite) => {
                let Ok(record) = record::decode(bytes) else {
                    return Ok(());
                };
                if !is_of(&record, composite) {
                    self.types.push(composite.oid);
                    return Ok(());
                }
                for ((_, bytes), field) in record.iter().zip(&composite.fields) {
                    self.part(py, types, &field.ty, bytes)?;
                }
            }
            Type::Range(ty) => {
                if let Ok(ends) = range::decode(bytes) {
                    self.ends(py, types, &ty.subtype, ends)?;
                }
            }
            Type::Multirange(ty) => {
                let ranges = multirange::decode(bytes);
                for ends in ranges.iter().flat_map(multirange::Multirange::iter) {
                    self.ends(py, types, &ty.subtype, ends)?;
                }
            }
            Type::Custom(custom) if !custom.codec.is_binary() => {
                self.part(py, types, &custom.inner, Some(bytes))?;
            }
            Type::Custom(_) | Type::Scalar(_) | Type::Enum(_) | Type::Void => {}
        }
        Ok(())
    }

    fn ends(
        &mut self,
        py: Python<'_>,
        types: &mut Types,
        ty: &Type,
        ends: range::Range<'_>,
    ) -> PyResult<()> {
        if let range::Range::Bounds { lower, upper } = ends {
            for end in [lower, upper] {
                if let Bound::Included(bytes) | Bound::Excluded(bytes) = end {
                    self.part(py, types, ty, Some(bytes))?;
                }
            }
        }
        Ok(())
    }
}
