//! What one statement gave back.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

/// What one statement gave back.
#[pyclass(frozen, module = "ferrow._core")]
pub struct Result {
    /// The rows, in the shape that was asked for.
    #[pyo3(get)]
    pub rows: Py<PyList>,
    /// Rows affected, or returned by a query; -1 if the database does not count them.
    #[pyo3(get)]
    pub rowcount: i64,
    /// What the server called it, e.g. `INSERT 0 1`.
    #[pyo3(get)]
    pub status: String,
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

    fn __repr__(&self, py: Python<'_>) -> String {
        format!(
            "<Result {:?} rows={} rowcount={}>",
            self.status,
            self.rows.bind(py).len(),
            self.rowcount
        )
    }
}
