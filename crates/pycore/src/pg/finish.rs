//! What becomes of a request once the server, or the connection, is done with it.

use std::sync::Arc;

use pgwire::TransactionStatus;
use pyo3::prelude::*;

use super::core::Core;
use super::request::{Execution, Flight, MANY, Purpose, Query, Reply, Request, empty_result};
use super::statement::Statement;
use crate::raise::{connection_lost, internal_error, operational_error};

/// SQLSTATEs that say a cached statement is stale: its result type changed, or the server forgot it.
const STALE: [&str; 2] = ["0A000", "26000"];

/// SQLSTATEs with which servers meet values of a type that has changed or gone since it was looked up: datatype mismatch,
/// undefined object, a failed look-up in its cache, a wrong binary form.
const CHANGED: [&str; 4] = ["42804", "42704", "XX000", "22P03"];

impl Core {
    pub(super) fn done(&mut self, py: Python<'_>) {
        self.forget_portals();
        match self.flying.pop_front() {
            Some(Flight::Prepare {
                query,
                name,
                described,
                error,
            }) => match (error, described) {
                (None, Some(described)) => self.described(py, query, name, described),
                (error, _) => {
                    self.preparing = false;
                    let error = error.unwrap_or_else(|| {
                        internal_error(py, "the server did not describe the statement")
                    });
                    self.finished.push((query.reply, Err(error)));
                }
            },
            Some(Flight::LookUp(look_up)) => self.looked_up(py, *look_up),
            Some(Flight::Execute(execution))
                if execution.error.is_none() && !execution.missing.is_empty() =>
            {
                self.look_up_for_rows(py, execution);
            }
            Some(Flight::Execute(execution)) => self.executed(py, execution),
            Some(Flight::Copy(copying)) => self.copied(py, copying),
            Some(Flight::Script { reply, error, .. }) => {
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
            Some(Flight::Housekeeping) | None => {}
        }
        self.pump(py);
    }

    pub(super) fn prepared(&mut self, py: Python<'_>, query: Query, statement: Arc<Statement>) {
        if query.purpose == Purpose::Describe {
            return self.finished.push((query.reply, statement.description(py)));
        }
        let gone = match query.sql.to_str(py) {
            Ok(sql) => self.cache.insert(sql, Arc::clone(&statement)),
            Err(error) => return self.finished.push((query.reply, Err(error))),
        };
        if let Some(gone) = gone {
            self.close_statement(&gone);
        }
        if query.purpose == Purpose::Prepare {
            let outcome = statement.description(py);
            self.finished.push((query.reply, outcome));
        } else if !query.reply.is_gone(py) {
            self.send_execution(py, query, statement);
        }
    }

    pub(super) fn executed(&mut self, py: Python<'_>, mut execution: Execution) {
        self.noticed(&execution.status);
        let outcome = execution.outcome(py);
        let code = execution.code.as_str();
        let changed = execution.statement.looked_up && CHANGED.contains(&code);
        let rejected = changed || STALE.contains(&code);
        if changed {
            self.forget_types();
        }
        if rejected
            && let Ok(sql) = execution.query.sql.to_str(py)
            && let Some(stale) = self.cache.remove(sql)
        {
            self.close_statement(&stale);
        }
        let mut query = execution.query;
        match outcome {
            // Outside a transaction nothing has happened yet, so the caller need not know.
            Err(error)
                if rejected
                    && query.may_heal
                    && self.session.status() == TransactionStatus::Idle =>
            {
                query.may_heal = false;
                self.stale.push((query, error));
            }
            outcome => {
                if let (Purpose::Open(portal), Ok(_)) = (query.purpose, &outcome) {
                    self.opened(py, portal, &query, execution.statement);
                }
                self.finished.push((query.reply, outcome));
            }
        }
    }

    /// Those under way have theirs at hand, and are answered before the server forgets it.
    pub(super) fn forget_statements(&mut self, py: Python<'_>, reply: Reply) {
        self.types.forget();
        let gone = self.cache.take(|_| true);
        let names = gone.iter().map(|statement| statement.name.as_str());
        if gone.is_empty() || self.session.close_statements(names).is_err() {
            return self.finished.push((reply, empty_result(py)));
        }
        self.flying.push_back(Flight::Forget(reply));
    }

    pub(super) fn close_statement(&mut self, statement: &Statement) {
        self.close_named(statement.name.clone());
    }

    pub(super) fn close_named(&mut self, name: String) {
        // The unnamed one goes by itself.
        if !name.is_empty() {
            self.closing.push(name);
        }
    }

    pub(super) fn send_closes(&mut self) {
        for name in std::mem::take(&mut self.closing) {
            if self.session.close_statement(&name).is_ok() {
                self.flying.push_back(Flight::Housekeeping);
            }
        }
    }

    /// What was sent behind a rejected query has been answered. Had that begun a transaction, the query, asked for
    /// before it, would now become a part of it.
    pub(super) fn heal(&mut self) {
        let idle = self.session.status() == TransactionStatus::Idle;
        for (query, error) in std::mem::take(&mut self.stale).into_iter().rev() {
            if idle {
                self.waiting.push_front(Request::Query(query));
            } else {
                self.finished.push((query.reply, Err(error)));
            }
        }
    }

    /// The connection is over: everything that was asked fails.
    pub(super) fn end(&mut self, py: Python<'_>, reason: &str) {
        let reason = self.ended.get_or_insert_with(|| reason.to_owned()).clone();
        self.next_row = None;
        for flight in std::mem::take(&mut self.flying) {
            let (reply, error) = match flight {
                Flight::Start(reply) => (reply, Some(operational_error(py, reason.clone()))),
                Flight::Prepare { query, error, .. } => (query.reply, error),
                Flight::LookUp(look_up) => (look_up.goal.into_query().reply, look_up.error),
                Flight::Execute(mut execution) => {
                    if execution.collector.rows().bind(py).len() >= MANY {
                        self.litter.push(execution.collector.take_rows(py));
                    }
                    (execution.query.reply, execution.error)
                }
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
                Flight::Housekeeping => continue,
            };
            let error = error.unwrap_or_else(|| connection_lost(py, reason.clone()));
            self.finished.push((reply, Err(error)));
        }
        for (query, error) in std::mem::take(&mut self.stale) {
            self.finished.push((query.reply, Err(error)));
        }
        for request in std::mem::take(&mut self.waiting) {
            let error = connection_lost(py, reason.clone());
            self.finished.push((request.into_reply(), Err(error)));
        }
    }
}
