//! The connection as Python sees it.

use std::sync::{Arc, Mutex, TryLockError};
use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use super::arena::Arena;
use super::cache::Cache;
use super::control::{Control, Status};
use super::database::Database;
use super::gate::{Entered, Gate};
use super::inherited::{self, Shared};
use super::open::{Settings, open};
use super::params::kinds_of;
use crate::fork::{self, Process};
use crate::kinds::Kinds;
use crate::raise::{interface_error, programming_error, sqlite_error};
use crate::rows::{Result, Shape};

/// One SQLite connection. Usable from any thread, by one at a time: the others wait. A call from inside, by Python code that
/// the connection itself is running (a model's constructor), gets an error.
#[pyclass(frozen, module = "ferrow._core")]
pub struct SqliteConnection {
    database: Shared,
    gate: Gate,
    control: Arc<Control>,
    process: Process,
}

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
    #[pyo3(signature = (path, *, uri=false, readonly=false, create=true, busy_timeout=5.0, statement_cache_size=128, inline_reads=false))]
    #[expect(clippy::too_many_arguments, reason = "keywords")]
    fn new(
        py: Python<'_>,
        path: String,
        uri: bool,
        readonly: bool,
        create: bool,
        busy_timeout: f64,
        statement_cache_size: usize,
        inline_reads: bool,
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
            connection,
            parameters: Arena::default(),
            rows: Arena::default(),
            control: Arc::clone(&control),
            paced: inline_reads,
        })));
        inherited::note(&database, path.as_deref());
        Ok(SqliteConnection {
            database,
            gate: Gate::default(),
            control,
            process: Process::current(),
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

    /// Run a read if it is short: see `inline`. None when nothing has happened, and `run` is to be called.
    #[pyo3(signature = (sql, params, shape, kinds=None))]
    fn attempt(
        &self,
        py: Python<'_>,
        sql: &Bound<'_, PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: &Bound<'_, Shape>,
        kinds: Option<&Bound<'_, Kinds>>,
    ) -> PyResult<Option<Result>> {
        let sql = text(sql)?;
        let outcome = self.enter(py, false, |database| {
            database.attempt(py, sql, params, shape.as_unbound(), kinds_of(kinds))
        })?;
        Ok(outcome.flatten())
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

    fn script(&self, py: Python<'_>, sql: &Bound<'_, PyString>) -> PyResult<()> {
        let sql = text(sql)?;
        self.with(py, |database| database.script(py, sql))
    }

    /// Several statements without parameters, all or nothing; the rows each of them affected.
    fn batch(&self, py: Python<'_>, statements: &Bound<'_, PyTuple>) -> PyResult<Vec<i64>> {
        self.with(py, |database| database.batch(py, statements))
    }

    /// Checks a statement and keeps it prepared, if it is of a kind that is kept.
    fn prepare(&self, py: Python<'_>, sql: &Bound<'_, PyString>) -> PyResult<()> {
        let sql = text(sql)?;
        self.with(py, |database| database.prepare(py, sql))
    }

    /// Gives up all prepared statements.
    fn clear_cache(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, |database| {
            database.cache.clear();
            Ok(())
        })
    }

    /// Statements kept prepared; 0 while the connection is at work, or closed.
    #[getter]
    fn cached_statements(&self) -> usize {
        let guard = self.database.try_lock().ok();
        guard.map_or(0, |guard| {
            guard.as_ref().map_or(0, |database| database.cache.len())
        })
    }

    /// Operations made so far, to tell whether there were any since.
    #[getter]
    fn requests(&self) -> u64 {
        self.control.operations()
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

    /// Waits for what another thread is running, then closes.
    fn finish(&self, py: Python<'_>) -> PyResult<()> {
        if !self.closed() {
            // From inside: nothing to wait for, the call that is under way closes at its end.
            let entered = self.enter(py, true, |_| {
                self.control.close();
                Ok(())
            });
            if !self.control.closed() {
                entered?;
            }
            self.close(py);
        }
        Ok(())
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
    fn with<T>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Database) -> PyResult<T>,
    ) -> PyResult<T> {
        self.enter(py, true, work)?.ok_or_else(|| {
            interface_error(
                py,
                "the connection was used from inside one of its own results (by a model's constructor): collect the rows \
                 first, then query",
            )
        })
    }

    /// None when the connection is in use: by another thread unless `patient`, or from inside.
    #[inline]
    fn enter<T>(
        &self,
        py: Python<'_>,
        patient: bool,
        work: impl FnOnce(&mut Database) -> PyResult<T>,
    ) -> PyResult<Option<T>> {
        if self.process.is_parent() {
            return Err(interface_error(py, fork::REASON));
        }
        let entered = self
            .gate
            .enter(py, &self.database, patient, |database| match database {
                Some(database) if !self.control.closed() => {
                    self.control.begin();
                    let outcome = work(database);
                    database.tidy();
                    self.control.take_raised().map_or(outcome, Err)
                }
                _ => Err(interface_error(py, "Connection is closed")),
            })?;
        let outcome = match entered {
            Entered::Done(outcome) => outcome.map(Some),
            Entered::Occupied => Ok(None),
            Entered::Broken => Err(interface_error(py, "Connection is broken")),
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
pub(super) fn text<'a>(sql: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    sql.to_str().map_err(|_| {
        programming_error(
            sql.py(),
            "the SQL text holds a lone surrogate, which UTF-8 cannot write",
        )
    })
}
