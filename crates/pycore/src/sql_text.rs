//! The text of a statement, as UTF-8.

use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::raise::programming_error;

/// The text of a `str`, which may hold what UTF-8 cannot.
pub fn text<'a>(sql: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    sql.to_str().map_err(|_| {
        programming_error(
            sql.py(),
            "the SQL text holds a lone surrogate, which UTF-8 cannot write",
        )
    })
}
