//! The session object: an asyncio buffered protocol, and what the blocking wire calls.

mod deliver;
mod waiting;

use pgwire::{Config, Password, Session, TransactionStatus, cancel_request};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use pyo3::{PyTraverseError, PyVisit};

use self::deliver::Deliveries;
use super::arguments;
use super::blocking::{Descriptor, Failure, deadline};
use super::cache::Cache;
use super::core::Core;
use super::request::{Arguments, Outcome, Query, Reply, Request};
use crate::fork::{self, Process};
use crate::raise::{connection_lost, interface_error, internal_error, operational_error};
use crate::rows::{Result, Shape};

/// Bytes read from the socket at once.
const BUFFER: usize = 128 * 1024;

#[pyclass(subclass, module = "ferrow._core")]
pub struct PgSession {
    core: Core,
    buffer: Box<[u8]>,
    /// The memoryview that the event loop reads into; made once, it points into `buffer`.
    view: Option<Py<PyAny>>,
    transport: Option<Py<PyAny>>,
    call_soon: Option<Py<PyAny>>,
    flush_scheduled: bool,
    descriptor: Option<Descriptor>,
    on_notice: Option<Py<PyAny>>,
    on_notification: Option<Py<PyAny>>,
    process: Process,
}
fn reentered() -> PyErr {
    PyRuntimeError::new_err(
        "the connection was used from inside one of its own results (a model constructor or a handler); collect first, then query",
    )
}

fn query(
    py: Python<'_>,
    sql: Py<PyString>,
    arguments: Arguments,
    shape: Py<Shape>,
    reply: Reply,
) -> impl FnOnce(&mut Core) {
    let query = Query {
        sql,
        arguments,
        shape,
        reply,
        may_heal: true,
    };
    move |core: &mut Core| core.submit(py, Request::Query(query))
}

#[pymethods]
impl PgSession {
    #[new]
    #[pyo3(signature = (
        *, user, database, password, parameters, allow_cleartext, allow_md5, scram_max_iterations,
        statement_cache_size, statement_prefix
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
            core: Core::new(session, Cache::new(statement_cache_size), statement_prefix),
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
        let py = slf.py();
        let deliveries = {
            let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
            this.transport = Some(transport);
            this.deliveries(py)?
        };
        deliveries.deliver(py)
    }

    #[pyo3(signature = (sizehint))]
    fn get_buffer(slf: &Bound<'_, Self>, sizehint: isize) -> PyResult<Py<PyAny>> {
        let _ = sizehint;
        let py = slf.py();
        // A loop nested in a model's constructor must not overwrite the bytes that are being decoded.
        if let Some(view) = &slf.try_borrow().map_err(|_| reentered())?.view {
            return Ok(view.clone_ref(py));
        }
        // SAFETY: a new reference or NULL with an error set.
        let view = unsafe {
            Bound::from_owned_ptr_or_err(py, ffi::PyMemoryView_FromObject(slf.as_ptr()))?
        }
        .unbind();
        slf.try_borrow_mut().map_err(|_| reentered())?.view = Some(view.clone_ref(py));
        Ok(view)
    }

    fn buffer_updated(slf: &Bound<'_, Self>, nbytes: usize) -> PyResult<()> {
        let py = slf.py();
        let (deliveries, broken) = {
            let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
            let this = &mut *this;
            let Some(received) = this.buffer.get(..nbytes) else {
                return Err(PyValueError::new_err("more bytes than the buffer has"));
            };
            let broken = match this.core.receive(py, received) {
                Ok(()) => None,
                Err(reason) => {
                    this.core.end(py, &reason);
                    this.transport
                        .as_ref()
                        .map(|transport| transport.clone_ref(py))
                }
            };
            (this.deliveries(py)?, broken)
        };
        deliveries.deliver(py)?;
        if let Some(transport) = broken {
            transport.bind(py).call_method0(intern!(py, "abort"))?;
        }
        Ok(())
    }

    fn eof_received(&self) -> bool {
        false // let the transport close itself; connection_lost follows
    }

    fn connection_lost(slf: &Bound<'_, Self>, exc: Option<Bound<'_, PyAny>>) -> PyResult<()> {
        let py = slf.py();
        let deliveries = {
            let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
            let reason = match exc {
                Some(exc) => format!("the connection was lost: {exc}"),
                None => "the server closed the connection".to_owned(),
            };
            this.lost(py, &reason);
            // The view refers back to the session; drop the cycle.
            this.view = None;
            this.transport = None;
            this.call_soon = None;
            this.deliveries(py)?
        };
        deliveries.deliver(py)
    }

    fn pause_writing(&self) {}

    fn resume_writing(&self) {}

    /// The memory that `get_buffer` hands out.
    ///
    /// # Safety
    /// The caller is CPython, with a valid `view` to fill.
    unsafe fn __getbuffer__(
        slf: Bound<'_, Self>,
        view: *mut ffi::Py_buffer,
        flags: std::ffi::c_int,
    ) -> PyResult<()> {
        let (pointer, length) = {
            let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
            (this.buffer.as_mut_ptr(), this.buffer.len())
        };
        // SAFETY: `buffer` is a boxed slice that is neither moved nor resized while the session, which the view keeps
        // alive, exists. The event loop writes into it only between get_buffer and buffer_updated, with the GIL held.
        let status = unsafe {
            ffi::PyBuffer_FillInfo(
                view,
                slf.as_ptr(),
                pointer.cast(),
                ffi::Py_ssize_t::try_from(length)?,
                0,
                flags,
            )
        };
        if status == 0 {
            Ok(())
        } else {
            Err(PyErr::fetch(slf.py()))
        }
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
        let arguments = arguments::one(py, params)?;
        PgSession::send(slf, query(py, sql, arguments, shape, Reply::Future(future)))
    }

    fn submit_many(
        slf: &Bound<'_, Self>,
        sql: Py<PyString>,
        rows: &Bound<'_, PyAny>,
        shape: Py<Shape>,
        future: Py<PyAny>,
    ) -> PyResult<()> {
        let py = slf.py();
        let arguments = arguments::many(rows)?;
        PgSession::send(slf, query(py, sql, arguments, shape, Reply::Future(future)))
    }

    fn submit_script(slf: &Bound<'_, Self>, sql: Py<PyString>, future: Py<PyAny>) -> PyResult<()> {
        let py = slf.py();
        PgSession::send(slf, move |core| {
            core.submit(
                py,
                Request::Script {
                    sql,
                    reply: Reply::Future(future),
                },
            );
        })
    }

    /// Writes what several requests of one loop turn have queued.
    fn flush(slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        let deliveries = {
            let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
            this.flush_scheduled = false;
            this.deliveries(py)?
        };
        deliveries.deliver(py)
    }

    // requests of the blocking wire

    fn attach(&mut self, fd: i32) {
        self.descriptor = Some(Descriptor(fd));
    }

    #[pyo3(signature = (timeout))]
    fn connect_blocking(slf: &Bound<'_, Self>, timeout: Option<f64>) -> PyResult<()> {
        PgSession::blocking(slf, timeout, |core| core.start(Reply::Caller)).map(|_| ())
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
        let arguments = arguments::one(py, params)?;
        some(
            py,
            PgSession::blocking(
                slf,
                timeout,
                query(py, sql, arguments, shape, Reply::Caller),
            ),
        )
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
        let arguments = arguments::many(rows)?;
        some(
            py,
            PgSession::blocking(
                slf,
                timeout,
                query(py, sql, arguments, shape, Reply::Caller),
            ),
        )
    }

    #[pyo3(signature = (sql, timeout=None))]
    fn script_blocking(
        slf: &Bound<'_, Self>,
        sql: Py<PyString>,
        timeout: Option<f64>,
    ) -> PyResult<()> {
        let py = slf.py();
        PgSession::blocking(slf, timeout, move |core| {
            core.submit(
                py,
                Request::Script {
                    sql,
                    reply: Reply::Caller,
                },
            );
        })
        .map(|_| ())
    }

    /// Takes in what an idle server has said meanwhile (that it ended the session, above all). Does not wait.
    fn listen(&mut self, py: Python<'_>) -> PyResult<()> {
        while let (Some(descriptor), 0, None) =
            (self.descriptor, self.core.pending(), &self.core.ended)
        {
            match descriptor.arrived(&mut self.buffer) {
                Ok(None) => break,
                Ok(Some(0)) => self.lost(py, "the server closed the connection"),
                Ok(Some(count)) => self.take_in(py, count),
                Err(Failure::Lost(reason)) => self.lost(py, &reason),
                Err(Failure::Raised(error)) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads until nothing is under way any more; outcomes that nobody waits for are dropped.
    #[pyo3(signature = (timeout))]
    fn drain_blocking(&mut self, py: Python<'_>, timeout: Option<f64>) -> PyResult<()> {
        let at = deadline(timeout);
        self.core.leave();
        while self.core.pending() > 0 {
            self.exchange(py, at)?;
        }
        self.core.finished.clear();
        Ok(())
    }

    // both

    /// Ends the session on this side: what is under way fails with `reason`, and the descriptor may be closed.
    fn abandon(slf: &Bound<'_, Self>, reason: &str) -> PyResult<()> {
        let py = slf.py();
        let deliveries = {
            let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
            this.descriptor = None;
            this.core.end(py, reason);
            let mut deliveries = this.deliveries(py)?;
            deliveries.output = None;
            deliveries
        };
        deliveries.deliver(py)
    }

    /// The bytes that say goodbye.
    fn terminate<'py>(&mut self, py: Python<'py>) -> Bound<'py, PyBytes> {
        self.core.session.terminate();
        let bytes = self.core.session.take_output();
        self.core
            .ended
            .get_or_insert_with(|| "Connection is closed".to_owned());
        PyBytes::new(py, &bytes)
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

    /// The server's last word on a parameter such as `TimeZone` or `server_version`.
    fn parameter(&self, name: &str) -> Option<String> {
        self.core.session.parameter(name).map(str::to_owned)
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

impl PgSession {
    /// Queues a request and writes it: at once when nothing else is under way, else together with what this turn of
    /// the loop still adds.
    fn send(slf: &Bound<'_, Self>, request: impl FnOnce(&mut Core)) -> PyResult<()> {
        let py = slf.py();
        let (deliveries, schedule) = {
            let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
            let this = &mut *this;
            this.leave_to_parent(py);
            if this.transport.is_none() && this.core.ended.is_none() {
                return Err(connection_lost(py, "the connection is not open"));
            }
            let alone = this.core.pending() == 0;
            request(&mut this.core);
            match &this.call_soon {
                Some(call_soon) if !alone => {
                    let schedule = (!this.flush_scheduled).then(|| call_soon.clone_ref(py));
                    this.flush_scheduled = true;
                    let finished = std::mem::take(&mut this.core.finished);
                    let deliveries = Deliveries {
                        finished,
                        output: None,
                        notices: Vec::new(),
                        notifications: Vec::new(),
                    };
                    (deliveries, schedule)
                }
                _ => (this.deliveries(py)?, None),
            }
        };
        if let Some(call_soon) = schedule {
            call_soon
                .bind(py)
                .call1((slf.getattr(intern!(py, "flush"))?,))?;
        }
        deliveries.deliver(py)
    }
}

fn some(py: Python<'_>, outcome: Outcome) -> PyResult<Py<Result>> {
    outcome?.ok_or_else(|| internal_error(py, "a statement ended without a result"))
}
