//! What event loops call, as an `asyncio.BufferedProtocol`, and what the asyncio wire asks for.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use super::PgSession;
use crate::pg::asyncio::{protocol, queue};
use crate::pg::core::reply::Reply;
use crate::pg::core::request::{Query, Request};
use crate::pg::core::{arguments, turn};
use crate::pg::pipeline::batch::Batch;
use crate::rows::Shape;
use crate::sql_text::statement;

#[pymethods]
impl PgSession {
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

    // requests

    /// `create_future` makes what `ask` returns.
    #[pyo3(signature = (future, call_soon, create_future=None))]
    fn start(&mut self, future: Py<PyAny>, call_soon: Py<PyAny>, create_future: Option<Py<PyAny>>) {
        self.call_soon = Some(call_soon);
        self.create_future = create_future;
        self.core.start(Reply::Future(future));
    }

    /// `submit`, with a future of its own making.
    #[pyo3(signature = (sql, params, shape))]
    fn ask(
        slf: &Bound<'_, Self>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: Py<Shape>,
    ) -> PyResult<Py<PyAny>> {
        queue::ask_anew(slf, sql, params, shape)
    }

    #[pyo3(signature = (sql, params, shape, future))]
    fn submit(
        slf: &Bound<'_, Self>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
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
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        rows: &Bound<'_, PyAny>,
        shape: Py<Shape>,
        future: Py<PyAny>,
    ) -> PyResult<()> {
        let py = slf.py();
        let query = Query::new(sql, arguments::many(rows)?, shape, Reply::Future(future));
        queue::send(slf, |core| core.submit(py, Request::Query(query)))
    }

    fn submit_script(
        slf: &Bound<'_, Self>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        future: Py<PyAny>,
    ) -> PyResult<()> {
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

    fn submit_prepare(
        slf: &Bound<'_, Self>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        future: Py<PyAny>,
    ) -> PyResult<()> {
        let py = slf.py();
        let query = Query::preparing(py, sql, Reply::Future(future))?;
        queue::send(slf, |core| core.submit(py, Request::Query(query)))
    }

    fn submit_forget(slf: &Bound<'_, Self>, future: Py<PyAny>) -> PyResult<()> {
        let py = slf.py();
        queue::send(slf, |core| {
            core.submit(py, Request::Forget(Reply::Future(future)));
        })
    }

    /// Goes on with what was read and did not fit into the last turn of the loop.
    fn go_on(slf: &Bound<'_, Self>) -> PyResult<()> {
        turn::go_on(slf)
    }

    /// Writes what several requests of one loop turn have queued.
    fn flush(slf: &Bound<'_, Self>) -> PyResult<()> {
        queue::flush(slf)
    }
}
