//! What one statement gave back.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

/// What a statement was called, as text only when somebody asks: few do.
pub enum Told {
    Text(String),
    /// The command, and its rows unless they are negative.
    Counted(Arc<str>, i64),
}

impl Told {
    fn text(&self) -> String {
        match self {
            Told::Text(text) => text.clone(),
            Told::Counted(command, rows) if *rows < 0 => command.to_string(),
            Told::Counted(command, rows) => format!("{command} {rows}"),
        }
    }
}

/// What one statement gave back.
#[pyclass(frozen, module = "ferrow._core")]
pub struct Result {
    /// The rows, in the shape that was asked for.
    #[pyo3(get)]
    pub rows: Py<PyList>,
    /// Rows affected, or returned by a query; -1 if the database does not count them.
    #[pyo3(get)]
    pub rowcount: i64,
    pub status: Told,
    /// Names of the columns, in order; empty for a statement that returns no rows.
    #[pyo3(get)]
    pub columns: Py<PyTuple>,
    /// PostgreSQL: object ids of the columns' types.
    #[pyo3(get)]
    pub type_codes: Py<PyTuple>,
}

#[pymethods]
impl Result {
    // Its rows are anything, and the list is the caller's to add to.
    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        visit.call(&self.rows)
    }

    /// What the server called it, e.g. `INSERT 0 1`.
    #[getter]
    fn status(&self) -> String {
        self.status.text()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!(
            "<Result {:?} rows={} rowcount={}>",
            self.status.text(),
            self.rows.bind(py).len(),
            self.rowcount
        )
    }
}
