//! Values that are kept in a tuple while something is made of them.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::collector::Values;
use super::fill::{collectable, untrack};

/// The values of one row, each asked for once.
pub struct Recorded<'a, 'py, V> {
    values: &'a mut V,
    row: Bound<'py, PyTuple>,
    width: usize,
    plain: bool,
}

impl<'a, 'py, V: Values<'py>> Recorded<'a, 'py, V> {
    pub fn new(py: Python<'py>, values: &'a mut V, width: usize) -> PyResult<Self> {
        // SAFETY: a new tuple, or NULL with an error set. Places that stay empty are passed over by its destructor.
        let row = unsafe {
            Bound::from_owned_ptr_or_err(py, ffi::PyTuple_New(ffi::Py_ssize_t::try_from(width)?))?
                .cast_into_unchecked()
        };
        Ok(Recorded {
            values,
            row,
            width,
            plain: true,
        })
    }

    /// What was asked for. The garbage collector knows it only if a cycle can lead through it.
    pub fn row(self) -> Bound<'py, PyTuple> {
        if self.plain && self.width > 0 {
            untrack(&self.row);
        }
        self.row
    }
}

impl<'py, V: Values<'py>> Values<'py> for Recorded<'_, 'py, V> {
    #[inline]
    fn next(&mut self, index: usize) -> PyResult<Bound<'py, PyAny>> {
        let value = self.values.next(index)?;
        if index < self.width {
            self.plain &= !collectable(&value);
            // SAFETY: a place of the tuple, which nobody else has yet; it is empty, as rows are read from left to right.
            unsafe {
                ffi::PyTuple_SET_ITEM(
                    self.row.as_ptr(),
                    index as ffi::Py_ssize_t,
                    value.clone().into_ptr(),
                );
            }
        }
        Ok(value)
    }
}
