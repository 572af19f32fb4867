//! The session object as Python sees it: an asyncio buffered protocol, and what the blocking wire calls.

use std::collections::BTreeMap;

use pgwire::{Config, Password, Session, TransactionStatus, cancel_request};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::batch::Batch;
use super::blocking::Descriptor;
use super::cache::Cache;
use super::core::Core;
use super::deliver::{delivering, reentered};
use super::known_types::PgTypes;
use super::request::{Purpose, Query, Reply, Request};
use super::types::Types;
use super::types::codec::Codec;
use super::{arguments, ending, protocol, queue, waiting};
use crate::fork::{self, Process};
use crate::raise::{interface_error, operational_error};
use crate::rows::{Result, Shape};

/// Bytes read from the socket at once.
const BUFFER: usize = 128 * 1024;

#[pyclass(subclass, module = "ferrow._core")]
pub struct PgSession {
    pub(super) core: Core,
    pub(super) buffer: Box<[u8]>,
    /// The memoryview that the event loop reads into; made once, it points into `buffer`.
    pub(super) view: Option<Py<PyAny>>,
    pub(super) transport: Option<Py<PyAny>>,
    pub(super) call_soon: Option<Py<PyAny>>,
    pub(super) flush_scheduled: bool,
    pub(super) descriptor: Option<Descriptor>,
    pub(super) on_notice: Option<Py<PyAny>>,
    pub(super) on_notification: Option<Py<PyAny>>,
    pub(super) process: Process,
}

#[pymethods]
impl PgSession {
    #[new]
    #[pyo3(signature = (
        *, user, database, password, parameters, allow_cleartext, allow_md5, scram_max_iterations,
        statement_cache_size, statement_prefix, codecs=Vec::new()
    ))]
    #[allow(clippy::too_many_arguments)] // keyword-only; mirrors ferrow.wire.settings
    fn new(
        py: Python<'_>,
        user: String,
        database: String,
        password: Option<String>,
        parameters: Vec<(String, String)>,
        allow_cleartext: bool,
        allow_md5: bool,
        scram_max_iterations: u32,
        statement_cache_size: usize,
        statement_prefix: String,
        codecs: Vec<Bound<'_, PyAny>>,
    ) -> PyResult<PgSession> {
        let mut config = Config::new(user, database);
        config.password = password.map(Password::new);
        config.parameters = parameters;
        config.allow_cleartext = allow_cleartext;
        config.allow_md5 = allow_md5;
        config.scram_max_iterations = scram_max_iterations;
        let session =
            Session::new(config).map_err(|refused| interface_error(py, refused.message))?;
        Ok(PgSession {
            core: Core::new(
                session,
                Cache::new(statement_cache_size),
                types(py, &codecs)?,
                statement_prefix,
            ),
            buffer: vec![0; BUFFER].into_boxed_slice(),
            view: None,
            transport: None,
            call_soon: None,
            flush_scheduled: false,
            descriptor: None,
            on_notice: None,
            on_notification: None,
            process: Process::current(),
        })
    }

    // A transport refers to its protocol, and the view to its session.

    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        visit.call(&self.view)?;
        visit.call(&self.transport)?;
        visit.call(&self.call_soon)?;
        visit.call(&self.on_notice)?;
        visit.call(&self.on_notification)?;
        self.core.traverse(&visit)
    }

    fn __clear__(&mut self) {
        self.view = None;
        self.transport = None;
        self.call_soon = None;
        self.on_notice = None;
        self.on_notification = None;
        self.core.clear();
    }

    // asyncio.BufferedProtocol

    fn connection_made(slf: &Bound<'_, Self>, transport: Py<PyAny>) -> PyResult<()> {
        protocol::connection_made(slf, transport)
    }

    #[pyo3(signature = (sizehint))]
    fn get_buffer(slf: &Bound<'_, Self>, sizehint: isize) -> PyResult<Py<PyAny>> {
        let _ = sizehint;
        protocol::get_buffer(slf)
    }

    fn buffer_updated(slf: &Bound<'_, Self>, nbytes: usize) -> PyResult<()> {
        protocol::buffer_updated(slf, nbytes)
    }

    fn eof_received(&self) -> bool {
        false // let the transport close itself; connection_lost follows
    }

    fn connection_lost(slf: &Bound<'_, Self>, exc: Option<Bound<'_, PyAny>>) -> PyResult<()> {
        protocol::connection_lost(slf, exc)
    }

    /// The memory that `get_buffer` hands out.
    ///
    /// # Safety
    /// The caller is CPython, with a valid `view` to fill.
    unsafe fn __getbuffer__(
        slf: Bound<'_, Self>,
        view: *mut ffi::Py_buffer,
        flags: std::ffi::c_int,
    ) -> PyResult<()> {
        // SAFETY: the same caller.
        unsafe { protocol::fill(&slf, view, flags) }
    }

    // requests of the asyncio wire

    fn start(&mut self, future: Py<PyAny>, call_soon: Py<PyAny>) {
        self.call_soon = Some(call_soon);
        self.core.start(Reply::Future(future));
    }

    #[pyo3(signature = (sql, params, shape, future))]
    fn submit(
        slf: &Bound<'_, Self>,
        sql: Py<PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: Py<Shape>,
        future: Py<PyAny>,
    ) -> PyResult<()> {
        let py = slf.py();
        let query = Query::new(
            sql,
            arguments::one(py, params)?,
            shape,
            Reply::Future(future),
        );
        queue::send(slf, |core| core.submit(py, Request::Query(query)))
    }

    fn submit_many(
        slf: &Bound<'_, Self>,
        sql: Py<PyString>,
        rows: &Bound<'_, PyAny>,
        shape: Py<Shape>,
        future: Py<PyAny>,
    ) -> PyResult<()> {
        let py = slf.py();
        let query = Query::new(sql, arguments::many(rows)?, shape, Reply::Future(future));
        queue::send(slf, |core| core.submit(py, Request::Query(query)))
    }

    fn submit_script(slf: &Bound<'_, Self>, sql: Py<PyString>, future: Py<PyAny>) -> PyResult<()> {
        let py = slf.py();
        let reply = Reply::Future(future);
        queue::send(slf, |core| core.submit(py, Request::Script { sql, reply }))
    }

    /// Several statements without parameters, all or nothing; the result's rows are their counts.
    fn submit_batch(
        slf: &Bound<'_, Self>,
        statements: Py<PyTuple>,
        future: Py<PyAny>,
    ) -> PyResult<()> {
        let py = slf.py();
        let batch = Batch::new(statements, Reply::Future(future));
        queue::send(slf, |core| core.submit(py, Request::Batch(batch)))
    }

    fn submit_prepare(slf: &Bound<'_, Self>, sql: Py<PyString>, future: Py<PyAny>) -> PyResult<()> {
        let py = slf.py();
        let query = Query::new(
            sql,
            arguments::one(py, None)?,
            Py::new(py, Shape::tuples(None))?,
            Reply::Future(future),
        )
        .purpose(Purpose::Prepare);
        queue::send(slf, |core| core.submit(py, Request::Query(query)))
    }

    fn submit_forget(slf: &Bound<'_, Self>, future: Py<PyAny>) -> PyResult<()> {
        let py = slf.py();
        queue::send(slf, |core| {
            core.submit(py, Request::Forget(Reply::Future(future)));
        })
    }

    /// Writes what several requests of one loop turn have queued.
    fn flush(slf: &Bound<'_, Self>) -> PyResult<()> {
        queue::flush(slf)
    }

    // requests of the blocking wire

    fn attach(&mut self, fd: i32) {
        self.descriptor = Some(Descriptor(fd));
    }

    #[pyo3(signature = (timeout))]
    fn connect_blocking(slf: &Bound<'_, Self>, timeout: Option<f64>) -> PyResult<()> {
        waiting::run(slf, timeout, |core| core.start(Reply::Caller)).map(drop)
    }

    #[pyo3(signature = (sql, params, shape, timeout=None))]
    fn run_blocking(
        slf: &Bound<'_, Self>,
        sql: Py<PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: Py<Shape>,
        timeout: Option<f64>,
    ) -> PyResult<Py<Result>> {
        let py = slf.py();
        let query = Query::new(sql, arguments::one(py, params)?, shape, Reply::Caller);
        waiting::result(slf, timeout, |core| core.submit(py, Request::Query(query)))
    }

    #[pyo3(signature = (sql, rows, shape, timeout=None))]
    fn run_many_blocking(
        slf: &Bound<'_, Self>,
        sql: Py<PyString>,
        rows: &Bound<'_, PyAny>,
        shape: Py<Shape>,
        timeout: Option<f64>,
    ) -> PyResult<Py<Result>> {
        let py = slf.py();
        let query = Query::new(sql, arguments::many(rows)?, shape, Reply::Caller);
        waiting::result(slf, timeout, |core| core.submit(py, Request::Query(query)))
    }

    #[pyo3(signature = (sql, timeout=None))]
    fn script_blocking(
        slf: &Bound<'_, Self>,
        sql: Py<PyString>,
        timeout: Option<f64>,
    ) -> PyResult<()> {
        let py = slf.py();
        let reply = Reply::Caller;
        waiting::run(slf, timeout, |core| {
            core.submit(py, Request::Script { sql, reply })
        })
        .map(drop)
    }

    /// Takes in what an idle server has said meanwhile: notifications, notices, that it ended the session. Does not wait.
    fn listen(slf: &Bound<'_, Self>) -> PyResult<()> {
        waiting::listen(slf)
    }

    #[pyo3(signature = (statements, timeout=None))]
    fn batch_blocking(
        slf: &Bound<'_, Self>,
        statements: Py<PyTuple>,
        timeout: Option<f64>,
    ) -> PyResult<Py<Result>> {
        let py = slf.py();
        let batch = Batch::new(statements, Reply::Caller);
        waiting::result(slf, timeout, |core| core.submit(py, Request::Batch(batch)))
    }

    #[pyo3(signature = (sql, timeout=None))]
    fn prepare_blocking(
        slf: &Bound<'_, Self>,
        sql: Py<PyString>,
        timeout: Option<f64>,
    ) -> PyResult<()> {
        let py = slf.py();
        let query = Query::new(
            sql,
            arguments::one(py, None)?,
            Py::new(py, Shape::tuples(None))?,
            Reply::Caller,
        )
        .purpose(Purpose::Prepare);
        waiting::run(slf, timeout, |core| core.submit(py, Request::Query(query))).map(drop)
    }

    #[pyo3(signature = (timeout=None))]
    fn forget_blocking(slf: &Bound<'_, Self>, timeout: Option<f64>) -> PyResult<()> {
        let py = slf.py();
        waiting::run(slf, timeout, |core| {
            core.submit(py, Request::Forget(Reply::Caller));
        })
        .map(drop)
    }

    /// Reads until nothing is under way any more; outcomes that nobody waits for are dropped.
    #[pyo3(signature = (timeout))]
    fn drain_blocking(&mut self, py: Python<'_>, timeout: Option<f64>) -> PyResult<()> {
        self.drain(py, timeout)
    }

    // both

    /// Ends the session on this side: what is under way fails with `reason`, and the descriptor may be closed.
    fn abandon(slf: &Bound<'_, Self>, reason: &str) -> PyResult<()> {
        ending::abandon(slf, reason)
    }

    /// The bytes that say goodbye.
    fn terminate<'py>(&mut self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.goodbye())
    }

    /// The bytes that, sent over a connection of their own, cancel the running statement.
    fn cancel_message<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        match self.core.session.backend_key() {
            Some(key) => Ok(PyBytes::new(py, &cancel_request(key))),
            None => Err(operational_error(
                py,
                "the server gave no key to cancel statements with",
            )),
        }
    }

    /// Sends the values of a type through a `ferrow.types.Codec` from now on; one without functions stands for what is
    /// built in. Forgets the prepared statements.
    fn set_codec(slf: &Bound<'_, Self>, codec: &Bound<'_, PyAny>) -> PyResult<()> {
        let codec = Codec::new(codec)?;
        delivering(slf, |this| {
            this.core.set_codec(codec);
            Ok(())
        })
    }

    /// What is known of types at this moment.
    fn types(&self) -> PgTypes {
        PgTypes(self.core.types.clone())
    }

    /// The server's last word on a parameter such as `TimeZone` or `server_version`.
    fn parameter(slf: &Bound<'_, Self>, name: &str) -> PyResult<Option<String>> {
        let this = slf.try_borrow().map_err(|_| reentered())?;
        Ok(this.core.session.parameter(name).map(str::to_owned))
    }

    /// All parameters the server has reported, by name.
    fn parameters(slf: &Bound<'_, Self>) -> PyResult<BTreeMap<String, String>> {
        let this = slf.try_borrow().map_err(|_| reentered())?;
        let found = this.core.session.parameters();
        Ok(found
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }

    #[getter]
    fn cached_statements(slf: &Bound<'_, Self>) -> PyResult<usize> {
        let this = slf.try_borrow().map_err(|_| reentered())?;
        Ok(this.core.cache.len())
    }

    /// Requests made so far, to tell whether there were any since.
    #[getter]
    fn requests(slf: &Bound<'_, Self>) -> PyResult<u64> {
        let this = slf.try_borrow().map_err(|_| reentered())?;
        Ok(this.core.requests)
    }

    // While a result is being built the session is borrowed; code that runs then (a model's constructor) may still ask
    // how it is, and gets what is true at that time: it is busy.

    #[getter]
    fn status(slf: &Bound<'_, Self>) -> &'static str {
        match slf.try_borrow() {
            Err(_) => "transaction",
            Ok(this) => match this.core.session.status() {
                TransactionStatus::Starting | TransactionStatus::Idle => "idle",
                TransactionStatus::InTransaction => "transaction",
                TransactionStatus::Failed => "failed",
            },
        }
    }

    /// Requests made and not finished.
    #[getter]
    fn in_flight(slf: &Bound<'_, Self>) -> usize {
        slf.try_borrow().map_or(1, |this| this.core.pending())
    }

    /// Why the session is over, if it is.
    #[getter]
    fn ended(slf: &Bound<'_, Self>) -> Option<String> {
        let this = slf.try_borrow().ok()?;
        if this.process.is_parent() {
            return Some(fork::REASON.to_owned());
        }
        this.core.ended.clone()
    }

    #[getter]
    fn backend_pid(slf: &Bound<'_, Self>) -> Option<i32> {
        let this = slf.try_borrow().ok()?;
        this.core.session.backend_key().map(pgwire::BackendKey::pid)
    }

    #[setter]
    fn set_on_notice(&mut self, handler: Option<Py<PyAny>>) {
        self.on_notice = handler;
    }

    #[setter]
    fn set_on_notification(&mut self, handler: Option<Py<PyAny>>) {
        self.on_notification = handler;
    }
}

/// What a new session knows: the codecs of the process, and its own, which come before them.
fn types(py: Python<'_>, codecs: &[Bound<'_, PyAny>]) -> PyResult<Types> {
    let mut all = Codec::registered(py)?;
    for codec in codecs {
        all.push(Codec::new(codec)?);
    }
    Ok(Types::new(all))
}
