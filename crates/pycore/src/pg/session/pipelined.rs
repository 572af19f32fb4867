//! What pipelines ask for, in either wire: nothing here waits but `wait_pending`, which is the blocking wire's.

use pyo3::prelude::*;
use pyo3::types::PyString;

use super::PgSession;
use super::deliver::delivering;
use crate::pg::core::arguments;
use crate::pg::core::request::{Query, Request};
use crate::pg::pipeline::pending::{PgPending, PgPipeline};
use crate::pg::pipeline::queued;
use crate::rows::Shape;
use crate::sql_text::statement;

#[pymethods]
impl PgSession {
    /// One statement, as a part of `pipeline`.
    fn queue(
        slf: &Bound<'_, Self>,
        pipeline: &Bound<'_, PgPipeline>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: Py<Shape>,
    ) -> PyResult<Py<PgPending>> {
        let arguments = arguments::one(slf.py(), params)?;
        queued::queue(slf, pipeline, |reply| {
            Request::Query(Query::new(sql, arguments, shape, reply).joining())
        })
    }

    /// One statement with many rows of values, all or nothing.
    fn queue_many(
        slf: &Bound<'_, Self>,
        pipeline: &Bound<'_, PgPipeline>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        rows: &Bound<'_, PyAny>,
        shape: Py<Shape>,
    ) -> PyResult<Py<PgPending>> {
        let arguments = arguments::many(rows)?;
        queued::queue(slf, pipeline, |reply| {
            Request::Query(Query::new(sql, arguments, shape, reply).joining())
        })
    }

    /// Several statements without parameters.
    fn queue_script(
        slf: &Bound<'_, Self>,
        pipeline: &Bound<'_, PgPipeline>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
    ) -> PyResult<Py<PgPending>> {
        queued::queue(slf, pipeline, |reply| Request::Script { sql, reply })
    }

    /// Keeps what pipelines queue from here on until `release`: a cancel request on its way must not hit it. False: it was.
    fn hold(&mut self) -> bool {
        self.core.hold()
    }

    fn release(slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        delivering(slf, |this| {
            this.core.release(py);
            Ok(())
        })
    }

    /// Gives up what is kept. What comes from here on is kept as before.
    fn drop_held(slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        delivering(slf, |this| {
            this.core.drop_held(py);
            Ok(())
        })
    }

    /// Moves bytes until this statement of the pipeline is answered, or all of them.
    #[pyo3(signature = (pipeline, pending=None, timeout=None))]
    fn wait_pending(
        slf: &Bound<'_, Self>,
        pipeline: &Bound<'_, PgPipeline>,
        pending: Option<&Bound<'_, PgPending>>,
        timeout: Option<f64>,
    ) -> PyResult<()> {
        queued::wait(slf, pipeline, pending, timeout)
    }
}
