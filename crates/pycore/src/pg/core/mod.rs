//! The requests of one connection, in order: what waits, what is under way, what is finished.
//!
//! A `request`, with its `arguments` and its `reply`, waits for its turn (`submit`), when `send` and `executing` make messages of it (`pieces`: the first of
//! many rows while the rest is encoded). Then it is a `flight`, one of all `flights`; a statement is an `execution`. `receive` takes what the
//! server sends (`turn`: how much at once), `events` has each message heard by the request it is about, `rows` are those of a result,
//! compared with their `row_description`. `finish` says what becomes of a request, `wanted` whether anybody still waits for it (`garbage` is what then is freed), `loss` who
//! is told that the connection is gone.

pub mod arguments;
mod events;
mod executing;
pub mod execution;
mod finish;
pub mod flight;
mod flights;
mod garbage;
mod loss;
mod pieces;
mod receive;
pub mod reply;
pub mod request;
pub mod row_description;
pub mod rows;
pub mod send;
mod submit;
pub mod turn;
pub mod wanted;

use std::collections::VecDeque;
use std::time::Instant;

use pgwire::{ServerError, Session, TransactionStatus};
use pyo3::prelude::*;
use pyo3::types::PyList;
use pyo3::{PyTraverseError, PyVisit};

use self::flight::Flight;
use self::flights::Flights;
use self::garbage::Garbage;
use self::loss::Loss;
use self::reply::{Outcome, Reply};
use self::request::{Query, Request};
use self::wanted::Watch;
use crate::pg::copy::copying::CopyData;
use crate::pg::cursor::portal::Portals;
use crate::pg::prepared::cache::Cache;
use crate::pg::prepared::naming::Naming;
use crate::pg::session::hashing::Login;
use crate::pg::transaction::begin::Begin;
use crate::pg::transaction::whole::Whole;
use crate::pg::types::Types;

/// Why nothing can be asked of a connection that its owner closed.
pub const CLOSED: &str = "Connection is closed";

pub struct Core {
    pub session: Session,
    pub cache: Cache,
    pub types: Types,
    pub naming: Naming,
    /// Requests made so far.
    pub requests: u64,
    pub waiting: VecDeque<Request>,
    /// How many of them are marks where a transaction is to begin.
    pub marks: usize,
    pub begin: Begin,
    /// The transaction is that of a block, which ends it.
    pub guarded: bool,
    pub whole: Whole,
    /// What pipelines queued while nothing may be sent; None: it may.
    pub held: Option<Vec<Request>>,
    /// Everything sent from here on surely runs in one transaction, that of what was sent before.
    pub block: bool,
    /// Groups of executions that were opened, and those whose Sync is answered.
    pub groups: u64,
    pub groups_done: u64,
    /// Why the server refuses what else was queued in this transaction.
    pub cause: Option<PyErr>,
    pub flying: Flights,
    /// Statements to be closed on the server, with the next request: alone, that would be one under way which nobody made.
    pub closing: Vec<String>,
    /// Queries whose cached plan the server rejected, with that error: to be prepared anew.
    pub stale: Vec<(Query, PyErr)>,
    /// The transaction that these were to begin, to be ended and begun anew in front of them, and why.
    pub anew: Option<(String, bool, PyErr)>,
    /// Changes to the catalogue that this session has made, as far as it noticed.
    pub changes: u64,
    /// Results that are fetched in parts, as long as their transaction lasts.
    pub portals: Portals,
    /// What a COPY has brought and nobody has taken yet.
    pub copy: CopyData,
    pub login: Login,
    /// A statement is being prepared: what waits behind it stays in order.
    pub preparing: bool,
    /// The server is forgetting prepared statements: what would go by the name of one waits, for in a transaction an error costs all
    /// of it.
    pub forgetting: bool,
    pub params: pgwire::Params,
    /// The next row to be added to the last request, see `pieces`.
    pub next_row: Option<usize>,
    /// Finished requests whose outcome is not delivered yet.
    pub finished: Vec<(Reply, Outcome)>,
    /// The rows of a finished `Query::bare`.
    pub bare: Option<Py<PyList>>,
    pub notices: Vec<ServerError>,
    pub notifications: Vec<(i32, String, String)>,
    pub watch: Option<Watch>,
    /// Since when nothing has been under way.
    pub rested: Instant,
    /// How often the server refused to write, because the transaction or the server itself only reads.
    pub refusals: u64,
    pub garbage: Garbage,
    /// Something has been read and not taken in yet.
    pub unheard: bool,
    /// Why nothing more can be asked.
    pub ended: Option<String>,
    pub loss: Loss,
}

impl Core {
    pub fn new(session: Session, cache: Cache, types: Types, naming: Naming) -> Core {
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
            flying: Flights::default(),
            closing: Vec::new(),
            stale: Vec::new(),
            anew: None,
            changes: 0,
            portals: Portals::default(),
            copy: CopyData::default(),
            login: Login::default(),
            preparing: false,
            forgetting: false,
            params: pgwire::Params::new(),
            next_row: None,
            finished: Vec::new(),
            bare: None,
            notices: Vec::new(),
            notifications: Vec::new(),
            watch: None,
            rested: Instant::now(),
            refusals: 0,
            garbage: Garbage::default(),
            unheard: false,
            ended: None,
            loss: Loss::default(),
        }
    }

    /// Requests that were made and are not finished.
    pub fn pending(&self) -> usize {
        self.waiting.len().saturating_sub(self.marks) + self.flying.len() + self.stale.len()
    }

    /// What the garbage collector must know: a future leads to the task that waits for it, and that to the session.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.types.traverse(visit)?;
        for request in self.waiting.iter().chain(self.held.iter().flatten()) {
            request.traverse(visit)?;
        }
        for flight in self.flying.iter() {
            flight.traverse(visit)?;
        }
        for (query, _) in &self.stale {
            query.traverse(visit)?;
        }
        for (reply, _) in &self.finished {
            reply.traverse(visit)?;
        }
        self.portals.traverse(visit)?;
        visit.call(self.watch.as_ref().map(|watch| &watch.future))?;
        self.copy.traverse(visit)
    }

    /// Gives up everything that holds Python objects of others.
    pub fn clear(&mut self) {
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

    pub fn start(&mut self, reply: Reply) {
        self.flying.push_back(Flight::Start(reply));
    }

    /// A portal ends with its transaction.
    pub fn forget_portals(&mut self) {
        if !self.portals.is_empty() && self.session.status() == TransactionStatus::Idle {
            self.portals.clear();
        }
    }

    /// The caller's reply, if it is there.
    pub fn take_caller(&mut self) -> Option<Outcome> {
        let index = self
            .finished
            .iter()
            .position(|(reply, _)| matches!(reply, Reply::Caller))?;
        Some(self.finished.swap_remove(index).1)
    }
}
