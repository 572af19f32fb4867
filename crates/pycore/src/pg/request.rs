//! What a caller asked for, and what is still under way.

use std::sync::Arc;

use pgwire::{Direction, KeptRow, Oid};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::batch::Batch;
use super::copying::Copying;
use super::lookup::{Goal, LookUp};
use super::pending::PgPending;
use super::statement::{Described, Statement};
use crate::raise::operational_error;
use crate::rows::{Collector, Result, Shape, Told};

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

/// The parameters of a request, taken when it was made.
pub enum Arguments {
    One(Py<PyTuple>),
    Many(Vec<Py<PyTuple>>),
}

impl Arguments {
    /// Values for one execution; of rows, those of the first.
    pub fn width(&self, py: Python<'_>) -> usize {
        match self {
            Arguments::One(values) => values.bind(py).len(),
            Arguments::Many(rows) => rows.first().map_or(0, |values| values.bind(py).len()),
        }
    }
}

/// What a statement is prepared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To run it, to its end.
    Run,
    /// For those who run it later.
    Prepare,
    /// To know what its columns are at this moment; it is not run, and not kept.
    Describe,
    /// To open a portal of this number.
    Open(u64),
}

/// One statement that waits for its turn.
pub struct Query {
    pub sql: Py<PyString>,
    pub arguments: Arguments,
    pub shape: Py<Shape>,
    pub reply: Reply,
    pub purpose: Purpose,
    /// Whether it may be prepared anew when the server rejects its cached plan.
    pub may_heal: bool,
    /// Whether it may share a Sync with others of its transaction.
    pub joins: bool,
}

impl Query {
    pub(super) fn new(
        sql: Py<PyString>,
        arguments: Arguments,
        shape: Py<Shape>,
        reply: Reply,
    ) -> Query {
        Query {
            sql,
            arguments,
            shape,
            reply,
            purpose: Purpose::Run,
            may_heal: true,
            joins: false,
        }
    }

    /// One of a pipeline.
    pub(super) fn joining(mut self) -> Query {
        self.joins = true;
        self
    }

    /// One that is prepared and kept, and not run.
    pub(super) fn preparing(py: Python<'_>, sql: Py<PyString>, reply: Reply) -> PyResult<Query> {
        let arguments = Arguments::One(PyTuple::empty(py).unbind());
        let shape = Py::new(py, Shape::tuples(None))?;
        Ok(Query::new(sql, arguments, shape, reply).purpose(Purpose::Prepare))
    }

    pub(super) fn purpose(mut self, purpose: Purpose) -> Query {
        self.purpose = purpose;
        self
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        match &self.arguments {
            Arguments::One(values) => visit.call(values)?,
            Arguments::Many(rows) => rows.iter().try_for_each(|values| visit.call(values))?,
        }
        visit.call(&self.shape)?;
        self.reply.traverse(visit)
    }
}

pub enum Request {
    /// A mark: what follows belongs to a transaction that begins with this statement. Nobody waits for it.
    /// Whether it is all or nothing, see `whole`, comes second.
    Begin(String, bool, Reply),
    Query(Query),
    Script {
        sql: Py<PyString>,
        reply: Reply,
    },
    Batch(Batch),
    /// Gives up all prepared statements.
    Forget(Reply),
    /// The next rows of a portal.
    Fetch {
        portal: u64,
        limit: u32,
        reply: Reply,
    },
    ClosePortal {
        portal: u64,
        reply: Reply,
    },
    Copy {
        sql: Py<PyString>,
        direction: Direction,
        reply: Reply,
    },
}

impl Request {
    pub fn reply(&self) -> &Reply {
        match self {
            Request::Query(query) => &query.reply,
            Request::Batch(batch) => &batch.reply,
            Request::Begin(_, _, reply)
            | Request::Script { reply, .. }
            | Request::Forget(reply)
            | Request::Fetch { reply, .. }
            | Request::ClosePortal { reply, .. }
            | Request::Copy { reply, .. } => reply,
        }
    }

    pub fn into_reply(self) -> Reply {
        match self {
            Request::Query(query) => query.reply,
            Request::Batch(batch) => batch.reply,
            Request::Begin(_, _, reply)
            | Request::Script { reply, .. }
            | Request::Forget(reply)
            | Request::Fetch { reply, .. }
            | Request::ClosePortal { reply, .. }
            | Request::Copy { reply, .. } => reply,
        }
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        match self {
            Request::Query(query) => query.traverse(visit),
            Request::Batch(batch) => batch.traverse(visit),
            Request::Begin(_, _, reply)
            | Request::Script { reply, .. }
            | Request::Forget(reply)
            | Request::Fetch { reply, .. }
            | Request::ClosePortal { reply, .. }
            | Request::Copy { reply, .. } => reply.traverse(visit),
        }
    }
}

/// A request that was sent; replies come in order.
pub enum Flight {
    Start(Reply),
    Prepare {
        query: Query,
        name: String,
        described: Option<Arc<Described>>,
        error: Option<PyErr>,
        /// SQLSTATE of the error.
        code: String,
    },
    LookUp(Box<LookUp>),
    Execute(Execution),
    Copy(Copying),
    Script {
        sql: Py<PyString>,
        reply: Reply,
        error: Option<PyErr>,
    },
    Batch(Batch),
    Forget(Reply),
    /// BEGIN, in front of a script that waits for it.
    Begin,
    Housekeeping,
}

impl Flight {
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Flight::Start(reply) | Flight::Script { reply, .. } | Flight::Forget(reply) => {
                Some(reply)
            }
            Flight::Batch(batch) => Some(&batch.reply),
            Flight::Prepare { query, .. } => Some(&query.reply),
            Flight::LookUp(look_up) => Some(&look_up.goal.query().reply),
            Flight::Execute(execution) => Some(&execution.query.reply),
            Flight::Copy(copying) => copying.reply.as_ref(),
            Flight::Begin | Flight::Housekeeping => None,
        }
    }

    /// Whether nobody waits for its answer any more. A COPY that is being fed or read has somebody.
    pub fn is_gone(&self, py: Python<'_>) -> bool {
        match self.reply() {
            Some(reply) => reply.is_gone(py),
            None => matches!(self, Flight::Begin | Flight::Housekeeping),
        }
    }

    pub fn reply_mut(&mut self) -> Option<&mut Reply> {
        match self {
            Flight::Start(reply) | Flight::Script { reply, .. } | Flight::Forget(reply) => {
                Some(reply)
            }
            Flight::Batch(batch) => Some(&mut batch.reply),
            Flight::Prepare { query, .. } => Some(&mut query.reply),
            Flight::LookUp(look_up) => Some(&mut look_up.goal.query_mut().reply),
            Flight::Execute(execution) => Some(&mut execution.query.reply),
            Flight::Copy(copying) => copying.reply.as_mut(),
            Flight::Begin | Flight::Housekeeping => None,
        }
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        match self {
            Flight::Start(reply) | Flight::Script { reply, .. } | Flight::Forget(reply) => {
                reply.traverse(visit)
            }
            Flight::Batch(batch) => batch.traverse(visit),
            Flight::Prepare { query, .. } => query.traverse(visit),
            Flight::LookUp(look_up) => {
                if let Goal::Decode(execution) = &look_up.goal {
                    visit.call(execution.collector.rows())?;
                }
                look_up.goal.query().traverse(visit)
            }
            Flight::Execute(execution) => {
                visit.call(execution.collector.rows())?;
                execution.query.traverse(visit)
            }
            Flight::Copy(copying) => copying
                .reply
                .as_ref()
                .map_or(Ok(()), |reply| reply.traverse(visit)),
            Flight::Begin | Flight::Housekeeping => Ok(()),
        }
    }
}

/// Rows that are not freed in one step.
pub const MANY: usize = 16_384;

pub struct Execution {
    pub query: Query,
    pub statement: Arc<Statement>,
    pub collector: Collector,
    /// The number of the group whose Sync it shares; 0: it has its own.
    pub group: u64,
    /// The BEGIN that came along with it, and whether that transaction is all or nothing.
    pub begins: Option<(String, bool)>,
    pub error: Option<PyErr>,
    /// SQLSTATE of a server error.
    pub code: String,
    /// It came before anything was executed.
    pub unexecuted: bool,
    /// The statement was there under its name; else it came along.
    pub by_name: bool,
    /// The server told other columns than it had described.
    pub told_anew: bool,
    pub rowcount: i64,
    pub status: String,
    /// Rows that cannot be decoded before these types are looked up.
    pub kept: Vec<KeptRow>,
    pub missing: Vec<Oid>,
    pub rounds: u8,
}

impl Execution {
    pub fn new(query: Query, statement: Arc<Statement>, collector: Collector) -> Execution {
        Execution {
            query,
            statement,
            collector,
            group: 0,
            begins: None,
            error: None,
            code: String::new(),
            unexecuted: false,
            by_name: false,
            told_anew: false,
            rowcount: 0,
            status: String::new(),
            kept: Vec::new(),
            missing: Vec::new(),
            rounds: 0,
        }
    }

    /// The rows so far, if they are many and nobody waits for them any more; then those that still come are passed over.
    pub fn unwanted(&mut self, py: Python<'_>) -> Option<Py<PyList>> {
        let rows = self.collector.rows().bind(py).len();
        if rows < MANY || self.error.is_some() || !self.query.reply.is_gone(py) {
            return None;
        }
        self.error = Some(operational_error(py, "its caller has gone"));
        self.kept = Vec::new();
        Some(self.collector.take_rows(py))
    }

    /// The result once the server has said the last word.
    pub fn outcome(&mut self, py: Python<'_>) -> Outcome {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let result = Result {
            rows: self.collector.rows().clone_ref(py),
            rowcount: self.rowcount,
            status: Told::Text(std::mem::take(&mut self.status)),
            columns: self.collector.names().clone_ref(py),
            type_codes: self.statement.type_codes.clone_ref(py),
            type_modifiers: self.statement.type_modifiers.clone_ref(py),
            last_rowid: None,
        };
        let result = Py::new(py, result);
        // Only now: the garbage collector, which has seen thousands of rows come, likes to start with the result.
        self.collector.show(py);
        Ok(Some(result?))
    }
}

/// What a script gives back: nothing.
pub fn empty_result(py: Python<'_>) -> Outcome {
    let result = Result::without_columns(py, PyList::empty(py).unbind());
    Ok(Some(Py::new(py, result)?))
}
