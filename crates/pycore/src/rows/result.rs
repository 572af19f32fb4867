//! What one statement gave back.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

#[pyclass(frozen, module = "ferrow._core")]
pub struct Result {
    #[pyo3(get)]
    pub rows: Py<PyList>,
    #[pyo3(get)]
    pub rowcount: i64,
    #[pyo3(get)]
    pub status: String,
    #[pyo3(get)]
    pub columns: Py<PyTuple>,
    #[pyo3(get)]
    pub type_codes: Py<PyTuple>,
}

#[pymethods]
impl Result {
    fn __repr__(&self, py: Python<'_>) -> String {
        format!(
            "<Result {:?} rows={} rowcount={}>",
            self.status,
            self.rows.bind(py).len(),
            self.rowcount
        )
    }
}
