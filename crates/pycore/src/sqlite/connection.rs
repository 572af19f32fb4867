//! The connection as Python sees it.

use std::sync::atomic::{AtomicBool, Ordering};
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
use super::gate::{Entered, Gate};
use super::handles::Handles;
use super::inherited::{self, Shared};
use super::journal::{JournalMode, Synchronous};
use super::open::{Settings, open};
use super::params::kinds_of;
use super::unopened;
use crate::fork::{self, Process};
use crate::kinds::Kinds;
use crate::raise::{interface_error, operational_error, programming_error, sqlite_error};
use crate::rows::{Result, Shape};

/// One SQLite connection. Usable from any thread, by one at a time: the others wait. A call from inside, by Python code that
/// the connection itself is running (a model's constructor), gets an error.
#[pyclass(frozen, module = "ferrow._core")]
pub struct SqliteConnection {
    database: Shared,
    gate: Gate,
    control: Arc<Control>,
    process: Process,
    /// What is to be closed once the connection is free: its owner is gone.
    discarded: Mutex<Vec<Discard>>,
    littered: AtomicBool,
    pub allow_extensions: bool,
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
    #[pyo3(signature = (
        path, *, uri=false, readonly=false, create=true, immutable=false, vfs=None, journal_mode=None, synchronous=None,
        cache_size=None, foreign_keys=true, allow_extensions=false, busy_timeout=5.0, statement_cache_size=128,
        inline_reads=false
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords")]
    fn new(
        py: Python<'_>,
        path: String,
        uri: bool,
        readonly: bool,
        create: bool,
        immutable: bool,
        vfs: Option<String>,
        journal_mode: Option<&str>,
        synchronous: Option<&str>,
        cache_size: Option<i32>,
        foreign_keys: bool,
        allow_extensions: bool,
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
            immutable,
            vfs,
            journal_mode: journal_mode
                .map(JournalMode::parse)
                .transpose()
                .map_err(PyValueError::new_err)?,
            synchronous: synchronous
                .map(Synchronous::parse)
                .transpose()
                .map_err(PyValueError::new_err)?,
            cache_size,
            foreign_keys,
            busy_timeout,
        };
        inherited::leave_all();
        if inherited::is_stuck(&settings.path) {
            let message = format!("cannot open {:?}: {}", settings.path, inherited::REASON);
            return Err(operational_error(py, message));
        }
        let (connection, control) = py.detach(|| open(&settings)).map_err(|failure| {
            let message = unopened::explain(&settings, &failure);
            sqlite_error(py, failure.code, &message, None)
        })?;
        let file = connection.path().and_then(inherited::file_id);
        let database = Arc::new(Mutex::new(Some(Database {
            cache: Cache::new(statement_cache_size),
            cursors: Handles::new(),
            blobs: Handles::new(),
            backups: Handles::new(),
            lent: None,
            connection,
            parameters: Arena::default(),
            rows: Arena::default(),
            query_only: false,
            file,
            readonly,
            control: Arc::clone(&control),
            paced: inline_reads,
            private: !settings.uri && matches!(settings.path.as_str(), "" | ":memory:"),
            guests: false,
        })));
        inherited::note(&database, file);
        Ok(SqliteConnection {
            database,
            gate: Gate::default(),
            control,
            process: Process::current(),
            discarded: Mutex::new(Vec::new()),
            littered: AtomicBool::new(false),
            allow_extensions,
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
            database.refuse_if_lent(py)?;
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
        self.is_closed()
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
    /// Interrupts what runs, unless nothing does.
    pub fn interrupt_running(&self) {
        if !self.process.is_parent() && self.gate.is_occupied() {
            self.control.interrupt();
        }
    }

    /// Closes something that belongs to the connection, now or when it is free.
    pub fn discard(&self, py: Python<'_>, id: u64, how: fn(&mut Database, u64)) {
        if let Ok(mut discarded) = self.discarded.lock() {
            discarded.push((id, how));
        }
        self.littered.store(true, Ordering::Release);
        // Whoever is inside does it otherwise.
        let _ = self.gate.enter(py, &self.database, false, |database| {
            if let Some(database) = database {
                self.close_discarded(database);
                // An aggregate that was cut off may have had something to say.
                self.control.take_raised();
            }
        });
    }

    #[inline]
    fn close_discarded(&self, database: &mut Database) {
        if self.littered.load(Ordering::Acquire) {
            self.littered.store(false, Ordering::Release);
            let discarded = self
                .discarded
                .lock()
                .map(|mut list| std::mem::take(&mut *list));
            for (id, how) in discarded.unwrap_or_default() {
                how(database, id);
            }
        }
    }

    pub fn is_closed(&self) -> bool {
        self.control.closed() || self.process.is_parent()
    }

    pub fn with<T>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Database) -> PyResult<T>,
    ) -> PyResult<T> {
        let entered = self.enter(py, true, |database| {
            database.refuse_if_lent(py)?;
            work(database)
        })?;
        entered.ok_or_else(|| {
            interface_error(
                py,
                "the connection was used from inside one of its own results (by a model's constructor) or functions; \
                 collect the rows first, then query, or use another connection",
            )
        })
    }

    /// The same for the other side of a backup. It does not wait: that side could be waiting for this one.
    pub fn with_other<T>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Database) -> PyResult<T>,
    ) -> PyResult<T> {
        self.enter(py, false, work)?.ok_or_else(|| {
            interface_error(
                py,
                "the target of a backup is in use; wait until its statement has ended",
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
                    let outcome =
                        work(database).map_err(|error| database.explain_refusal(py, error));
                    self.close_discarded(database);
                    let outcome = match self.control.take_raised() {
                        None => outcome,
                        Some(raised) => Err(database.raised(py, raised, outcome.err())),
                    };
                    database.tidy();
                    outcome
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
pub fn text<'a>(sql: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    sql.to_str().map_err(|_| {
        programming_error(
            sql.py(),
            "the SQL text holds a lone surrogate, which UTF-8 cannot write",
        )
    })
}
