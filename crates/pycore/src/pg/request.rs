//! What a caller asked for, and what is still under way.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

use super::statement::Statement;
use crate::rows::{Collector, Result, Shape};

/// Where the outcome goes.
pub enum Reply {
    /// An `asyncio.Future`.
    Future(Py<PyAny>),
    /// The thread that waits inside `run_blocking`.
    Caller,
}

pub type Outcome = PyResult<Option<Py<Result>>>;

/// The parameters of a request, taken when it was made.
pub enum Arguments {
    One(Py<PyTuple>),
    Many(Vec<Py<PyTuple>>),
}

/// One statement that waits for its turn.
pub struct Query {
    pub sql: Py<PyString>,
    pub arguments: Arguments,
    pub shape: Py<Shape>,
    pub reply: Reply,
    /// Whether it may be prepared anew when the server rejects its cached plan.
    pub may_heal: bool,
}

pub enum Request {
    Query(Query),
    Script { sql: Py<PyString>, reply: Reply },
}

/// A request that was sent; replies come in order.
pub enum Flight {
    Start(Reply),
    Prepare {
        query: Query,
        name: String,
        statement: Option<Arc<Statement>>,
        error: Option<PyErr>,
    },
    Execute(Execution),
    Script {
        sql: Py<PyString>,
        reply: Reply,
        error: Option<PyErr>,
    },
    Housekeeping,
}

pub struct Execution {
    pub query: Query,
    pub statement: Arc<Statement>,
    pub collector: Collector,
    pub error: Option<PyErr>,
    /// SQLSTATE of a server error.
    pub code: String,
    pub rowcount: i64,
    pub status: String,
}

impl Execution {
    /// The result once the server has said the last word.
    pub fn outcome(&mut self, py: Python<'_>) -> Outcome {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let result = Result {
            rows: self.collector.rows().clone_ref(py),
            rowcount: self.rowcount,
            status: std::mem::take(&mut self.status),
            columns: self.collector.names().clone_ref(py),
            type_codes: self.statement.type_codes.clone_ref(py),
        };
        Ok(Some(Py::new(py, result)?))
    }
}

/// What a script gives back: nothing.
pub fn empty_result(py: Python<'_>) -> Outcome {
    let result = Result {
        rows: PyList::empty(py).unbind(),
        rowcount: -1,
        status: String::new(),
        columns: PyTuple::empty(py).unbind(),
        type_codes: PyTuple::empty(py).unbind(),
    };
    Ok(Some(Py::new(py, result)?))
}
