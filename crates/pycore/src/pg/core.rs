//! The requests of one connection, in order: what waits, what is under way, what is finished.

use std::collections::VecDeque;

use pgwire::{ServerError, Session, TransactionStatus};
use pyo3::prelude::*;
use pyo3::types::PyList;
use pyo3::{PyTraverseError, PyVisit};

use super::cache::Cache;
use super::copying::CopyData;
use super::portal::Portals;
use super::request::{Flight, Outcome, Query, Reply, Request};
use super::types::Types;
use crate::fork;
use crate::raise::{connection_lost, interface_error};

/// Why nothing can be asked of a connection that its owner closed.
pub(super) const CLOSED: &str = "Connection is closed";

pub(super) struct Core {
    pub(super) session: Session,
    pub(super) cache: Cache,
    pub(super) types: Types,
    pub(super) prefix: String,
    pub(super) named: u64,
    /// Requests made so far.
    pub(super) requests: u64,
    pub(super) waiting: VecDeque<Request>,
    pub(super) flying: VecDeque<Flight>,
    /// Statements to be closed on the server, with the next request: alone, that would be one under way which nobody made.
    pub(super) closing: Vec<String>,
    /// Queries whose cached plan the server rejected, with that error: to be prepared anew.
    pub(super) stale: Vec<(Query, PyErr)>,
    /// Results that are fetched in parts, as long as their transaction lasts.
    pub(super) portals: Portals,
    /// What a COPY has brought and nobody has taken yet.
    pub(super) copy: CopyData,
    /// A statement is being prepared: what waits behind it stays in order.
    pub(super) preparing: bool,
    pub(super) params: pgwire::Params,
    /// The next row to be added to the last request, see `pieces`.
    pub(super) next_row: Option<usize>,
    /// Finished requests whose outcome is not delivered yet.
    pub(super) finished: Vec<(Reply, Outcome)>,
    pub(super) notices: Vec<ServerError>,
    pub(super) notifications: Vec<(i32, String, String)>,
    /// Rows by the thousand that nobody wants: freed bit by bit, since the loop has other work.
    pub(super) litter: Vec<Py<PyList>>,
    /// Something has been read and not taken in yet.
    pub(super) unheard: bool,
    /// Why nothing more can be asked.
    pub(super) ended: Option<String>,
}

impl Core {
    pub(super) fn new(session: Session, cache: Cache, types: Types, prefix: String) -> Core {
        Core {
            session,
            cache,
            types,
            prefix,
            named: 0,
            requests: 0,
            waiting: VecDeque::new(),
            flying: VecDeque::new(),
            closing: Vec::new(),
            stale: Vec::new(),
            portals: Portals::default(),
            copy: CopyData::default(),
            preparing: false,
            params: pgwire::Params::new(),
            next_row: None,
            finished: Vec::new(),
            notices: Vec::new(),
            notifications: Vec::new(),
            litter: Vec::new(),
            unheard: false,
            ended: None,
        }
    }

    /// Requests that were made and are not finished.
    pub(super) fn pending(&self) -> usize {
        self.waiting.len() + self.flying.len() + self.stale.len()
    }

    /// What the garbage collector must know: a future leads to the task that waits for it, and that to the session.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.types.traverse(visit)?;
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
        self.portals.traverse(visit)?;
        self.copy.traverse(visit)
    }

    /// Gives up everything that holds Python objects of others.
    pub(super) fn clear(&mut self) {
        self.types.clear();
        self.cache.take(|_| true);
        self.waiting.clear();
        self.flying.clear();
        self.stale.clear();
        self.litter.clear();
        self.finished.clear();
        self.portals.clear();
        self.copy = CopyData::default();
        self.ended.get_or_insert_with(|| CLOSED.to_owned());
    }

    /// The thread that waited is gone, or comes with another request: what was sent is answered to nobody, the rest is
    /// not sent.
    pub(super) fn leave(&mut self) {
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

    pub(super) fn start(&mut self, reply: Reply) {
        self.flying.push_back(Flight::Start(reply));
    }

    pub(super) fn submit(&mut self, py: Python<'_>, request: Request) {
        if let Some(reason) = &self.ended {
            // Closed by its owner or left to its parent process, and used all the same; or lost, which nobody can help.
            let error = if reason == CLOSED || reason == fork::REASON {
                interface_error(py, reason.clone())
            } else {
                connection_lost(py, reason.clone())
            };
            self.finished.push((request.into_reply(), Err(error)));
            return;
        }
        self.requests = self.requests.wrapping_add(1);
        if self.waiting.is_empty() && self.stale.is_empty() && self.may_send() {
            // Whoever makes it this moment has not gone: no need to queue it and to ask.
            self.send_or_put_back(py, request);
        } else {
            self.waiting.push_back(request);
            self.pump(py);
        }
    }

    /// Sends what may be sent.
    pub(super) fn pump(&mut self, py: Python<'_>) {
        if !self.stale.is_empty() {
            if !self.flying.is_empty() {
                return;
            }
            self.heal();
        }
        while self.may_send() {
            let Some(request) = self.waiting.pop_front() else {
                return;
            };
            if !request.reply().is_gone(py) && !self.send_or_put_back(py, request) {
                return;
            }
        }
    }

    fn may_send(&self) -> bool {
        !self.preparing && !self.unheard && self.session.is_ready()
    }

    /// False: it runs alone, and something else is under way.
    fn send_or_put_back(&mut self, py: Python<'_>, request: Request) -> bool {
        self.send_closes();
        if matches!(request, Request::Copy { .. }) && !self.flying.is_empty() {
            self.waiting.push_front(request);
            return false;
        }
        self.send(py, request);
        true
    }

    /// A portal ends with its transaction.
    pub(super) fn forget_portals(&mut self) {
        if !self.portals.is_empty() && self.session.status() == TransactionStatus::Idle {
            self.portals.clear();
        }
    }

    /// The caller's reply, if it is there.
    pub(super) fn take_caller(&mut self) -> Option<Outcome> {
        let index = self
            .finished
            .iter()
            .position(|(reply, _)| matches!(reply, Reply::Caller))?;
        Some(self.finished.swap_remove(index).1)
    }
}
