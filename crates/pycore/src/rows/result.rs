//! What one statement gave back.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyList, PyTuple, PyTzInfo, PyTzInfoAccess};
use pyo3::{PyTraverseError, PyVisit};

use super::collector::{Collector, Values, column_names};
use super::shape::Shape;
use crate::raise::interface_error;

/// Values that are Python objects already; `readers` make of each, unless it is None, what it means.
struct Given<'a, 'py> {
    row: &'a Bound<'py, PyTuple>,
    readers: &'a [Option<Bound<'py, PyAny>>],
}

impl<'py> Values<'py> for Given<'_, 'py> {
    fn next(&mut self, index: usize) -> PyResult<Bound<'py, PyAny>> {
        let value = self.row.get_item(index)?;
        match self.readers.get(index) {
            Some(Some(reader)) if !(value.is_none() || in_utc(&value)?) => reader.call1((value,)),
            _ => Ok(value),
        }
    }
}

/// Whether it is a moment as every reader of moments would make it.
fn in_utc(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = value.py();
    match value.cast_exact::<PyDateTime>() {
        Ok(moment) => Ok(match moment.get_tzinfo() {
            Some(zone) => zone.is(PyTzInfo::utc(py)?.to_owned()),
            None => false,
        }),
        Err(_) => Ok(false),
    }
}

/// What a statement was called, as text only when somebody asks: few do.
pub enum CommandStatus {
    Text(String),
    /// The command, and its rows unless they are negative.
    Counted(Arc<str>, i64),
    /// A SELECT, and its number of rows.
    Selected(u64),
}

impl Default for CommandStatus {
    fn default() -> CommandStatus {
        CommandStatus::Text(String::new())
    }
}

impl CommandStatus {
    /// The first word of the command tag.
    pub fn command(&self) -> &str {
        let command = match self {
            CommandStatus::Text(command) => command.as_str(),
            CommandStatus::Counted(command, _) => command,
            CommandStatus::Selected(_) => "SELECT",
        };
        command.split(' ').next().unwrap_or_default()
    }

    fn text(&self) -> String {
        match self {
            CommandStatus::Text(text) => text.clone(),
            CommandStatus::Counted(command, rows) if *rows < 0 => command.to_string(),
            CommandStatus::Counted(command, rows) => format!("{command} {rows}"),
            CommandStatus::Selected(rows) => format!("SELECT {rows}"),
        }
    }
}

/// What one statement gave back.
#[pyclass(frozen, generic, module = "ferrow._core")]
pub struct Result {
    /// The rows, in the shape that was asked for.
    #[pyo3(get)]
    pub rows: Py<PyList>,
    /// What the instances among them were given, a tuple each, if the shape was one `with_values`.
    #[pyo3(get)]
    pub values: Option<Py<PyList>>,
    /// Rows affected, or returned by a query; -1 if the database does not count them.
    #[pyo3(get)]
    pub rowcount: i64,
    pub status: CommandStatus,
    /// Names of the columns, in order; empty for a statement that returns no rows.
    #[pyo3(get)]
    pub columns: Py<PyTuple>,
    /// Whether there is a result: PostgreSQL has such without columns.
    #[pyo3(get)]
    pub returns_rows: bool,
    /// Object ids of the columns' types in PostgreSQL; on SQLite those of the declared types, 0 where there is none.
    #[pyo3(get)]
    pub type_codes: Py<PyTuple>,
    /// PostgreSQL: what the columns' types were declared with, as the server encodes it; -1 for nothing.
    #[pyo3(get)]
    pub type_modifiers: Py<PyTuple>,
    /// SQLite: the row id that the last row of an INSERT got; None for all else.
    #[pyo3(get)]
    pub last_rowid: Option<i64>,
}

impl Result {
    /// A result whose rows another driver has read.
    pub fn read(
        py: Python<'_>,
        rows: Py<PyList>,
        columns: Py<PyTuple>,
        rowcount: i64,
        status: &str,
        last_rowid: Option<i64>,
    ) -> Result {
        Result {
            rows,
            values: None,
            rowcount,
            status: CommandStatus::Text(status.to_owned()),
            returns_rows: !columns.bind(py).is_empty(),
            columns,
            type_codes: PyTuple::empty(py).unbind(),
            type_modifiers: PyTuple::empty(py).unbind(),
            last_rowid,
        }
    }

    /// A result without columns, of something that is not one statement.
    pub fn without_columns(py: Python<'_>, rows: Py<PyList>) -> Result {
        Result {
            rows,
            values: None,
            rowcount: -1,
            status: CommandStatus::Text(String::new()),
            columns: PyTuple::empty(py).unbind(),
            returns_rows: false,
            type_codes: PyTuple::empty(py).unbind(),
            type_modifiers: PyTuple::empty(py).unbind(),
            last_rowid: None,
        }
    }
}

#[pymethods]
impl Result {
    /// A result whose rows were read in Python: a tuple of values each, shaped here as those of the core's own wires are.
    #[staticmethod]
    #[pyo3(signature = (rows, shape, columns, *, rowcount=-1, status="", type_codes=None, last_rowid=None, readers=None))]
    #[allow(clippy::too_many_arguments)] // each by its name
    fn shaped(
        py: Python<'_>,
        rows: &Bound<'_, PyAny>,
        shape: Py<Shape>,
        columns: &Bound<'_, PyAny>,
        rowcount: i64,
        status: &str,
        type_codes: Option<Py<PyTuple>>,
        last_rowid: Option<i64>,
        readers: Option<Vec<Option<Bound<'_, PyAny>>>>,
    ) -> PyResult<Result> {
        let readers = readers.unwrap_or_default();
        // A tuple is that of an earlier result.
        let columns = match columns.cast_exact::<PyTuple>() {
            Ok(columns) => columns.clone().unbind(),
            Err(_) => {
                let names = columns.extract::<Vec<String>>()?;
                column_names(py, names.iter().map(String::as_str))?
            }
        };
        let width = columns.bind(py).len();
        let (collected, values) = if width == 0 {
            (PyList::empty(py).unbind(), None)
        } else {
            let mut collector = Collector::new(py, shape, columns.clone_ref(py))?;
            for row in rows.try_iter()? {
                let row = row?;
                let row = match row.cast::<PyList>() {
                    Ok(list) => list.to_tuple(),
                    Err(_) => row.cast_into::<PyTuple>()?,
                };
                if row.len() != width {
                    return Err(interface_error(
                        py,
                        format!("a row has {} values for {width} columns", row.len()),
                    ));
                }
                let mut values = Given {
                    row: &row,
                    readers: &readers,
                };
                collector.push(py, &mut values)?;
            }
            let values = collector.values().map(|values| values.clone_ref(py));
            (collector.take_rows(py), values)
        };
        Ok(Result {
            rows: collected,
            values,
            rowcount,
            status: CommandStatus::Text(status.to_owned()),
            columns,
            returns_rows: width > 0,
            type_codes: type_codes.unwrap_or_else(|| PyTuple::empty(py).unbind()),
            type_modifiers: PyTuple::empty(py).unbind(),
            last_rowid,
        })
    }

    // Its rows are anything, and the list is the caller's to add to.
    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        visit.call(&self.rows)?;
        visit.call(self.values.as_ref())
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
