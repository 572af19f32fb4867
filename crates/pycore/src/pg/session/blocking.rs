//! What the blocking wire asks for: each call moves the bytes itself until it is answered.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

use super::PgSession;
use crate::pg::blocking::channel::Channel;
use crate::pg::blocking::descriptor::Descriptor;
use crate::pg::blocking::tls::Tls;
use crate::pg::blocking::waiting;
use crate::pg::core::arguments;
use crate::pg::core::reply::Reply;
use crate::pg::core::request::{Query, Request};
use crate::pg::pipeline::batch::Batch;
use crate::rows::{Result, Shape};
use crate::sql_text::statement;

#[pymethods]
impl PgSession {
    /// The socket to move bytes through; on an event loop, to write short messages past the transport, which TLS forbids.
    /// `tls` is an `ssl.SSLObject` after its handshake, and the `ssl.MemoryBIO`s that it reads and writes.
    #[pyo3(signature = (fd, tls=None))]
    fn attach(&mut self, py: Python<'_>, fd: i32, tls: Option<(Py<PyAny>, Py<PyAny>, Py<PyAny>)>) {
        let descriptor = Descriptor::new(fd);
        self.channel = Some(match tls {
            None => Channel::Plain(descriptor),
            Some((object, incoming, outgoing)) => Channel::Tls(Box::new(Tls::new(
                py, descriptor, object, incoming, outgoing,
            ))),
        });
    }

    #[pyo3(signature = (timeout))]
    fn connect_blocking(slf: &Bound<'_, Self>, timeout: Option<f64>) -> PyResult<()> {
        waiting::run(slf, timeout, |core| core.start(Reply::Caller)).map(drop)
    }

    #[pyo3(signature = (sql, params, shape, timeout=None))]
    fn run_blocking(
        slf: &Bound<'_, Self>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: Py<Shape>,
        timeout: Option<f64>,
    ) -> PyResult<Py<Result>> {
        PgSession::run(slf, sql, params, shape, timeout)
    }

    #[pyo3(signature = (sql, rows, shape, timeout=None))]
    fn run_many_blocking(
        slf: &Bound<'_, Self>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
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
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
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
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        timeout: Option<f64>,
    ) -> PyResult<()> {
        let py = slf.py();
        let query = Query::preparing(py, sql, Reply::Caller)?;
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
    #[pyo3(signature = (timeout=None))]
    fn drain_blocking(slf: &Bound<'_, Self>, timeout: Option<f64>) -> PyResult<()> {
        waiting::drain(slf, timeout)
    }
}

impl PgSession {
    pub(in crate::pg) fn rows(
        slf: &Bound<'_, PgSession>,
        sql: Py<PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: Py<Shape>,
    ) -> PyResult<Py<PyList>> {
        let arguments = arguments::one(slf.py(), params)?;
        waiting::rows(slf, Query::new(sql, arguments, shape, Reply::Caller))
    }

    pub(in crate::pg) fn run(
        slf: &Bound<'_, PgSession>,
        sql: Py<PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: Py<Shape>,
        timeout: Option<f64>,
    ) -> PyResult<Py<Result>> {
        let py = slf.py();
        let query = Query::new(sql, arguments::one(py, params)?, shape, Reply::Caller);
        waiting::result(slf, timeout, |core| core.submit(py, Request::Query(query)))
    }
}
