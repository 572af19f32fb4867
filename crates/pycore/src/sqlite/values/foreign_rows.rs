//! Many rows for one INSERT by another driver of SQLite: their values one after the other, and the numbers they got.

use pyo3::prelude::*;
use pyo3::types::{PyInt, PyTuple};

use super::foreign::stored;
use crate::kinds::{Kind, Kinds};
use crate::raise::{Place, parameter_error};
use crate::rows::{Collector, FlatRows, Result, Shape, Values, column_names};
use crate::sqlite::execution::arena::Arena;

/// The values of the rows from `start` to before `stop` as another driver is to bind them. `kinds` are those of one row.
#[pyfunction]
#[pyo3(signature = (rows, start, stop, kinds=None))]
pub fn sqlite_rows<'py>(
    py: Python<'py>,
    rows: &FlatRows,
    start: usize,
    stop: usize,
    kinds: Option<&Bound<'py, Kinds>>,
) -> PyResult<Bound<'py, PyTuple>> {
    let kinds = kinds.map_or(&[][..], |kinds| kinds.get().as_slice());
    let mut arena = Arena::default();
    let mut found = Vec::with_capacity((stop - start) * rows.width());
    for place in start..stop {
        for (index, value) in rows.row(place).iter().enumerate() {
            let kind = kinds.get(index).copied().unwrap_or(Kind::Any);
            found.push(stored(value.bind(py), kind, &mut arena).map_err(|unfit| {
                let at = Place {
                    parameter: index + 1,
                    row: Some(place + 1),
                    name: None,
                };
                parameter_error(py, &at, unfit)
            })?);
        }
    }
    PyTuple::new(py, found)
}

/// The only value of a row.
struct Number<'py>(Python<'py>, i64);

impl<'py> Values<'py> for Number<'py> {
    fn next(&mut self, _: usize) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyInt::new(self.0, self.1).into_any())
    }
}

/// A result of `count` rows of one column, whose values count up from `first`.
#[pyfunction]
pub fn sqlite_numbered(
    py: Python<'_>,
    first: i64,
    count: i64,
    shape: Py<Shape>,
    column: &str,
) -> PyResult<Result> {
    let names = column_names(py, [column].into_iter())?;
    let mut collector = Collector::new(py, shape, names.clone_ref(py))?;
    for place in 0..count {
        collector.push(py, &mut Number(py, first + place))?;
    }
    let rows = collector.take_rows(py);
    Ok(Result::read(py, rows, names, count, "", None))
}
