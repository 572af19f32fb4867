//! Rows that become columns, for statements that take an array for each.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::lazy::ARRAY;

/// The columns of rows of one length, each a `ferrow.types.Array` that begins at 1: a list among the values is then an element, and
/// never a second dimension.
#[pyfunction]
pub fn columns<'py>(rows: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let py = rows.py();
    let mut lists: Vec<Bound<'py, PyList>> = Vec::new();
    for (number, row) in rows.try_iter()?.enumerate() {
        for (place, value) in row?.try_iter()?.enumerate() {
            if number == 0 {
                lists.push(PyList::empty(py));
            }
            if let Some(list) = lists.get(place) {
                list.append(value?)?;
            }
        }
    }
    let array = ARRAY.get(py)?;
    let bounds = PyTuple::new(py, [1])?;
    lists
        .into_iter()
        .map(|list| array.call1((list, &bounds)))
        .collect()
}
