//! Python arguments of a request, checked and owned.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyMapping, PyTuple};

use super::request::Arguments;
use crate::mistaken::{is_sequence, no_parameters};
use crate::raise::programming_error;

pub fn one(py: Python<'_>, params: Option<&Bound<'_, PyAny>>) -> PyResult<Arguments> {
    match params {
        None => Ok(Arguments::One(PyTuple::empty(py).unbind())),
        Some(params) => Ok(Arguments::One(tuple(params)?)),
    }
}

pub fn many(rows: &Bound<'_, PyAny>) -> PyResult<Arguments> {
    rows.try_iter()?
        .map(|row| tuple(&row?))
        .collect::<PyResult<Vec<_>>>()
        .map(Arguments::Many)
}

fn tuple(params: &Bound<'_, PyAny>) -> PyResult<Py<PyTuple>> {
    let py = params.py();
    if let Ok(tuple) = params.cast::<PyTuple>() {
        return Ok(tuple.clone().unbind());
    }
    if let Ok(list) = params.cast::<PyList>() {
        return Ok(list.to_tuple().unbind());
    }
    if let Ok(named) = params.cast::<PyMapping>() {
        // Code that runs arbitrary statements passes {} where there are no parameters.
        if named.is_empty()? {
            return Ok(PyTuple::empty(py).unbind());
        }
        return Err(programming_error(
            py,
            "PostgreSQL has no named placeholders; number them $1, $2, ... and pass a list (cursors take :name and %(name)s, too)",
        ));
    }
    if !is_sequence(params) {
        return Err(no_parameters(params, false));
    }
    params
        .try_iter()?
        .collect::<PyResult<Vec<_>>>()
        .and_then(|values| Ok(PyTuple::new(py, values)?.unbind()))
}
