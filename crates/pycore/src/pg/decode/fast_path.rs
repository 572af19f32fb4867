//! The fast path of rows: the usual types in a loop without calls. What is unusual or wrong is left to `decode`, which has the
//! errors.

use pgwire::Values;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat};

use super::decode;
use super::scalar::integer;
use super::time::usual;
use crate::pg::decode::context::Context;
use crate::pg::types::{Scalar, Type, Types};
use crate::rows::{Collector, Miss, Next, collectable};
use crate::{ascii, instants};

/// A row for the collector. On None the caller decodes it with `decode`, and raises `raised` if that did not raise itself.
#[inline(always)]
pub fn made<'py>(
    py: Python<'py>,
    types: &mut Types,
    collector: &Collector,
    columns: &[Type],
    values: &mut Values<'_>,
    raised: &mut Option<PyErr>,
) -> Option<Bound<'py, PyAny>> {
    if columns.len() != values.len() {
        return None;
    }
    let mut values = FastValues {
        py,
        types,
        columns: columns.iter(),
        values,
        raised,
        collectable: false,
    };
    collector.made(py, &mut values).ok()
}

struct FastValues<'a, 'py, 'i> {
    py: Python<'py>,
    types: &'a mut Types,
    columns: std::slice::Iter<'a, Type>,
    values: &'a mut Values<'i>,
    raised: &'a mut Option<PyErr>,
    collectable: bool,
}

impl<'py> Next<'py, Miss> for FastValues<'_, 'py, '_> {
    #[inline(always)]
    fn next(&mut self, _: usize) -> Result<Bound<'py, PyAny>, Miss> {
        let py = self.py;
        let (Some(ty), Some(value)) = (self.columns.next(), self.values.next()) else {
            return Err(Miss);
        };
        let Some(bytes) = value else {
            return Ok(py.None().into_bound(py));
        };
        let Type::Scalar(scalar) = ty else {
            return self.other(ty, bytes);
        };
        match (scalar, bytes) {
            (Scalar::Int4, &[a, b, c, d]) => {
                Ok(integer(py, i32::from_be_bytes([a, b, c, d]).into())?)
            }
            (Scalar::Text, _) => match ascii::short(py, bytes)? {
                Some(text) => Ok(text),
                None => self.other(ty, bytes),
            },
            (Scalar::Bool, [truth @ (0 | 1)]) => {
                Ok(PyBool::new(py, *truth == 1).to_owned().into_any())
            }
            (Scalar::TimestampTz, _) => {
                Ok(instants::datetime(py, &usual(bytes).ok_or(Miss)?, true)?)
            }
            (Scalar::Int8, &[a, b, c, d, e, f, g, h]) => {
                Ok(integer(py, i64::from_be_bytes([a, b, c, d, e, f, g, h]))?)
            }
            (Scalar::Float8, &[a, b, c, d, e, f, g, h]) => {
                let value = f64::from_be_bytes([a, b, c, d, e, f, g, h]);
                Ok(PyFloat::new(py, value).into_any())
            }
            _ => self.other(ty, bytes),
        }
    }

    #[inline(always)]
    fn is_collectable(&self) -> bool {
        self.collectable
    }
}

impl<'py> FastValues<'_, 'py, '_> {
    #[inline(always)]
    fn other(&mut self, ty: &Type, bytes: &[u8]) -> Result<Bound<'py, PyAny>, Miss> {
        let value = other(self.py, self.types, ty, bytes, self.raised)?;
        self.collectable |= collectable(&value);
        Ok(value)
    }
}

/// Not inlined, so that the usual types stay in a loop without calls.
#[inline(never)]
fn other<'py>(
    py: Python<'py>,
    types: &mut Types,
    ty: &Type,
    bytes: &[u8],
    raised: &mut Option<PyErr>,
) -> Result<Bound<'py, PyAny>, Miss> {
    let mut context = Context::new(types);
    decode(py, &mut context, ty, bytes).map_err(|error| {
        // One raised by a signal handler would not be raised again when the row is decoded once more.
        if context.missing.is_empty() {
            *raised = Some(error);
        }
        Miss
    })
}
