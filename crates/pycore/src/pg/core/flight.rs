//! What was sent and is not answered yet.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{PyTraverseError, PyVisit};

use super::execution::Execution;
use super::reply::Reply;
use super::request::Query;
use crate::pg::copy::copying::Copying;
use crate::pg::pipeline::batch::Batch;
use crate::pg::prepared::kept::Kept;
use crate::pg::prepared::lookup::{Goal, LookUp};
use crate::pg::prepared::statement::Described;

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
    /// It was answered, and its rows are being worked at.
    Kept(Box<Kept>),
    Copy(Copying),
    Script {
        sql: Py<PyString>,
        reply: Reply,
        error: Option<PyErr>,
        /// The first of its statements is over.
        advanced: bool,
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
            Flight::Kept(kept) => Some(&kept.execution.query.reply),
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
            Flight::Kept(kept) => Some(&mut kept.execution.query.reply),
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
                    return execution.traverse(visit);
                }
                look_up.goal.query().traverse(visit)
            }
            Flight::Execute(execution) => execution.traverse(visit),
            Flight::Kept(kept) => kept.execution.traverse(visit),
            Flight::Copy(copying) => copying
                .reply
                .as_ref()
                .map_or(Ok(()), |reply| reply.traverse(visit)),
            Flight::Begin | Flight::Housekeeping => Ok(()),
        }
    }
}
