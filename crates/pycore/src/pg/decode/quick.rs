//! Rows of the types that most columns have, in a loop without calls: values that are as they should be. Whoever gets none has
//! `decode` say why.

use pgwire::Values;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat};

use super::decode;
use super::scalar::integer;
use super::time::usual;
use crate::pg::context::Context;
use crate::pg::types::{Scalar, Type, Types};
use crate::rows::{Collector, Miss, Next, collectable};
use crate::{ascii, instants};

/// A row for the collector. None: it is to be looked at with more care. `raised`: what may not be raised again then.
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
    let mut values = QuickValues {
        py,
        types,
        columns: columns.iter(),
        values,
        raised,
        collectable: false,
    };
    collector.made(py, &mut values).ok()
}

struct QuickValues<'a, 'py, 'i> {
    py: Python<'py>,
    types: &'a mut Types,
    columns: std::slice::Iter<'a, Type>,
    values: &'a mut Values<'i>,
    raised: &'a mut Option<PyErr>,
    collectable: bool,
}

impl<'py> Next<'py, Miss> for QuickValues<'_, 'py, '_> {
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

impl<'py> QuickValues<'_, 'py, '_> {
    #[inline(always)]
    fn other(&mut self, ty: &Type, bytes: &[u8]) -> Result<Bound<'py, PyAny>, Miss> {
        let value = other(self.py, self.types, ty, bytes, self.raised)?;
        self.collectable |= collectable(&value);
        Ok(value)
    }
}

/// Apart, so that the others stay in a loop without calls.
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
        // Where a class of ours is called, that of a signal, which comes once.
        if context.missing.is_empty() {
            *raised = Some(error);
        }
        Miss
    })
}
