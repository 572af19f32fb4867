//! The connection as Python sees it.
//!
//! `open` and `opened` make one (`unopened` says why not, `readonly` what may not write). `access` lets callers in through the `gate`; `control` is
//! what other threads may do meanwhile (`interrupt`), and what SQLite asks while it works (`callbacks`, `waiting`). `given` and `handles` are what
//! it keeps for its users, `inherited` is after a fork.

mod access;
mod callbacks;
pub mod control;
mod gate;
mod given;
pub mod handles;
pub mod inherited;
pub mod interrupt;
pub mod open;
mod opened;
pub mod readonly;
mod unopened;
pub mod waiting;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, TryLockError};
use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use self::access::Discard;
use self::control::{Control, Status};
use self::gate::Gate;
use self::given::Given;
use self::inherited::Shared;
use self::interrupt::SqliteInterrupt;
use self::open::Settings;
use crate::fork::Process;
use crate::kinds::Kinds;
use crate::raise::asked;
use crate::rows::{Result, Shape};
use crate::sql_text::text;
use crate::sqlite::execution::cursor::SqliteCursor;
use crate::sqlite::tools::journal::{JournalMode, Synchronous};
use crate::sqlite::values::codecs::Codecs;
use crate::sqlite::values::params::kinds_of;

/// One SQLite connection. Usable from any thread, by one at a time: the others wait. A call from inside, by Python code that
/// the connection itself is running (a model's constructor), gets an error.
#[pyclass(frozen, weakref, module = "ferrow._core")]
pub struct SqliteConnection {
    pub database: Shared,
    pub gate: Gate,
    pub control: Arc<Control>,
    pub process: Process,
    /// What is to be closed once the connection is free: its owner is gone.
    pub discarded: Mutex<Vec<Discard>>,
    pub littered: AtomicBool,
    pub allow_extensions: bool,
    /// For the next operation.
    pub codecs: Given,
}

impl Drop for SqliteConnection {
    fn drop(&mut self) {
        if self.process.is_parent() {
            inherited::leave(&self.database);
        }
    }
}

#[pymethods]
impl SqliteConnection {
    #[new]
    #[pyo3(signature = (
        path, *, uri=false, readonly=false, create=true, immutable=false, vfs=None, journal_mode=None, synchronous=None,
        cache_size=None, foreign_keys=true, allow_extensions=false, busy_timeout=5.0, statement_cache_size=128,
        inline_reads=false, codecs=Vec::new()
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
        codecs: Vec<Bound<'_, PyAny>>,
    ) -> PyResult<SqliteConnection> {
        let codecs = Codecs::of(py, &codecs)?;
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
        SqliteConnection::open(
            py,
            &settings,
            statement_cache_size,
            inline_reads,
            allow_extensions,
            codecs,
        )
    }

    #[pyo3(signature = (sql, params, shape, kinds=None, timeout=None))]
    fn run(
        &self,
        py: Python<'_>,
        sql: &Bound<'_, PyAny>,
        params: Option<&Bound<'_, PyAny>>,
        shape: &Bound<'_, Shape>,
        kinds: Option<&Bound<'_, Kinds>>,
        timeout: Option<f64>,
    ) -> PyResult<Result> {
        let text = text(sql)?;
        self.within(py, timeout, |database| {
            database
                .run(py, text, params, shape.as_unbound(), kinds_of(kinds))
                .map_err(|error| asked(py, error, sql))
        })
    }

    /// Run a read if it is short: see `inline`. None when nothing has happened, and `run` is to be called.
    #[pyo3(signature = (sql, params, shape, kinds=None))]
    fn attempt(
        &self,
        py: Python<'_>,
        sql: &Bound<'_, PyAny>,
        params: Option<&Bound<'_, PyAny>>,
        shape: &Bound<'_, Shape>,
        kinds: Option<&Bound<'_, Kinds>>,
    ) -> PyResult<Option<Result>> {
        let text = text(sql)?;
        let outcome = self.enter(py, false, |database| {
            database.refuse_if_lent(py)?;
            database
                .attempt(py, text, params, shape.as_unbound(), kinds_of(kinds))
                .map_err(|error| asked(py, error, sql))
        })?;
        Ok(outcome.flatten())
    }

    #[pyo3(signature = (sql, rows, shape, kinds=None, timeout=None))]
    fn run_many(
        &self,
        py: Python<'_>,
        sql: &Bound<'_, PyAny>,
        rows: &Bound<'_, PyAny>,
        shape: &Bound<'_, Shape>,
        kinds: Option<&Bound<'_, Kinds>>,
        timeout: Option<f64>,
    ) -> PyResult<Result> {
        let text = text(sql)?;
        self.within(py, timeout, |database| {
            database
                .run_many(py, text, rows, shape.as_unbound(), kinds_of(kinds))
                .map_err(|error| asked(py, error, sql))
        })
    }

    /// Runs one statement whose rows are fetched piece by piece.
    #[pyo3(signature = (sql, params, shape, kinds=None, timeout=None))]
    fn open_cursor(
        slf: &Bound<'_, Self>,
        sql: &Bound<'_, PyAny>,
        params: Option<&Bound<'_, PyAny>>,
        shape: &Bound<'_, Shape>,
        kinds: Option<&Bound<'_, Kinds>>,
        timeout: Option<f64>,
    ) -> PyResult<SqliteCursor> {
        let connection = slf.clone().unbind();
        SqliteCursor::open(
            slf.py(),
            connection,
            text(sql)?,
            params,
            shape,
            kinds_of(kinds),
            timeout,
        )
    }

    #[pyo3(signature = (sql, timeout=None))]
    fn script(&self, py: Python<'_>, sql: &Bound<'_, PyAny>, timeout: Option<f64>) -> PyResult<()> {
        let sql = text(sql)?;
        self.within(py, timeout, |database| database.script(py, sql))
    }

    #[pyo3(signature = (sql, guarded=false, timeout=None))]
    fn begin(
        &self,
        py: Python<'_>,
        sql: &Bound<'_, PyAny>,
        guarded: bool,
        timeout: Option<f64>,
    ) -> PyResult<()> {
        let sql = text(sql)?;
        self.within(py, timeout, |database| database.begin(py, sql, guarded))
    }

    /// Several statements without parameters, all or nothing; the rows each of them affected.
    #[pyo3(signature = (statements, timeout=None))]
    fn batch(
        &self,
        py: Python<'_>,
        statements: &Bound<'_, PyTuple>,
        timeout: Option<f64>,
    ) -> PyResult<Vec<i64>> {
        self.within(py, timeout, |database| database.batch(py, statements))
    }

    /// Operations made so far, to tell whether there were any since.
    #[getter]
    fn requests(&self) -> u64 {
        self.control.operations()
    }

    fn interrupt_handle(&self) -> SqliteInterrupt {
        SqliteInterrupt::new(Arc::clone(&self.control))
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

    /// Whether the database is open, as it may be for a while after `close`.
    #[getter]
    fn holds_file(&self) -> bool {
        match self.database.try_lock() {
            Ok(database) => database.is_some(),
            Err(TryLockError::Poisoned(database)) => database.into_inner().is_some(),
            Err(TryLockError::WouldBlock) => true,
        }
    }

    /// Closes, and waits until the database is: for what another thread is running, which is interrupted, but no longer than so
    /// many seconds. A function in Python can take as long as it likes; its thread closes the database then.
    fn finish(&self, py: Python<'_>, seconds: f64) -> PyResult<()> {
        self.close(py);
        self.await_end(py, seconds)
    }

    /// Never waits: what is running is interrupted, and its thread closes the database when it is done.
    fn close(&self, py: Python<'_>) {
        self.control.close();
        if !self.release(py) {
            self.control.cut();
        }
    }
}
