//! A result that is read piece by piece.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::database::Database;
use super::stepping::Stepping;
use crate::fork::Process;
use crate::kinds::Kind;
use crate::raise::interface_error;
use crate::rows::Shape;
use crate::sqlite::connection::SqliteConnection;

/// An open result of one statement. The statement is its own: nothing else on the connection can reset it. It ends with its
/// connection, and with the rollback of a transaction.
#[pyclass(frozen, module = "ferrow._core")]
pub struct SqliteCursor {
    connection: Py<SqliteConnection>,
    process: Process,
    id: u64,
    /// Names of the columns, in order.
    #[pyo3(get)]
    columns: Py<PyTuple>,
    /// As PEP 249 wants them, see `Result`.
    #[pyo3(get)]
    type_codes: Py<PyTuple>,
}

impl SqliteCursor {
    pub fn open(
        py: Python<'_>,
        connection: Py<SqliteConnection>,
        sql: &str,
        params: Option<&Bound<'_, PyAny>>,
        shape: &Bound<'_, Shape>,
        kinds: Option<&[Kind]>,
        timeout: Option<f64>,
    ) -> PyResult<SqliteCursor> {
        let (id, columns, type_codes) = connection.get().within(py, timeout, |database| {
            database.open_cursor(py, sql, params, shape.as_unbound(), kinds)
        })?;
        Ok(SqliteCursor {
            connection,
            process: Process::current(),
            id,
            columns,
            type_codes,
        })
    }
}

#[pymethods]
impl SqliteCursor {
    /// The next rows, at most `n`, and whether they are the last.
    #[pyo3(signature = (n, timeout=None))]
    fn fetch(
        &self,
        py: Python<'_>,
        n: usize,
        timeout: Option<f64>,
    ) -> PyResult<(Py<PyList>, bool)> {
        self.connection
            .get()
            .within(py, timeout, |database| database.fetch(py, self.id, n))
    }

    /// Ends the statement. Closing twice is fine, and so is closing after the connection.
    fn close(&self, py: Python<'_>) {
        if !self.process.is_parent() {
            self.connection.get().discard(py, self.id, |database, id| {
                drop(database.cursors.remove(id))
            });
        }
    }
}

impl Drop for SqliteCursor {
    fn drop(&mut self) {
        Python::attach(|py| self.close(py));
    }
}

impl Database {
    fn open_cursor(
        &mut self,
        py: Python<'_>,
        sql: &str,
        params: Option<&Bound<'_, PyAny>>,
        shape: &Py<Shape>,
        kinds: Option<&[Kind]>,
    ) -> PyResult<(u64, Py<PyTuple>, Py<PyTuple>)> {
        let codecs = self.cache.codecs();
        let mut stepping = Stepping::prepare(py, &mut self.connection, sql, shape, codecs)?;
        stepping.start(py, &mut self.connection, &self.control, params, kinds)?;
        let columns = &stepping.entry.columns;
        let (names, codes) = (
            columns.names.clone_ref(py),
            columns.type_codes.clone_ref(py),
        );
        Ok((self.cursors.insert(stepping), names, codes))
    }

    fn fetch(&mut self, py: Python<'_>, id: u64, n: usize) -> PyResult<(Py<PyList>, bool)> {
        let Some(cursor) = self.cursors.get(id) else {
            return Err(interface_error(py, "the cursor is closed"));
        };
        let fetched = cursor.fetch(py, &self.control, &mut self.rows, n);
        if fetched.is_err() {
            // A statement that failed would begin anew.
            self.cursors.remove(id);
        }
        fetched
    }
}
