//! Where outcomes go.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyList;
use pyo3::{PyTraverseError, PyVisit};

use crate::pg::pipeline::pending::PgPending;
use crate::rows::Result;

/// Where the outcome goes.
pub enum Reply {
    /// An `asyncio.Future`.
    Future(Py<PyAny>),
    /// A statement of a pipeline, whose outcome is kept until somebody asks.
    Pending(Py<PgPending>),
    /// The thread that waits inside `run_blocking`.
    Caller,
    /// The thread that waited has gone, by Ctrl-C for one: the answer must not be taken for that of its next request.
    Nobody,
}

impl Reply {
    /// Whether nobody waits any more. Then what was not sent need not be, and must not: its caller was told that it
    /// was cancelled.
    pub fn is_gone(&self, py: Python<'_>) -> bool {
        match self {
            Reply::Future(future) => future
                .bind(py)
                .call_method0(intern!(py, "done"))
                .is_ok_and(|done| done.is_truthy().unwrap_or(false)),
            Reply::Pending(pending) => pending.get().is_gone(),
            Reply::Caller => false,
            Reply::Nobody => true,
        }
    }

    pub fn leave(&mut self) {
        if matches!(self, Reply::Caller) {
            *self = Reply::Nobody;
        }
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        match self {
            Reply::Future(future) => visit.call(future),
            Reply::Pending(pending) => visit.call(pending),
            Reply::Caller | Reply::Nobody => Ok(()),
        }
    }
}

pub type Outcome = PyResult<Option<Py<Result>>>;

/// What a script gives back: nothing.
pub fn empty_result(py: Python<'_>) -> Outcome {
    let result = Result::without_columns(py, PyList::empty(py).unbind());
    Ok(Some(Py::new(py, result)?))
}
