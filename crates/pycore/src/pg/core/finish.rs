//! What becomes of a request once the server, or the connection, is done with it.

use std::sync::Arc;

use pyo3::prelude::*;

use super::execution::Execution;
use super::flight::Flight;
use super::loss::Loss;
use super::reply::{Reply, empty_result};
use super::request::{Purpose, Query};
use super::{CLOSED, Core};
use crate::pg::prepared::lookup::Goal;
use crate::pg::prepared::statement::Statement;
use crate::raise::{connection_lost, internal_error, operational_error};

impl Core {
    pub fn done(&mut self, py: Python<'_>) {
        self.forget_portals();
        let flight = self.flying.pop_front();
        self.refresh_block();
        match flight {
            Some(Flight::Prepare {
                query,
                name,
                described,
                error,
                code,
            }) => match (error, described) {
                (None, Some(described)) => self.described(py, query, name, described),
                (error, _) => {
                    self.preparing = false;
                    let error = error.unwrap_or_else(|| {
                        internal_error(py, "the server did not describe the statement")
                    });
                    let error = self.named_cause(py, &query.reply, &query.sql, error);
                    self.not_prepared(py, query, &name, &code, error);
                }
            },
            Some(Flight::LookUp(look_up)) => self.looked_up(py, *look_up),
            Some(Flight::Execute(execution)) => self.execution_over(py, execution),
            Some(Flight::Copy(copying)) => self.copied(py, copying),
            Some(Flight::Script {
                sql,
                reply,
                mut error,
                ..
            }) => {
                self.overtaken(py, false);
                self.look_after(py, &sql, &mut error);
                self.end_failed_begin(py, &sql, &mut error);
                let error = error.map(|error| self.named_cause(py, &reply, &sql, error));
                let outcome = error.map_or_else(|| empty_result(py), Err);
                self.finished.push((reply, outcome));
            }
            Some(Flight::Batch(mut batch)) => {
                let outcome = batch.outcome(py);
                self.finished.push((batch.reply, outcome));
            }
            Some(Flight::Start(reply) | Flight::Forget(reply)) => {
                self.finished.push((reply, empty_result(py)));
            }
            // Nothing is heard before it is over.
            Some(Flight::Kept(kept)) => self.flying.push_front(Flight::Kept(kept)),
            Some(Flight::Begin | Flight::Housekeeping) | None => {}
        }
        self.pump(py);
    }

    pub fn prepared(&mut self, py: Python<'_>, query: Query, statement: Arc<Statement>) {
        if query.purpose == Purpose::Describe {
            return self.finished.push((query.reply, statement.description(py)));
        }
        let gone = match query.sql.to_str(py) {
            Ok(sql) => self.cache.insert(sql, Arc::clone(&statement), self.changes),
            Err(error) => return self.finished.push((query.reply, Err(error))),
        };
        for gone in gone {
            self.close_statement(&gone);
        }
        if query.purpose == Purpose::Prepare {
            let outcome = statement.description(py);
            self.finished.push((query.reply, outcome));
        } else if query.reply.is_gone(py) {
            self.leave_out(py, query.reply);
        } else {
            self.send_execution(py, query, statement);
        }
    }

    /// Those under way have theirs at hand, and are answered before the server forgets it.
    pub fn forget_statements(&mut self, py: Python<'_>, reply: Reply) {
        self.types.forget();
        let gone = self.cache.take(|_| true);
        let names = gone.iter().map(|statement| statement.name.as_str());
        if gone.is_empty() || self.session.close_statements(names).is_err() {
            return self.finished.push((reply, empty_result(py)));
        }
        self.flying.push_back(Flight::Forget(reply));
    }

    pub fn close_statement(&mut self, statement: &Statement) {
        self.close_named(statement.name.clone());
    }

    pub fn close_named(&mut self, name: String) {
        // The unnamed one goes by itself.
        if !name.is_empty() {
            self.closing.push(name);
        }
    }

    pub fn send_closes(&mut self) {
        for name in std::mem::take(&mut self.closing) {
            if self.session.close_statement(&name).is_ok() {
                self.flying.push_back(Flight::Housekeeping);
            }
        }
    }

    /// The other side is gone. While logging in, that is no refusal: another server may be tried.
    pub fn lose(&mut self, py: Python<'_>, reason: &str) {
        let before = self.finished.len();
        if matches!(self.flying.front(), Some(Flight::Start(_)))
            && let Some(Flight::Start(reply)) = self.flying.pop_front()
        {
            let error = connection_lost(py, reason.to_owned());
            self.finished.push((reply, Err(error)));
        }
        let reason = self.loss.reason(reason);
        let loss = std::mem::take(&mut self.loss);
        self.end(py, &reason);
        self.loss = loss;
        self.keep_loss(py, &reason, self.finished.len() > before);
    }

    /// The connection is over: everything that was asked fails.
    pub fn end(&mut self, py: Python<'_>, reason: &str) {
        if reason == CLOSED {
            self.ended = None; // what its owner closes is closed, and no longer lost
        }
        let reason = self.ended.get_or_insert_with(|| reason.to_owned()).clone();
        self.next_row = None;
        let mut flying = std::mem::take(&mut self.flying);
        while let Some(flight) = flying.pop_front() {
            let (reply, error) = match flight {
                Flight::Start(reply) => (reply, Some(operational_error(py, reason.clone()))),
                Flight::Prepare { query, error, .. } => (query.reply, error),
                Flight::LookUp(look_up) => match look_up.goal {
                    Goal::Execute { query, .. } => (query.reply, look_up.error),
                    Goal::Decode(execution) => self.left(py, *execution, look_up.error),
                },
                Flight::Kept(kept) => self.left(py, kept.execution, None),
                Flight::Execute(execution) => self.left(py, execution, None),
                Flight::Copy(mut copying) => {
                    let error = copying.error.take();
                    copying.error =
                        Some(error.unwrap_or_else(|| connection_lost(py, reason.clone())));
                    self.copied(py, copying);
                    continue;
                }
                Flight::Script { reply, error, .. } => (reply, error),
                Flight::Batch(mut batch) => {
                    let error = batch.take_error();
                    (batch.reply, error)
                }
                Flight::Forget(reply) => (reply, None),
                Flight::Begin | Flight::Housekeeping => continue,
            };
            let error = error.unwrap_or_else(|| connection_lost(py, reason.clone()));
            self.finished.push((reply, Err(error)));
        }
        self.loss = Loss::Told(None);
        self.anew = None;
        for (query, error) in std::mem::take(&mut self.stale) {
            self.finished.push((query.reply, Err(error)));
        }
        self.marks = 0;
        let held = self.held.take().unwrap_or_default();
        for request in std::mem::take(&mut self.waiting).into_iter().chain(held) {
            let error = connection_lost(py, reason.clone());
            self.finished.push((request.into_reply(), Err(error)));
        }
    }

    /// An execution whose rows nobody gets: whom to tell, and what has gone wrong with it before.
    fn left(
        &mut self,
        py: Python<'_>,
        mut execution: Execution,
        error: Option<PyErr>,
    ) -> (Reply, Option<PyErr>) {
        if execution.is_many(py) {
            execution.give_up(py, &mut self.garbage);
        }
        (execution.query.reply, execution.error.or(error))
    }
}
