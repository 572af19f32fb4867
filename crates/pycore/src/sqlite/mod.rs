//! SQLite, whole.
use pyo3::prelude::*;

#[pyclass(frozen, module = "ferrow._core")]
pub struct SqliteConnection {}

#[pyclass(frozen, module = "ferrow._core")]
pub struct SqliteInterrupt {}
