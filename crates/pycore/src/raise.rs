//! Errors of `ferrow.errors`, raised from Rust.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::lazy::{FROM_SERVER, FROM_SQLITE, Lazy};

macro_rules! error_classes {
    ($($function:ident => $class:literal),* $(,)?) => {
        $(
            pub fn $function(py: Python<'_>, message: impl Into<String>) -> PyErr {
                static CLASS: Lazy = Lazy::new("ferrow.errors", $class);
                build(py, &CLASS, message.into())
            }
        )*
    };
}

error_classes! {
    interface_error => "InterfaceError",
    data_error => "DataError",
    operational_error => "OperationalError",
    internal_error => "InternalError",
    programming_error => "ProgrammingError",
    not_supported_error => "NotSupportedError",
    connection_lost => "ConnectionLost",
    query_timeout => "QueryTimeout",
}

fn build(py: Python<'_>, class: &'static Lazy, message: String) -> PyErr {
    match class.get(py).and_then(|class| class.call1((message,))) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

/// The error for what a PostgreSQL server reported.
pub fn server_error<'f>(
    py: Python<'_>,
    fields: impl Iterator<Item = (&'static str, &'f str)>,
    query: Option<&Bound<'_, PyAny>>,
) -> PyErr {
    let attempt = || -> PyResult<PyErr> {
        let dict = PyDict::new(py);
        for (name, value) in fields {
            dict.set_item(name, value)?;
        }
        Ok(PyErr::from_value(
            FROM_SERVER.get(py)?.call1((dict, query))?,
        ))
    };
    attempt().unwrap_or_else(|error| error)
}

/// The error for an extended result code of SQLite.
pub fn sqlite_error(py: Python<'_>, code: i32, message: &str, query: Option<&str>) -> PyErr {
    match FROM_SQLITE
        .get(py)
        .and_then(|function| function.call1((code, message, query)))
    {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}
