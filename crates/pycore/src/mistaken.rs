//! Errors for arguments that are of another kind altogether; the words are those of `ferrow.hints`.

use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView, PySequence, PyString};

use crate::raise::programming_error;

/// Whether it is an ordered list of values, that can be read a second time, and not a single one.
pub fn is_sequence(params: &Bound<'_, PyAny>) -> bool {
    let text = params.is_instance_of::<PyString>()
        || params.is_instance_of::<PyBytes>()
        || params.is_instance_of::<PyByteArray>()
        || params.is_instance_of::<PyMemoryView>();
    !text && params.cast::<PySequence>().is_ok()
}

#[cold]
pub fn no_statement(sql: &Bound<'_, PyAny>) -> PyErr {
    said(sql, "no_statement", (sql,))
}

/// `by_name`: a mapping would have done as well.
#[cold]
pub fn no_parameters(params: &Bound<'_, PyAny>, by_name: bool) -> PyErr {
    said(params, "no_parameters", (params, by_name))
}

/// Values that were given by name; the statement takes those of `names`.
#[cold]
pub fn wrong_names(names: Vec<&str>, params: &Bound<'_, PyAny>, place: &str) -> PyErr {
    said(params, "wrong_names", (names, params, place))
}

fn said<'py>(
    thing: &Bound<'py, PyAny>,
    function: &str,
    arguments: impl pyo3::call::PyCallArgs<'py>,
) -> PyErr {
    let py = thing.py();
    let words = py
        .import("ferrow.hints")
        .and_then(|hints| hints.call_method1(function, arguments))
        .and_then(|words| words.extract::<String>());
    match words {
        Ok(words) => programming_error(py, words),
        Err(error) => error,
    }
}
