//! A result that is fetched in parts, as Python sees it.

use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{PyTraverseError, PyVisit};

use crate::pg::asyncio::queue::ask;
use crate::pg::core::arguments;
use crate::pg::core::request::{Purpose, Query, Request};
use crate::pg::session::PgSession;
use crate::rows::{Result, Shape};
use crate::sql_text::statement;

/// A portal of one session. Each method takes the future that gets its result; without one it waits and returns it.
#[pyclass(frozen, module = "ferrow._core")]
pub struct PgCursor {
    session: Py<PgSession>,
    portal: u64,
}

#[pymethods]
impl PgCursor {
    #[new]
    fn new(session: &Bound<'_, PgSession>) -> PyResult<PgCursor> {
        let portal = {
            let mut session = session.try_borrow_mut()?;
            session.core.naming.number()
        };
        Ok(PgCursor {
            session: session.clone().unbind(),
            portal,
        })
    }

    /// Binds the statement; its result has the columns and no rows.
    #[pyo3(signature = (sql, params, shape, future=None, timeout=None))]
    fn open(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: Py<Shape>,
        future: Option<Py<PyAny>>,
        timeout: Option<f64>,
    ) -> PyResult<Option<Py<Result>>> {
        let arguments = arguments::one(py, params)?;
        ask(self.session.bind(py), future, timeout, |reply| {
            let query = Query::new(sql, arguments, shape, reply);
            Request::Query(query.purpose(Purpose::Open(self.portal)))
        })
    }

    /// The next rows, at most `limit`; the status of the result is "PortalSuspended" as long as there may be more.
    #[pyo3(signature = (limit, future=None, timeout=None))]
    fn fetch(
        &self,
        py: Python<'_>,
        limit: u32,
        future: Option<Py<PyAny>>,
        timeout: Option<f64>,
    ) -> PyResult<Option<Py<Result>>> {
        let portal = self.portal;
        ask(self.session.bind(py), future, timeout, |reply| {
            Request::Fetch {
                portal,
                limit,
                reply,
            }
        })
    }

    /// Gives the portal up; nothing happens when it is gone already.
    #[pyo3(signature = (future=None, timeout=None))]
    fn close(
        &self,
        py: Python<'_>,
        future: Option<Py<PyAny>>,
        timeout: Option<f64>,
    ) -> PyResult<Option<Py<Result>>> {
        let portal = self.portal;
        ask(self.session.bind(py), future, timeout, |reply| {
            Request::ClosePortal { portal, reply }
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        visit.call(&self.session)
    }
}
