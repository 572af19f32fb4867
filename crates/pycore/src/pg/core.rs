//! The requests of one connection, in order: what waits, what is under way, what is finished.

use std::collections::VecDeque;
use std::time::Instant;

use pgwire::{ServerError, Session, TransactionStatus};
use pyo3::prelude::*;
use pyo3::types::PyList;
use pyo3::{PyTraverseError, PyVisit};

use super::begin::{Begin, ends};
use super::cache::Cache;
use super::copying::CopyData;
use super::flight::Flight;
use super::hashing::Login;
use super::loss::Loss;
use super::naming::Naming;
use super::portal::Portals;
use super::reply::{Outcome, Reply};
use super::request::{Query, Request};
use super::types::Types;
use super::whole::Whole;

/// Why nothing can be asked of a connection that its owner closed.
pub(super) const CLOSED: &str = "Connection is closed";

pub(super) struct Core {
    pub(super) session: Session,
    pub(super) cache: Cache,
    pub(super) types: Types,
    pub(super) naming: Naming,
    /// Requests made so far.
    pub(super) requests: u64,
    pub(super) waiting: VecDeque<Request>,
    /// How many of them are marks where a transaction is to begin.
    pub(super) marks: usize,
    pub(super) begin: Begin,
    /// The transaction is that of a block, which ends it.
    pub(super) guarded: bool,
    pub(super) whole: Whole,
    /// What pipelines queued while nothing may be sent; None: it may.
    pub(super) held: Option<Vec<Request>>,
    /// Everything sent from here on surely runs in one transaction, that of what was sent before.
    pub(super) block: bool,
    /// Groups of executions that were opened, and those whose Sync is answered.
    pub(super) groups: u64,
    pub(super) groups_done: u64,
    /// Why the server refuses what else was queued in this transaction.
    pub(super) cause: Option<PyErr>,
    pub(super) flying: VecDeque<Flight>,
    /// Statements to be closed on the server, with the next request: alone, that would be one under way which nobody made.
    pub(super) closing: Vec<String>,
    /// Queries whose cached plan the server rejected, with that error: to be prepared anew.
    pub(super) stale: Vec<(Query, PyErr)>,
    /// The transaction that these were to begin, to be ended and begun anew in front of them, and why.
    pub(super) anew: Option<(String, bool, PyErr)>,
    /// Changes to the catalogue that this session has made, as far as it noticed.
    pub(super) changes: u64,
    /// Results that are fetched in parts, as long as their transaction lasts.
    pub(super) portals: Portals,
    /// What a COPY has brought and nobody has taken yet.
    pub(super) copy: CopyData,
    pub(super) login: Login,
    /// A statement is being prepared: what waits behind it stays in order.
    pub(super) preparing: bool,
    pub(super) params: pgwire::Params,
    /// The next row to be added to the last request, see `pieces`.
    pub(super) next_row: Option<usize>,
    /// Finished requests whose outcome is not delivered yet.
    pub(super) finished: Vec<(Reply, Outcome)>,
    /// The rows of a finished `Query::bare`.
    pub(super) bare: Option<Py<PyList>>,
    pub(super) notices: Vec<ServerError>,
    pub(super) notifications: Vec<(i32, String, String)>,
    /// A future to be done as soon as nobody waits for anything that was asked.
    pub(super) watch: Option<(Py<PyAny>, bool)>,
    /// How many of those under way were sent before BEGIN.
    pub(super) before_begin: usize,
    /// Since when nothing has been under way.
    pub(super) rested: Instant,
    /// How often the server refused to write, because the transaction or the server itself only reads.
    pub(super) refusals: u64,
    /// Rows by the thousand that nobody wants: freed bit by bit, since the loop has other work.
    pub(super) garbage: Vec<Py<PyList>>,
    /// Something has been read and not taken in yet.
    pub(super) unheard: bool,
    /// Why nothing more can be asked.
    pub(super) ended: Option<String>,
    pub(super) loss: Loss,
}

impl Core {
    pub(super) fn new(session: Session, cache: Cache, types: Types, naming: Naming) -> Core {
        Core {
            session,
            cache,
            types,
            naming,
            requests: 0,
            waiting: VecDeque::new(),
            marks: 0,
            begin: Begin::Over,
            guarded: false,
            whole: Whole::No,
            held: None,
            block: false,
            groups: 0,
            groups_done: 0,
            cause: None,
            flying: VecDeque::new(),
            closing: Vec::new(),
            stale: Vec::new(),
            anew: None,
            changes: 0,
            portals: Portals::default(),
            copy: CopyData::default(),
            login: Login::default(),
            preparing: false,
            params: pgwire::Params::new(),
            next_row: None,
            finished: Vec::new(),
            bare: None,
            notices: Vec::new(),
            notifications: Vec::new(),
            watch: None,
            before_begin: 0,
            rested: Instant::now(),
            refusals: 0,
            garbage: Vec::new(),
            unheard: false,
            ended: None,
            loss: Loss::default(),
        }
    }

    /// Requests that were made and are not finished.
    pub(super) fn pending(&self) -> usize {
        self.waiting.len().saturating_sub(self.marks) + self.flying.len() + self.stale.len()
    }

    /// What the garbage collector must know: a future leads to the task that waits for it, and that to the session.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.types.traverse(visit)?;
        for request in self.waiting.iter().chain(self.held.iter().flatten()) {
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
        visit.call(self.watch.as_ref().map(|(future, _)| future))?;
        self.copy.traverse(visit)
    }

    /// Gives up everything that holds Python objects of others.
    pub(super) fn clear(&mut self) {
        self.types.clear();
        self.cache.take(|_| true);
        self.waiting.clear();
        self.marks = 0;
        self.held = None;
        self.cause = None;
        self.flying.clear();
        self.stale.clear();
        self.anew = None;
        self.garbage.clear();
        self.finished.clear();
        self.portals.clear();
        self.watch = None;
        self.copy = CopyData::default();
        self.ended.get_or_insert_with(|| CLOSED.to_owned());
        self.loss = Loss::Told(None);
    }

    pub(super) fn start(&mut self, reply: Reply) {
        self.flying.push_back(Flight::Start(reply));
    }

    pub(super) fn submit(&mut self, py: Python<'_>, request: Request) {
        if self.guarded
            && let Some(error) = self.objection(py, &request)
        {
            return self.refuse_reply(py, request.into_reply(), error);
        }
        if let (Begin::Waiting(_), Request::Script { sql, .. }) = (&self.begin, &request)
            && ends(py, sql).is_some()
            && self.waiting.is_empty()
        {
            // Nothing was sent, so there is nothing to end, not even over a connection that was lost.
            let outcome = self.end_unsent(py, &sql.clone_ref(py));
            return self.finished.push((request.into_reply(), outcome));
        }
        let piped = matches!(request.reply(), Reply::Pending(_));
        if let Some(error) = self.over(py, piped) {
            self.finished.push((request.into_reply(), Err(error)));
            return;
        }
        self.requests = self.requests.wrapping_add(1);
        if self.waiting.is_empty() && !self.heals() && self.may_send() && self.is_turn(py, &request)
        {
            // Whoever makes it this moment has not gone: no need to queue it and to ask.
            self.send_or_put_back(py, request);
        } else {
            self.waiting.push_back(request);
            self.pump(py);
        }
    }

    /// Sends what may be sent.
    pub(super) fn pump(&mut self, py: Python<'_>) {
        if self.heals() {
            if !self.flying.is_empty() {
                return;
            }
            self.heal(py);
            if self.heals() {
                return;
            }
        }
        while self.may_send() {
            let turn = match self.waiting.front() {
                Some(Request::Begin(..)) => {
                    if !self.take_mark() {
                        return;
                    }
                    continue;
                }
                Some(request) => self.is_turn(py, request),
                None => false,
            };
            if !turn {
                return;
            }
            let Some(request) = self.waiting.pop_front() else {
                return;
            };
            if request.reply().is_gone(py) {
                self.leave_out(py, request.into_reply());
            } else if !self.send_or_put_back(py, request) {
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
        // The Sync of a group may be unanswered though all its executions are over.
        let alone = self.flying.is_empty() && self.session.in_flight() == 0;
        if matches!(request, Request::Copy { .. }) && !alone {
            self.waiting.push_front(request);
            return false;
        }
        self.send_begun(py, request)
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
