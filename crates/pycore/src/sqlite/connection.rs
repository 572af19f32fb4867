//! The connection as Python sees it.

use std::sync::{Arc, Mutex, TryLockError};
use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::arena::Arena;
use super::cache::Cache;
use super::control::{Control, Status};
use super::cursor::SqliteCursor;
use super::database::Database;
use super::handles::Handles;
use super::inherited::{self, Shared};
use super::open::{Settings, open};
use super::params::kinds_of;
use crate::fork::{self, Process};
use crate::kinds::Kinds;
use crate::raise::{interface_error, programming_error, sqlite_error};
use crate::rows::{Result, Shape};

/// One SQLite connection. Usable from any thread, by one at a time: a second one gets an error instead of a wait, because
/// the first may be running Python code (a model's constructor) that waits for it.
#[pyclass(frozen, module = "ferrow._core")]
pub struct SqliteConnection {
    database: Shared,
    control: Arc<Control>,
    process: Process,
    /// What is to be closed once the connection is free: its owner is gone.
    discarded: Mutex<Vec<Discard>>,
}

/// How to close what has a number.
type Discard = (u64, fn(&mut Database, u64));

impl Drop for SqliteConnection {
    fn drop(&mut self) {
        if self.process.is_parent() {
            inherited::leave(&self.database);
        }
    }
}

/// Interrupts what a connection is doing, from any thread.
#[pyclass(frozen, module = "ferrow._core")]
pub struct SqliteInterrupt {
    control: Arc<Control>,
}

#[pymethods]
impl SqliteInterrupt {
    /// Make the running operation fail with QueryCancelled; the next one if none is running, unless `clear` comes first.
    fn interrupt(&self) {
        self.control.interrupt();
    }

    /// Forget an interrupt that came too late for its operation.
    fn clear(&self) {
        self.control.forget_interrupt();
    }
}

#[pymethods]
impl SqliteConnection {
    #[new]
    #[pyo3(signature = (path, *, uri=false, readonly=false, create=true, busy_timeout=5.0, statement_cache_size=128))]
    fn new(
        py: Python<'_>,
        path: String,
        uri: bool,
        readonly: bool,
        create: bool,
        busy_timeout: f64,
        statement_cache_size: usize,
    ) -> PyResult<SqliteConnection> {
        let busy_timeout = Duration::try_from_secs_f64(busy_timeout).map_err(|error| {
            PyValueError::new_err(format!("busy_timeout is {busy_timeout}: {error}"))
        })?;
        let settings = Settings {
            path,
            uri,
            readonly,
            create,
            busy_timeout,
        };
        inherited::leave_all();
        let (connection, control) = py.detach(|| open(&settings)).map_err(|failure| {
            let message = format!("cannot open {:?}: {}", settings.path, failure.message);
            sqlite_error(py, failure.code, &message, None)
        })?;
        let path = connection.path().map(str::to_owned);
        let database = Arc::new(Mutex::new(Some(Database {
            cache: Cache::new(statement_cache_size),
            cursors: Handles::new(),
            connection,
            parameters: Arena::default(),
            rows: Arena::default(),
            control: Arc::clone(&control),
        })));
        inherited::note(&database, path.as_deref());
        Ok(SqliteConnection {
            database,
            control,
            process: Process::current(),
            discarded: Mutex::new(Vec::new()),
        })
    }

    #[pyo3(signature = (sql, params, shape, kinds=None))]
    fn run(
        &self,
        py: Python<'_>,
        sql: &Bound<'_, PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: &Bound<'_, Shape>,
        kinds: Option<&Bound<'_, Kinds>>,
    ) -> PyResult<Result> {
        let sql = text(sql)?;
        self.with(py, |database| {
            database.run(py, sql, params, shape.as_unbound(), kinds_of(kinds))
        })
    }

    #[pyo3(signature = (sql, rows, shape, kinds=None))]
    fn run_many(
        &self,
        py: Python<'_>,
        sql: &Bound<'_, PyString>,
        rows: &Bound<'_, PyAny>,
        shape: &Bound<'_, Shape>,
        kinds: Option<&Bound<'_, Kinds>>,
    ) -> PyResult<Result> {
        let sql = text(sql)?;
        self.with(py, |database| {
            database.run_many(py, sql, rows, shape.as_unbound(), kinds_of(kinds))
        })
    }

    /// Runs one statement whose rows are fetched piece by piece.
    #[pyo3(signature = (sql, params, shape, kinds=None))]
    fn open_cursor(
        slf: &Bound<'_, Self>,
        sql: &Bound<'_, PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: &Bound<'_, Shape>,
        kinds: Option<&Bound<'_, Kinds>>,
    ) -> PyResult<SqliteCursor> {
        let connection = slf.clone().unbind();
        SqliteCursor::open(
            slf.py(),
            connection,
            text(sql)?,
            params,
            shape,
            kinds_of(kinds),
        )
    }

    fn script(&self, py: Python<'_>, sql: &Bound<'_, PyString>) -> PyResult<()> {
        let sql = text(sql)?;
        self.with(py, |database| database.script(py, sql))
    }

    fn interrupt_handle(&self) -> SqliteInterrupt {
        SqliteInterrupt {
            control: Arc::clone(&self.control),
        }
    }

    /// Whether a transaction is open, even one that failed.
    #[getter]
    fn in_transaction(&self) -> bool {
        self.control.status() != Status::Idle
    }

    /// `idle`, `transaction`, or `failed`: SQLite rolled the transaction back by itself, and only ROLLBACK is accepted.
    #[getter]
    fn status(&self) -> &'static str {
        match self.control.status() {
            Status::Idle => "idle",
            Status::Transaction => "transaction",
            Status::Failed => "failed",
        }
    }

    #[getter]
    fn closed(&self) -> bool {
        self.control.closed() || self.process.is_parent()
    }

    /// Never waits: what is running is interrupted, and its thread closes the database when it is done.
    fn close(&self, py: Python<'_>) {
        self.control.close();
        if !self.release(py) {
            self.control.interrupt();
        }
    }
}

impl SqliteConnection {
    /// Closes something that belongs to the connection, now or when it is free.
    pub fn discard(&self, id: u64, how: fn(&mut Database, u64)) {
        if let Ok(mut discarded) = self.discarded.lock() {
            discarded.push((id, how));
        }
        if let Ok(mut guard) = self.database.try_lock()
            && let Some(database) = guard.as_mut()
        {
            self.close_discarded(database);
        }
    }

    fn close_discarded(&self, database: &mut Database) {
        let discarded = self
            .discarded
            .lock()
            .map(|mut list| std::mem::take(&mut *list));
        for (id, how) in discarded.unwrap_or_default() {
            how(database, id);
        }
    }

    pub fn with<T>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Database) -> PyResult<T>,
    ) -> PyResult<T> {
        if self.process.is_parent() {
            return Err(interface_error(py, fork::REASON));
        }
        let outcome = match self.database.try_lock() {
            Ok(mut guard) => match guard.as_mut() {
                Some(database) if !self.control.closed() => {
                    self.control.begin();
                    let outcome = work(database);
                    self.close_discarded(database);
                    database.tidy();
                    self.control.take_raised().map_or(outcome, Err)
                }
                _ => Err(interface_error(py, "Connection is closed")),
            },
            // A panic on another thread; its message was the news.
            Err(TryLockError::Poisoned(_)) => Err(interface_error(py, "Connection is broken")),
            Err(TryLockError::WouldBlock) => Err(interface_error(
                py,
                "the connection is in use: by another thread, or it was used from inside one of its own results (by a model's \
                 constructor): collect the rows first, then query",
            )),
        };
        if self.control.closed() {
            self.release(py);
        }
        outcome
    }

    /// Closes the database, unless a thread is using it: then false.
    fn release(&self, py: Python<'_>) -> bool {
        if self.process.is_parent() {
            return true;
        }
        let database = match self.database.try_lock() {
            Ok(mut guard) => guard.take(),
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner().take(),
            Err(TryLockError::WouldBlock) => return false,
        };
        py.detach(|| database.map(Database::close));
        true
    }
}

/// The text of a `str`, which may hold what UTF-8 cannot.
fn text<'a>(sql: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    sql.to_str().map_err(|_| {
        programming_error(
            sql.py(),
            "the SQL text holds a lone surrogate, which UTF-8 cannot write",
        )
    })
}
