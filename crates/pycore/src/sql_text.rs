//! The text of a statement, as UTF-8.

use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::mistaken::no_statement;
use crate::raise::programming_error;
use crate::surrogate;

/// The text of a `str`, which may hold what UTF-8 cannot.
pub fn text<'a>(sql: &'a Bound<'_, PyAny>) -> PyResult<&'a str> {
    string(sql)?
        .to_str()
        .map_err(|error| match surrogate::found(sql.py(), &error) {
            Some(found) => programming_error(sql.py(), format!("the SQL text holds {found}")),
            None => error,
        })
}

/// A statement that outlives the call, as an argument.
pub fn statement(sql: &Bound<'_, PyAny>) -> PyResult<Py<PyString>> {
    Ok(string(sql)?.clone().unbind())
}

fn string<'a, 'py>(sql: &'a Bound<'py, PyAny>) -> PyResult<&'a Bound<'py, PyString>> {
    sql.cast().map_err(|_| no_statement(sql))
}
