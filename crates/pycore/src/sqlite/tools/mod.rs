//! What a connection can do besides running statements: a `backup`, a `blob`, the database as bytes (`serialize`; `plain_format`), its
//! `journal`, an `extension`. Whether two are in the `same_file`, and in which `encoding` one is.

pub mod backup;
pub mod blob;
mod encoding;
mod extension;
pub mod journal;
mod plain_format;
mod same_file;
mod serialize;

use std::path::PathBuf;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use self::backup::SqliteBackup;
use self::blob::{Place, SqliteBlob};
use crate::raise::programming_error;
use crate::sql_text::text;
use crate::sqlite::connection::SqliteConnection;
use crate::sqlite::user::{FunctionKind, FunctionOptions};
use crate::sqlite::values::custom_writing::Writer;

/// The rest of SQLite, for one connection.
#[pyclass(frozen, module = "ferrow._core")]
pub struct SqliteTools {
    connection: Py<SqliteConnection>,
}

#[pymethods]
impl SqliteTools {
    #[new]
    fn new(connection: Py<SqliteConnection>) -> SqliteTools {
        SqliteTools { connection }
    }

    /// Registers a function that SQL can call: `kind` is function, aggregate or window. None removes it.
    #[pyo3(signature = (kind, name, callable, arguments, deterministic, directonly))]
    #[expect(clippy::too_many_arguments, reason = "those of SQLite")]
    fn register(
        &self,
        py: Python<'_>,
        kind: &str,
        name: &Bound<'_, PyString>,
        callable: Option<Py<PyAny>>,
        arguments: i32,
        deterministic: bool,
        directonly: bool,
    ) -> PyResult<()> {
        let kind = match kind {
            "function" => FunctionKind::Function,
            "aggregate" => FunctionKind::Aggregate,
            "window" => FunctionKind::Window,
            other => return Err(PyValueError::new_err(format!("unknown kind {other:?}"))),
        };
        let name = text(name)?;
        let options = FunctionOptions {
            arguments,
            deterministic,
            directonly,
        };
        self.connection.get().with(py, |database| {
            database.register(py, kind, name, callable, options)
        })
    }

    /// Registers an order of texts. None removes it.
    fn collate(
        &self,
        py: Python<'_>,
        name: &Bound<'_, PyString>,
        callable: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let name = text(name)?;
        self.connection
            .get()
            .with(py, |database| database.collate(py, name, callable))
    }

    /// A copy of this database into another one, which `start` begins. `stays`: the target is used afterwards.
    fn backup(&self, py: Python<'_>, target: Py<SqliteConnection>, stays: bool) -> SqliteBackup {
        SqliteBackup::new(self.connection.clone_ref(py), target, stays)
    }

    /// Whether this database is in the file of that name.
    fn is_at(&self, py: Python<'_>, path: PathBuf) -> PyResult<bool> {
        self.connection.get().with(py, |database| {
            let file = same_file::file_of(&database.connection);
            Ok(file.is_some_and(|file| same_file::is_same(&file, &path)))
        })
    }

    /// What a file with the same content would hold.
    fn serialize<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.connection
            .get()
            .with(py, |database| database.serialize(py))
    }

    /// Replaces the content of an in-memory database.
    fn deserialize(&self, py: Python<'_>, bytes: &[u8]) -> PyResult<()> {
        self.connection
            .get()
            .with(py, |database| database.deserialize(py, bytes))
    }

    /// Opens one value of one row.
    fn open_blob(
        &self,
        py: Python<'_>,
        schema: &Bound<'_, PyString>,
        table: &Bound<'_, PyString>,
        column: &Bound<'_, PyString>,
        rowid: i64,
        readonly: bool,
    ) -> PyResult<SqliteBlob> {
        let place = Place {
            schema: text(schema)?,
            table: text(table)?,
            column: text(column)?,
            rowid,
        };
        SqliteBlob::open(py, self.connection.clone_ref(py), &place, readonly)
    }

    /// What the codec for a declared type makes of a value.
    fn encoded<'py>(
        &self,
        declared: &Bound<'_, PyString>,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = value.py();
        let declared = text(declared)?;
        let writer = self.connection.get().with(py, |database| {
            let codecs = database.cache.codecs();
            Ok(codecs.and_then(|codecs| Writer::of(codecs, declared)))
        })?;
        let Some(writer) = writer else {
            return Err(programming_error(
                py,
                format!(
                    "this connection has no codec for {declared} that encodes; give it one with set_codec"
                ),
            ));
        };
        writer.stored(value)
    }

    /// Loads a shared library that adds functions to SQLite.
    #[pyo3(signature = (path, entry=None))]
    fn load_extension(&self, py: Python<'_>, path: &str, entry: Option<&str>) -> PyResult<()> {
        if !self.connection.get().allow_extensions {
            return Err(programming_error(
                py,
                "extensions run code of their own in this process; allow them with the option allow_extensions=True",
            ));
        }
        self.connection.get().with(py, |database| {
            let connection = &mut database.connection;
            py.detach(|| extension::load(connection, path, entry))
                .map_err(|failure| failure.raise_plain(py))
        })
    }

    /// The rowid of the last row that was inserted; 0 before the first.
    fn last_insert_rowid(&self, py: Python<'_>) -> PyResult<i64> {
        self.connection
            .get()
            .with(py, |database| Ok(database.connection.last_insert_rowid()))
    }

    /// Rows inserted, updated and deleted since the connection was opened.
    fn total_changes(&self, py: Python<'_>) -> PyResult<u64> {
        self.connection
            .get()
            .with(py, |database| Ok(database.connection.total_changes()))
    }

    /// One of SQLite's limits, by number; a new value if it is not negative. Gives the one before.
    fn limit(&self, py: Python<'_>, number: i32, value: i32) -> PyResult<i32> {
        self.connection.get().with(py, |database| {
            // SAFETY: an open connection; an unknown number is answered with -1.
            Ok(
                unsafe {
                    rusqlite::ffi::sqlite3_limit(database.connection.handle(), number, value)
                },
            )
        })
    }

    /// Makes the running operation fail with QueryCancelled. Nothing happens when there is none.
    fn interrupt(&self) {
        self.connection.get().interrupt_running();
    }
}
