//! The values of one row, decoded as they are asked for.

use pgwire::DataRow;
use pyo3::prelude::*;

use super::decode;
use crate::pg::decode::context::Context;
use crate::pg::types::Type;
use crate::raise::data_error;
use crate::rows::Values;

pub struct RowValues<'a, 'py, 'c, 't> {
    py: Python<'py>,
    context: &'c mut Context<'t>,
    columns: &'a [Type],
    row: pgwire::Values<'a>,
    at: usize,
    /// The column whose value could not be read.
    pub failed: Option<usize>,
}

impl<'a, 'py, 'c, 't> RowValues<'a, 'py, 'c, 't> {
    #[inline]
    pub fn new(
        py: Python<'py>,
        context: &'c mut Context<'t>,
        columns: &'a [Type],
        row: DataRow<'a>,
    ) -> RowValues<'a, 'py, 'c, 't> {
        RowValues {
            py,
            context,
            columns,
            row: row.iter(),
            at: 0,
            failed: None,
        }
    }
}

impl<'py> Values<'py> for RowValues<'_, 'py, '_, '_> {
    #[inline(always)]
    fn next(&mut self, index: usize) -> PyResult<Bound<'py, PyAny>> {
        let value = self.row.nth(index - self.at);
        self.at = index + 1;
        match (value, self.columns.get(index)) {
            (Some(Some(bytes)), Some(ty)) => {
                decode(self.py, self.context, ty, bytes).inspect_err(|_| self.failed = Some(index))
            }
            (Some(None), _) => Ok(self.py.None().into_bound(self.py)),
            _ => Err(no_value(self.py, index)),
        }
    }
}

#[cold]
fn no_value(py: Python<'_>, index: usize) -> PyErr {
    data_error(
        py,
        format!("the row has no value for column {index}; the statement described one"),
    )
}
