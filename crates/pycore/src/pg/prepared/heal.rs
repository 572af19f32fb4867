//! Statements that have become stale: prepared anew without a word where nothing has happened yet, else one clear error.

use std::sync::Arc;

use pgwire::TransactionStatus;
use pyo3::intern;
use pyo3::prelude::*;

use super::statement::Statement;
use crate::pg::core::Core;
use crate::pg::core::execution::Execution;
use crate::pg::core::flight::Flight;
use crate::pg::core::reply::Reply;
use crate::pg::core::request::{Purpose, Query, Request};
use crate::pg::transaction::begin::Begin;
use crate::pg::transaction::whole::Whole;
use crate::raise::{asked, hinted};
use crate::rows::CommandStatus;
use crate::sql_text::text;

/// SQLSTATEs with which servers meet values of a type that has changed or gone since it was looked up: datatype mismatch,
/// undefined object, a failed look-up in its cache, a wrong binary form.
const CHANGED: [&str; 4] = ["42804", "42704", "XX000", "22P03"];

/// The server has no statement of this name.
const UNKNOWN: &str = "26000";

/// It has, and what that returns would have other columns by now. Of a statement that is new to it: it cannot do that.
const OTHER_COLUMNS: &str = "0A000";

/// It has one already.
const TAKEN: &str = "42P05";

/// What it said when it prepared the statement may be true no more. Nothing can be concluded from these when they come later,
/// from what the statement does.
fn may_be_stale(code: &str) -> bool {
    match code {
        // Another number of values or columns; a failed look-up in its cache; a wrong binary form.
        "08P01" | "XX000" | "22P03" | OTHER_COLUMNS | UNKNOWN => true,
        // Who may not, may not.
        "42501" => false,
        // Names and types that do not fit together any more.
        _ => code.starts_with("42"),
    }
}

/// What regnamespace says of a text that names none.
const NO_SCHEMA: &str = "3F000";

/// What a type says of a text that it cannot read, or a domain of a value: that of the parameter may be another by now. A division
/// by zero that is found while a statement is planned is none.
fn is_about_a_value(code: &str) -> bool {
    let told = code.starts_with("22") || code.starts_with("23") || code == NO_SCHEMA;
    told && code != "22012" && !may_be_stale(code)
}

/// A name that is looked up while it is planned (`$1::regclass`) may just as well be a wrong one.
const CHANGED_SINCE: &str = "perhaps something that this statement rests on (a table, a type, the search path) has changed since it was \
     prepared. It will be prepared anew: roll back and run the transaction again";

const BEHIND_POOLER: &str = "the connection goes through a pooler that gives each transaction another server, which has just come to light. From now \
     on statements do without names: roll back and run the transaction again. prepared_statements='unnamed' says so from \
     the start";

const OVERTAKEN: &str = "perhaps something that this statement rests on (a table, a type, the search path) has changed since it was \
     prepared. It was not run, since a later statement of the pipeline had run by then: run it again, it will be prepared anew";

fn is_select(sql: &str) -> bool {
    let first = sql.trim_start().get(..6);
    first.is_some_and(|first| first.eq_ignore_ascii_case("SELECT"))
}

impl Core {
    /// The outcome of an execution, or nothing where it is tried again.
    pub fn executed(&mut self, py: Python<'_>, mut execution: Execution) {
        if let CommandStatus::Text(command) = &execution.status {
            self.noticed(command);
        }
        self.noticed_text(py, &execution.query.sql);
        let reads = matches!(execution.status, CommandStatus::Selected(_));
        let outcome = if execution.query.bare && matches!(execution.query.reply, Reply::Caller) {
            execution.bare(py).map(|rows| {
                self.bare = Some(rows);
                None
            })
        } else {
            execution.outcome(py)
        };
        let outcome = outcome.map_err(|error| {
            let error = asked(py, error, execution.query.sql.bind(py));
            self.named_cause(py, &execution.query.reply, &execution.query.sql, error)
        });
        let rejected = self.is_rejected(&execution);
        if rejected {
            self.drop_statement(py, &execution.query, &execution.statement);
        } else if execution.redescribed
            && let Ok(sql) = execution.query.sql.to_str(py)
        {
            self.cache.remove(sql);
        }
        let begins = execution.begins;
        let query = execution.query;
        match outcome {
            Err(error) if rejected => self.reject(query, begins, error, &execution.code, py),
            outcome => {
                self.overtaken(py, reads);
                if let (Purpose::Open(portal), Ok(_)) = (query.purpose, &outcome) {
                    self.opened(py, portal, &query, execution.statement);
                }
                self.finished.push((query.reply, outcome));
            }
        }
    }

    fn is_rejected(&mut self, execution: &Execution) -> bool {
        if matches!(self.begin, Begin::Failed { .. }) {
            return false; // the error is that of the transaction's BEGIN
        }
        let code = execution.code.as_str();
        if code == UNKNOWN && execution.unexecuted && execution.by_name {
            self.naming.lost(&execution.statement.name);
        }
        let changed = execution.statement.looked_up && CHANGED.contains(&code);
        if changed {
            self.forget_types();
        }
        let misread = execution.known && is_about_a_value(code);
        // A procedure may have committed before it failed.
        execution.unexecuted && (changed || misread || may_be_stale(code))
    }

    /// The server would not prepare a statement.
    pub fn not_prepared(
        &mut self,
        py: Python<'_>,
        query: Query,
        name: &str,
        code: &str,
        error: PyErr,
    ) {
        if name.is_empty() {
            return self.unprepared(py, query.reply, error);
        }
        if code == TAKEN {
            self.naming.lost(name);
            return self.reject(query, None, error, code, py);
        }
        // Cancelled, for one, it may have been prepared and not described.
        if !code.starts_with("42") {
            self.close_named(name.to_owned());
        }
        self.unprepared(py, query.reply, error);
    }

    /// Outside a transaction nothing has happened yet, so the caller need not know. Nor has it inside, where it is the statement
    /// that BEGIN came along with, unless something was sent behind it: that belongs to the transaction, too.
    fn reject(
        &mut self,
        mut query: Query,
        begins: Option<(String, bool)>,
        error: PyErr,
        code: &str,
        py: Python<'_>,
    ) {
        let idle = self.session.status() == TransactionStatus::Idle
            && !matches!(self.begin, Begin::Failed { .. });
        let begins =
            begins.filter(|_| [UNKNOWN, OTHER_COLUMNS].contains(&code) && self.may_begin_anew());
        if query.may_heal && (idle || begins.is_some()) {
            query.may_heal = false;
            self.anew = begins.map(|(sql, whole)| (sql, whole, error.clone_ref(py)));
            return self.stale.push((query, error));
        }
        // Of a value that is not taken, nearly always it is the value that is wrong.
        let error = if query.may_heal && !is_about_a_value(code) {
            let by_pooler = self.naming.is_unnamed() && (code == UNKNOWN || code == TAKEN);
            hinted(
                py,
                error,
                if by_pooler {
                    BEHIND_POOLER
                } else {
                    CHANGED_SINCE
                },
            )
        } else {
            error
        };
        self.finished.push((query.reply, Err(error)));
    }

    /// Something has been executed that was sent behind the rejected ones. Statements of a pipeline run in their order or, like these
    /// now, not at all; only among queries nobody can tell.
    pub fn overtaken(&mut self, py: Python<'_>, reads: bool) {
        for (query, error) in std::mem::take(&mut self.stale) {
            let piped = matches!(query.reply, Reply::Pending(_));
            if !piped || reads && text(query.sql.bind(py)).is_ok_and(is_select) {
                self.stale.push((query, error));
                continue;
            }
            let code = error.value(py).getattr(intern!(py, "sqlstate"));
            let code: String = code.and_then(|code| code.extract()).unwrap_or_default();
            let error = if is_about_a_value(&code) {
                error
            } else {
                hinted(py, error, OVERTAKEN)
            };
            self.finished.push((query.reply, Err(error)));
        }
    }

    /// Whether the transaction that has failed consists of nothing but its BEGIN, and nobody has ended it yet.
    fn may_begin_anew(&self) -> bool {
        self.session.status() == TransactionStatus::Failed
            && matches!(self.begin, Begin::Over)
            && !matches!(self.whole, Whole::Refused(_))
            && self.flying.is_empty()
    }

    /// Whether something waits for being sent again.
    pub fn heals(&self) -> bool {
        self.anew.is_some() || !self.stale.is_empty()
    }

    fn drop_statement(&mut self, py: Python<'_>, query: &Query, statement: &Arc<Statement>) {
        if let Ok(sql) = query.sql.to_str(py)
            && let Some(stale) = self.cache.remove_this(sql, statement)
        {
            self.close_statement(&stale);
        }
    }

    /// What was sent behind a rejected query has been answered. Had that begun a transaction, the query, asked for
    /// before it, would now become a part of it.
    pub fn heal(&mut self, py: Python<'_>) {
        let wanted = self.stale.iter().any(|(query, _)| !query.reply.is_gone(py));
        if self.anew.is_some() && self.session.status() == TransactionStatus::Failed {
            if wanted && self.session.simple("ROLLBACK").is_ok() {
                // The rest when it is answered.
                return self.flying.push_back(Flight::Housekeeping);
            }
            self.anew = None;
        }
        if !wanted && let Some((_, _, error)) = self.anew.take() {
            // Who gave up meanwhile was told that his transaction has failed, and the server's is over.
            self.begin = Begin::Failed { error, told: true };
        }
        let idle = self.session.status() == TransactionStatus::Idle && self.put_back_begin();
        for (query, error) in std::mem::take(&mut self.stale).into_iter().rev() {
            if idle {
                self.waiting.push_front(Request::Query(query));
            } else {
                self.finished.push((query.reply, Err(error)));
            }
        }
        if let Some((sql, whole, _)) = self.anew.take().filter(|_| idle) {
            self.marks += 1;
            self.waiting
                .push_front(Request::Begin(sql, whole, Reply::Nobody));
        }
    }

    /// This session has changed something that outlives the statement.
    pub fn noticed(&mut self, command: &str) {
        if self.types.is_concerned(command) {
            self.forget_types();
        }
        if FORGETS.contains(&command) {
            self.cache.take(|_| true);
            self.closing.clear();
            self.naming.forget();
        } else if is_notable(command) {
            self.changes += 1;
            // Names of fields, which no value shows, may be others now. What was created nobody knows yet.
            if self.types.has_found() && !command.starts_with(CREATES) {
                self.forget_types();
            }
        }
    }
}

/// Commands after which the server knows no prepared statement any more.
const FORGETS: [&str; 2] = ["DISCARD ALL", "DEALLOCATE ALL"];

const CREATES: &str = "CREATE ";

/// Whether other statements are concerned by what a command has done.
pub fn is_notable(command: &str) -> bool {
    command.starts_with("ALTER ")
        || command.starts_with("DROP ")
        || command.starts_with(CREATES)
        || FORGETS.contains(&command)
}
