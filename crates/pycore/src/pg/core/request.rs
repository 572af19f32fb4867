//! What a caller asked for.

use pgwire::Direction;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::reply::Reply;
use crate::pg::pipeline::batch::Batch;
use crate::rows::Shape;

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
    /// To fetch the next rows of a portal.
    Fetch,
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
    /// Whether the caller wants only the list of rows, without a `Result`.
    pub bare: bool,
}

impl Query {
    pub fn new(sql: Py<PyString>, arguments: Arguments, shape: Py<Shape>, reply: Reply) -> Query {
        Query {
            sql,
            arguments,
            shape,
            reply,
            purpose: Purpose::Run,
            may_heal: true,
            joins: false,
            bare: false,
        }
    }

    /// One of a pipeline.
    pub fn joining(mut self) -> Query {
        self.joins = true;
        self
    }

    pub fn bare(mut self) -> Query {
        self.bare = true;
        self
    }

    /// One that is prepared and kept, and not run.
    pub fn preparing(py: Python<'_>, sql: Py<PyString>, reply: Reply) -> PyResult<Query> {
        let arguments = Arguments::One(PyTuple::empty(py).unbind());
        let shape = Py::new(py, Shape::tuples(None, None))?;
        Ok(Query::new(sql, arguments, shape, reply).purpose(Purpose::Prepare))
    }

    pub fn purpose(mut self, purpose: Purpose) -> Query {
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
        /// A query whose columns are told with the beginning.
        described: Option<Py<PyString>>,
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
