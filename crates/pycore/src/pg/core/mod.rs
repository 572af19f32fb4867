//! The requests of one connection, in order: what waits, what is under way, what is finished.

mod finish;
mod receive;
mod send;

use std::collections::VecDeque;

use pgwire::{ServerError, Session};
use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{PyTraverseError, PyVisit};

use super::cache::Cache;
use super::request::{Flight, Outcome, Query, Reply, Request};
use crate::raise::{connection_lost, programming_error};

/// SQLSTATEs that say a cached statement is stale: its result type changed, or the server forgot it.
const STALE: [&str; 2] = ["0A000", "26000"];

pub struct Core {
    pub session: Session,
    pub cache: Cache,
    prefix: String,
    named: u64,
    waiting: VecDeque<Request>,
    flying: VecDeque<Flight>,
    /// Queries whose cached plan the server rejected, with that error: to be prepared anew.
    stale: Vec<(Query, PyErr)>,
    /// A statement is being prepared: what waits behind it stays in order.
    preparing: bool,
    params: pgwire::Params,
    /// Finished requests whose outcome is not delivered yet.
    pub finished: Vec<(Reply, Outcome)>,
    pub notices: Vec<ServerError>,
    pub notifications: Vec<(i32, String, String)>,
    /// Why nothing more can be asked.
    pub ended: Option<String>,
}

impl Core {
    pub fn new(session: Session, cache: Cache, prefix: String) -> Core {
        Core {
            session,
            cache,
            prefix,
            named: 0,
            waiting: VecDeque::new(),
            flying: VecDeque::new(),
            stale: Vec::new(),
            preparing: false,
            params: pgwire::Params::new(),
            finished: Vec::new(),
            notices: Vec::new(),
            notifications: Vec::new(),
            ended: None,
        }
    }

    /// Requests that were made and are not finished.
    pub fn pending(&self) -> usize {
        self.waiting.len() + self.flying.len() + self.stale.len()
    }

    /// What the garbage collector must know: a future leads to the task that waits for it, and that to the session.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        for request in &self.waiting {
            request.traverse(visit)?;
        }
        for flight in &self.flying {
            flight.traverse(visit)?;
        }
        for (query, _) in &self.stale {
            query.traverse(visit)?;
        }
        for (reply, _) in &self.finished {
            reply.traverse(visit)?;
        }
        Ok(())
    }

    /// Gives up everything that holds Python objects of others.
    pub fn clear(&mut self) {
        self.waiting.clear();
        self.flying.clear();
        self.stale.clear();
        self.finished.clear();
        self.ended
            .get_or_insert_with(|| "Connection is closed".to_owned());
    }

    /// The thread that waited is gone, or comes with another request: what was sent is answered to nobody, the rest is
    /// not sent.
    pub fn leave(&mut self) {
        self.waiting
            .retain(|request| !matches!(request.reply(), Reply::Caller));
        self.stale
            .retain(|(query, _)| !matches!(query.reply, Reply::Caller));
        for flight in &mut self.flying {
            if let Some(reply) = flight.reply_mut() {
                reply.leave();
            }
        }
        self.finished.clear();
    }

    pub fn start(&mut self, reply: Reply) {
        self.flying.push_back(Flight::Start(reply));
    }

    pub fn submit(&mut self, py: Python<'_>, request: Request) {
        if let Some(reason) = &self.ended {
            let error = connection_lost(py, reason.clone());
            self.finished.push((request.into_reply(), Err(error)));
            return;
        }
        self.waiting.push_back(request);
        self.pump(py);
    }
}

/// The text of a `str`, which may hold what UTF-8 cannot.
fn text<'a>(py: Python<'a>, sql: &'a Py<PyString>) -> PyResult<&'a str> {
    sql.to_str(py).map_err(|_| {
        programming_error(
            py,
            "the SQL text holds a lone surrogate, which UTF-8 cannot write",
        )
    })
}
