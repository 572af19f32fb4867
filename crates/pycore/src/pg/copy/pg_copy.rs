//! A COPY as Python sees it.

use pgwire::Direction;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{PyTraverseError, PyVisit};

use super::copying::Taken;
use super::encoder::CopyEncoder;
use crate::deadline::deadline;
use crate::pg::asyncio::queue::{self, ask};
use crate::pg::blocking::waiting;
use crate::pg::core::Core;
use crate::pg::core::arguments;
use crate::pg::core::reply::Reply;
use crate::pg::core::request::{Purpose, Query, Request};
use crate::pg::session::PgSession;
use crate::pg::session::deliver::delivering;
use crate::raise::data_error;
use crate::rows::{Result, Shape};
use crate::sql_text::statement;

/// The COPY of one session. Where a method takes a future, that gets its result; without one it waits and returns it.
#[pyclass(frozen, module = "ferrow._core")]
pub struct PgCopy {
    session: Py<PgSession>,
}

#[pymethods]
impl PgCopy {
    #[new]
    fn new(session: Py<PgSession>) -> PgCopy {
        PgCopy { session }
    }

    /// Prepares a statement and does not run it: the result has its columns and no rows.
    #[pyo3(signature = (sql, shape, future=None, timeout=None))]
    fn describe(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        shape: Py<Shape>,
        future: Option<Py<PyAny>>,
        timeout: Option<f64>,
    ) -> PyResult<Option<Py<Result>>> {
        let arguments = arguments::one(py, None)?;
        ask(self.session.bind(py), future, timeout, |reply| {
            let query = Query::new(sql, arguments, shape, reply);
            Request::Query(query.purpose(Purpose::Describe))
        })
    }

    /// Asks for a COPY FROM STDIN, or TO STDOUT when `out`; done when the server is ready for the data. The result has the
    /// columns of the query `described`, which is not run.
    #[pyo3(signature = (sql, out, future=None, timeout=None, described=None))]
    fn begin(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        out: bool,
        future: Option<Py<PyAny>>,
        timeout: Option<f64>,
        described: Option<Py<PyString>>,
    ) -> PyResult<Option<Py<Result>>> {
        let direction = if out { Direction::Out } else { Direction::In };
        ask(self.session.bind(py), future, timeout, |reply| {
            Request::Copy {
                sql,
                direction,
                described,
                reply,
            }
        })
    }

    /// Hands data to the transport; False when the server takes none any more: `finish` says why.
    fn write(&self, py: Python<'_>, data: &[u8]) -> PyResult<bool> {
        delivering(self.session.bind(py), |session| {
            queue_data(py, session, data)?;
            Ok(session.core.takes_copy_data())
        })
    }

    /// The same over a descriptor: waits until they are sent, and takes in what the server says meanwhile.
    #[pyo3(signature = (data, timeout=None))]
    fn write_blocking(&self, py: Python<'_>, data: &[u8], timeout: Option<f64>) -> PyResult<bool> {
        self.pushed(py, timeout, |session| queue_data(py, session, data))
    }

    /// As `write`, for what the encoder has.
    fn write_rows(&self, py: Python<'_>, encoder: &Bound<'_, CopyEncoder>) -> PyResult<bool> {
        delivering(self.session.bind(py), |session| {
            session.leave_to_parent(py);
            queue_rows(py, &mut session.core, encoder)?;
            Ok(session.core.takes_copy_data())
        })
    }

    /// As `write_blocking`, for what the encoder has.
    #[pyo3(signature = (encoder, timeout=None))]
    fn write_rows_blocking(
        &self,
        py: Python<'_>,
        encoder: &Bound<'_, CopyEncoder>,
        timeout: Option<f64>,
    ) -> PyResult<bool> {
        self.pushed(py, timeout, |session| {
            session.leave_to_parent(py);
            queue_rows(py, &mut session.core, encoder)
        })
    }

    /// Says that the data are complete, or gives them up for a reason; the result has the number of rows. What the encoder
    /// `rows` has goes first.
    #[pyo3(signature = (reason, future=None, timeout=None, rows=None))]
    fn finish(
        &self,
        py: Python<'_>,
        reason: Option<&str>,
        future: Option<Py<PyAny>>,
        timeout: Option<f64>,
        rows: Option<&Bound<'_, CopyEncoder>>,
    ) -> PyResult<Option<Py<Result>>> {
        let session = self.session.bind(py);
        match future {
            Some(future) => {
                let reply = Reply::Future(future);
                queue::send_now(session, |core| finish(py, core, rows, reason, reply))
                    .map(|()| None)
            }
            None => waiting::run(session, timeout, |core| {
                finish(py, core, rows, reason, Reply::Caller);
            }),
        }
    }

    /// Gives the data up without waiting for what the server says to that.
    fn give_up(&self, py: Python<'_>, reason: &str) -> PyResult<()> {
        queue::send_now(self.session.bind(py), |core| {
            core.end_copy(py, Some(reason), Reply::Nobody);
        })
    }

    /// The bytes that have come; None if there are none yet; at the end the result, with the number of rows.
    fn take(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        delivering(self.session.bind(py), |session| {
            shown(py, session.core.take_copied(py)?)
        })
    }

    /// The same, but waits for them.
    #[pyo3(signature = (timeout=None))]
    fn take_blocking(&self, py: Python<'_>, timeout: Option<f64>) -> PyResult<Py<PyAny>> {
        let at = deadline(timeout);
        waiting::until(self.session.bind(py), |session| {
            match session.core.take_copied(py)? {
                Taken::Nothing => session.exchange(py, at).map(|()| None),
                taken => shown(py, taken).map(Some),
            }
        })
    }

    /// The future is done as soon as there is something to take.
    fn wait(&self, py: Python<'_>, future: Py<PyAny>) -> PyResult<()> {
        queue::send_now(self.session.bind(py), |core| {
            core.wait_copied(py, Reply::Future(future));
        })
    }

    /// Nobody wants what still comes.
    fn drop(&self, py: Python<'_>) -> PyResult<()> {
        queue::send_now(self.session.bind(py), crate::pg::core::Core::drop_copied)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        visit.call(&self.session)
    }
}

impl PgCopy {
    /// What is queued, sent.
    fn pushed(
        &self,
        py: Python<'_>,
        timeout: Option<f64>,
        queue: impl Fn(&mut PgSession) -> PyResult<bool>,
    ) -> PyResult<bool> {
        let at = deadline(timeout);
        let mut queued = false;
        waiting::until(self.session.bind(py), |session| {
            queued = queued || queue(session)?;
            let done = !queued || session.push_out(py, at)?;
            Ok(done.then(|| session.core.takes_copy_data()))
        })
    }
}

/// The end of the data, behind the last of them.
fn finish(
    py: Python<'_>,
    core: &mut Core,
    rows: Option<&Bound<'_, CopyEncoder>>,
    reason: Option<&str>,
    reply: Reply,
) {
    if let Some(rows) = rows
        && let Err(error) = queue_rows(py, core, rows)
    {
        core.end_copy(py, Some("its last data could not be sent"), Reply::Nobody);
        return core.finished.push((reply, Err(error)));
    }
    core.end_copy(py, reason, reply);
}

fn queue_rows(py: Python<'_>, core: &mut Core, encoder: &Bound<'_, CopyEncoder>) -> PyResult<bool> {
    if core.ended.is_some() {
        return Ok(false);
    }
    encoder.try_borrow_mut()?.hand_over(|message| {
        core.session
            .copy_message(message)
            .map_err(|refused| data_error(py, refused.message))
    })
}

fn queue_data(py: Python<'_>, session: &mut PgSession, data: &[u8]) -> PyResult<bool> {
    session.leave_to_parent(py);
    if session.core.ended.is_some() {
        return Ok(false);
    }
    session
        .core
        .session
        .copy_data(data)
        .map_err(|refused| data_error(py, refused.message))
}

fn shown(py: Python<'_>, taken: Taken) -> PyResult<Py<PyAny>> {
    match taken {
        Taken::Data(bytes) => Ok(bytes.into_any()),
        Taken::End(result) => result.into_py_any(py),
        Taken::Nothing => Ok(py.None()),
    }
}
