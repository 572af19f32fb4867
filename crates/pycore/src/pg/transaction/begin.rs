//! BEGIN goes out in front of the first statement of its transaction, under the same Sync: a transaction costs no round trip
//! of its own, and when BEGIN fails or is cancelled that statement cannot run outside of one.

use pgwire::{TransactionStatus, forgets_statements, transaction_command};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::command::ends;
use super::whole::Whole;
use crate::pg::core::Core;
use crate::pg::core::flight::Flight;
use crate::pg::core::reply::{Reply, empty_result};
use crate::pg::core::request::{Arguments, Purpose, Query, Request};
use crate::raise::{operational_error, programming_error, server_error};
use crate::sql_text::text;

/// A server answers COMMIT with ROLLBACK, and no error, in a transaction that has failed. Who asks for it while other
/// statements are under way cannot know that yet.
pub const NOT_COMMITTED: &str = "the transaction was not committed: a statement in it failed, before COMMIT or while that was on its way, and \
     everything was rolled back";

/// How far the beginning of a transaction has come.
#[derive(Default)]
pub enum Begin {
    /// There is none, or the server knows of it.
    #[default]
    Over,
    /// To go with the next statement.
    Waiting(String),
    /// Not answered. Behind it nothing is sent that must not run outside of a transaction.
    Sent,
    /// The server has begun; it has yet to say what it thinks of the statement that came along.
    Begun,
    /// Nothing runs until somebody ends the transaction that is none. The error, as long as nobody was told.
    Failed { error: PyErr, told: bool },
}

impl Core {
    /// Begins a transaction, at the latest with the next statement.
    pub fn begin(&mut self, sql: String, whole: bool, guarded: bool) {
        if let Some(held) = &mut self.held {
            return held.push(Request::Begin(sql, whole, Reply::Nobody));
        }
        self.guarded = guarded;
        if self.waiting.is_empty()
            && !self.heals()
            && !self.preparing
            && matches!(self.begin, Begin::Over)
        {
            self.due(sql, whole);
        } else {
            // What was asked before is no part of it.
            self.marks += 1;
            self.waiting
                .push_back(Request::Begin(sql, whole, Reply::Nobody));
        }
    }

    fn due(&mut self, sql: String, whole: bool) {
        self.begin = Begin::Waiting(sql);
        self.whole = if whole { Whole::Yes } else { Whole::No };
    }

    /// The status as its owner is to see it: in a transaction from the moment he asked for one.
    pub fn status(&self) -> TransactionStatus {
        match self.begin {
            _ if self.marks > 0 || self.anew.is_some() => TransactionStatus::InTransaction,
            Begin::Over => self.session.status(),
            Begin::Failed { .. } => TransactionStatus::Failed,
            Begin::Waiting(_) | Begin::Sent | Begin::Begun => TransactionStatus::InTransaction,
        }
    }

    /// Puts a BEGIN that was not sent back behind what was asked before it and is to be sent again; false: it cannot be.
    pub fn put_back_begin(&mut self) -> bool {
        if matches!(self.begin, Begin::Over) {
            return true;
        }
        if !matches!(self.begin, Begin::Waiting(_)) || matches!(self.whole, Whole::Refused(_)) {
            return false;
        }
        let whole = matches!(std::mem::take(&mut self.whole), Whole::Yes);
        if let Begin::Waiting(sql) = std::mem::take(&mut self.begin) {
            self.marks += 1;
            self.waiting
                .push_front(Request::Begin(sql, whole, Reply::Nobody));
        }
        true
    }

    /// Takes a BEGIN from the queue once it is its turn; false: it is not.
    pub fn take_mark(&mut self) -> bool {
        if !matches!(self.begin, Begin::Over) {
            return false;
        }
        if let Some(Request::Begin(sql, whole, _)) = self.waiting.pop_front() {
            self.marks = self.marks.saturating_sub(1);
            self.due(sql, whole);
        }
        true
    }

    /// Whether a request may be sent before BEGIN is answered: it shares its Sync, or does no harm outside a transaction.
    pub fn is_turn(&self, py: Python<'_>, request: &Request) -> bool {
        match (&self.begin, request) {
            (Begin::Sent, Request::Query(query)) => {
                matches!(query.purpose, Purpose::Prepare | Purpose::Describe)
                    || self.joins(py, query)
                    || text(query.sql.bind(py)).is_ok_and(|sql| !self.cache.has(sql))
            }
            (Begin::Sent, Request::Script { sql, .. }) => {
                is_empty(py, sql) || ends(py, sql).is_some()
            }
            (Begin::Sent, Request::Forget(_)) => true,
            (Begin::Sent, _) => false,
            _ => true,
        }
    }

    /// Sends a request, behind BEGIN where that is due; false: it was put back.
    pub fn send_begun(&mut self, py: Python<'_>, request: Request) -> bool {
        match (&self.begin, &request) {
            (Begin::Over | Begin::Sent | Begin::Begun, _) | (_, Request::Forget(_)) => {
                self.send(py, request);
            }
            (_, Request::Script { sql, .. }) if is_empty(py, sql) => self.send(py, request),
            (Begin::Failed { .. }, _) => self.refuse(py, request),
            (Begin::Waiting(_), Request::Script { sql, .. }) if ends(py, sql).is_some() => {
                let outcome = self.end_unsent(py, &sql.clone_ref(py));
                self.finished.push((request.into_reply(), outcome));
            }
            (Begin::Waiting(begin), Request::Script { .. }) => {
                // A script is one message, to its end: it must not start before BEGIN is known to have worked.
                match self.session.simple(begin) {
                    Ok(()) => {
                        self.begin = Begin::Sent;
                        self.flying.begin_behind(self.flying.len());
                        self.flying.push_back(Flight::Begin);
                        self.waiting.push_front(request);
                        return false;
                    }
                    Err(refused) => {
                        let error = programming_error(py, refused.message);
                        self.finished.push((request.into_reply(), Err(error)));
                    }
                }
            }
            (Begin::Waiting(begin), _) => {
                let sql = begin.clone();
                let whole = matches!(self.whole, Whole::Yes);
                let before = self.flying.len();
                self.session.begin_with_next(&sql);
                self.block = true;
                self.send(py, request);
                // Not gone out: the statement was refused here, or is known already.
                let waits = self.session.take_back_begin();
                if waits {
                    self.block = false;
                } else {
                    self.begin = Begin::Sent;
                    self.flying.begin_behind(before);
                    if let Some(Flight::Execute(execution)) = self.flying.back_mut() {
                        execution.begins = Some((sql, whole));
                    }
                }
            }
        }
        true
    }

    /// The oldest request has failed: by its BEGIN?
    pub fn check_begin(&mut self, error: impl FnOnce() -> PyErr) {
        let alone = matches!(self.flying.front(), Some(Flight::Begin));
        if alone || self.session.is_beginning() {
            self.begin = Begin::Failed {
                error: error(),
                told: !alone,
            };
        }
    }

    pub fn begun(&mut self, py: Python<'_>) {
        self.begin = Begin::Begun;
        self.pump(py);
    }

    /// A request is over, and the server's status fresh.
    pub fn refresh_block(&mut self) {
        if matches!(self.begin, Begin::Begun) {
            self.begin = Begin::Over;
        }
        if self.session.status() != TransactionStatus::Failed {
            self.cause = None;
        }
        if self.session.status() == TransactionStatus::Idle && self.types.is_concerned_by_end() {
            self.forget_types();
        }
        if self.flying.is_empty() {
            self.forgetting = false;
            self.block = matches!(self.begin, Begin::Over)
                && self.session.status() == TransactionStatus::InTransaction;
        }
    }

    /// A script has been answered. If it ended a transaction that had not begun, it has ended that.
    pub fn end_failed_begin(
        &mut self,
        py: Python<'_>,
        sql: &Py<PyString>,
        error: &mut Option<PyErr>,
    ) {
        if matches!(self.begin, Begin::Failed { .. })
            && let Some(commits) = ends(py, sql)
        {
            self.begin = Begin::Over;
            if commits && error.is_none() {
                *error = Some(operational_error(py, NOT_COMMITTED));
            }
        }
    }

    fn refuse(&mut self, py: Python<'_>, request: Request) {
        let outcome = match &request {
            Request::Script { sql, .. } if ends(py, sql).is_some() => {
                let mut error = self.end_whole(py, &sql.clone_ref(py));
                self.end_failed_begin(py, &sql.clone_ref(py), &mut error);
                error.map_or_else(|| empty_result(py), Err)
            }
            _ => Err(self
                .refusal(py)
                .unwrap_or_else(|| operational_error(py, NOT_COMMITTED))),
        };
        self.finished.push((request.into_reply(), outcome));
    }

    /// Why nothing can run in a transaction that could not begin.
    pub fn refusal(&mut self, py: Python<'_>) -> Option<PyErr> {
        let Begin::Failed { error, told } = &mut self.begin else {
            return None;
        };
        if std::mem::replace(told, true) {
            Some(aborted(py, error, None))
        } else {
            Some(error.clone_ref(py))
        }
    }

    /// Whether an execution may share the Sync of those before it.
    pub fn joins(&self, py: Python<'_>, query: &Query) -> bool {
        query.joins
            && self.block
            && query.purpose == Purpose::Run
            && matches!(query.arguments, Arguments::One(_))
            && text(query.sql.bind(py)).is_ok_and(|sql| {
                self.cache.has(sql)
                    && transaction_command(sql).is_none()
                    && !forgets_statements(sql)
            })
    }
}

/// The error of a statement that was not run because of another one.
pub fn aborted(py: Python<'_>, cause: &PyErr, sql: Option<&Py<PyString>>) -> PyErr {
    let kind = cause
        .get_type(py)
        .name()
        .map_or_else(|_| String::new(), |name| name.to_string());
    let message = format!(
        "not run, because an earlier statement of its transaction failed: {kind}: {}",
        first_line(&cause.value(py).to_string())
    );
    let fields = [("code", "25P02"), ("message", message.as_str())];
    let sql = sql.map(|sql| sql.bind(py).as_any());
    let error = server_error(py, fields.into_iter(), sql);
    error.set_cause(py, Some(cause.clone_ref(py)));
    error
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn is_empty(py: Python<'_>, sql: &Py<PyString>) -> bool {
    text(sql.bind(py)).is_ok_and(str::is_empty)
}
