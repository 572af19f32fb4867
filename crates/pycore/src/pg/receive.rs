//! What the server says, to the request under way that it is about.

use std::sync::Arc;
use std::time::Instant;

use pgwire::{BackendKey, CommandTag, DataRow, Event, ServerError, Session};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::begin::{NOT_COMMITTED, ends};
use super::context::Context;
use super::core::Core;
use super::decode::RowValues;
use super::heal::is_notable;
use super::lookup::no_answer;
use super::portal::SUSPENDED;
use super::request::{Execution, Flight, empty_result};
use super::statement::Described;
use super::told::columns_told;
use super::types::Types;
use crate::raise::{hinted, internal_error, operational_error, server_error};
use crate::rows::Pause;

impl Core {
    /// Takes in what the server sent, until that time at most or until there is much to be passed on; gives the number of
    /// bytes it has used. An error means that the connection cannot go on.
    pub(super) fn receive(
        &mut self,
        py: Python<'_>,
        bytes: &[u8],
        until: Option<Instant>,
    ) -> Result<usize, String> {
        let mut input = bytes;
        let mut events = 0_usize;
        loop {
            let mut late = false;
            if let Some(Flight::Execute(execution)) = self.flying.front_mut() {
                late = take_rows(
                    py,
                    &mut self.session,
                    &mut self.types,
                    execution,
                    &mut input,
                    until,
                );
                if let Some(rows) = execution.unwanted(py) {
                    self.litter.push(rows);
                }
            }
            events = events.wrapping_add(1);
            if events.is_multiple_of(EVENTS) {
                late |= is_late(until);
            }
            if late || self.has_much_news() {
                return Ok(bytes.len().saturating_sub(input.len()));
            }
            let Some(event) = self
                .session
                .next(&mut input)
                .map_err(|error| error.message)?
            else {
                // Once for all the answers of one read.
                if self.flying.is_empty() {
                    self.rested = Instant::now();
                }
                return Ok(bytes.len());
            };
            match event {
                Event::Row(row) => match self.flying.front_mut() {
                    // The one that a read ends in: were the collector to start here, it would after every read.
                    Some(Flight::Execute(execution)) => {
                        let _pause = paused(py, execution);
                        take_row(py, &mut self.types, execution, row);
                    }
                    Some(Flight::LookUp(look_up)) => {
                        let expected = look_up.counts(&row);
                        if !expected || self.types.learn_row(row).is_none() {
                            look_up.error.get_or_insert_with(|| no_answer(py));
                        }
                    }
                    _ => {}
                },
                Event::Suspended => {
                    if let Some(Flight::Execute(execution)) = self.flying.front_mut() {
                        SUSPENDED.clone_into(&mut execution.status);
                    }
                }
                Event::CopyIn(_) | Event::CopyOut(_) => self.copy_begins(py),
                Event::CopyData(data) => self.copy.push(data, &mut self.finished),
                Event::Complete(tag) => match self.flying.front_mut() {
                    Some(Flight::Execute(execution)) => {
                        complete(py, execution, &tag);
                        self.member_done(py);
                    }
                    Some(Flight::Begin) => self.begun(py),
                    Some(Flight::Batch(batch)) => {
                        batch.complete(&tag);
                        if is_notable(tag.text()) {
                            let command = tag.text().to_owned();
                            self.noticed(&command);
                        }
                    }
                    Some(Flight::Copy(copying)) => copying.complete(&tag),
                    Some(Flight::Script { sql, error, .. }) => {
                        let command = tag.text().to_owned();
                        if command == "ROLLBACK" && error.is_none() && commits(py, sql) {
                            *error = Some(operational_error(py, NOT_COMMITTED));
                        }
                        self.noticed(&command);
                    }
                    _ => {}
                },
                Event::EmptyQuery => match self.flying.front_mut() {
                    Some(Flight::Execute(execution)) => {
                        execution.rowcount = -1;
                        self.member_done(py);
                    }
                    Some(Flight::Batch(batch)) => batch.empty(),
                    _ => {}
                },
                Event::Prepared {
                    parameters,
                    columns,
                } => {
                    if let Some(Flight::Prepare { described, .. }) = self.flying.front_mut() {
                        *described = Some(Arc::new(Described {
                            parameters,
                            columns,
                        }));
                    }
                }
                Event::Failed(failed) => self.failed(py, &failed),
                Event::Begun => self.begun(py),
                Event::Done => self.done(py),
                Event::GroupDone => self.group_done(py),
                Event::Ready => self.ready(py),
                Event::Hashing(hashing) => self.hash(py, hashing)?,
                Event::Notice(notice) => self.notices.push(*notice),
                Event::Notification {
                    pid,
                    channel,
                    payload,
                } => self
                    .notifications
                    .push((pid, channel.to_owned(), payload.to_owned())),
                Event::Parameter {
                    name: "client_encoding",
                    value,
                } => {
                    if let Err(reason) = check_encoding(value) {
                        return Err(self.ended.get_or_insert(reason).clone());
                    }
                }
                Event::Columns(columns) => {
                    if let Some(Flight::Execute(execution)) = self.flying.front_mut() {
                        columns_told(py, &mut self.types, execution, columns);
                    }
                }
                Event::Parameter { .. } => {}
            }
        }
    }

    /// Whether what has come unasked should be passed on before there is more of it.
    pub(super) fn has_much_news(&self) -> bool {
        self.notices.len() >= NEWS || self.notifications.len() >= NEWS
    }

    fn ready(&mut self, py: Python<'_>) {
        self.keep_keys();
        if let Some(Flight::Start(_)) = self.flying.front()
            && let Some(Flight::Start(reply)) = self.flying.pop_front()
        {
            let pid = self.session.backend_key().map(BackendKey::pid);
            self.naming.logged_in(pid);
            self.finished.push((reply, empty_result(py)));
        }
        self.pump(py);
    }

    fn failed(&mut self, py: Python<'_>, failed: &ServerError) {
        if failed.code == READ_ONLY {
            self.refusals += 1;
        }
        self.check_begin(|| server_error(py, failed.fields(), None));
        match self.flying.front_mut() {
            Some(Flight::Execute(execution)) => {
                let sql = execution.query.sql.bind(py).as_any().clone();
                execution.code = failed.code.clone();
                execution.unexecuted = failed.unexecuted;
                execution.error = Some(server_error(py, failed.fields(), Some(&sql)));
            }
            Some(Flight::Copy(copying)) => {
                let sql = copying.sql.bind(py).as_any().clone();
                copying.error = Some(server_error(py, failed.fields(), Some(&sql)));
            }
            Some(Flight::Prepare {
                query, error, code, ..
            }) => {
                let sql = query.sql.bind(py).as_any().clone();
                code.clone_from(&failed.code);
                *error = Some(server_error(py, failed.fields(), Some(&sql)));
            }
            Some(Flight::LookUp(look_up)) => {
                let sql = look_up.goal.query().sql.bind(py).as_any().clone();
                look_up.error = Some(server_error(py, failed.fields(), Some(&sql)));
            }
            Some(Flight::Script { sql, error, .. }) => {
                let sql = sql.bind(py).as_any().clone();
                error.get_or_insert(server_error(py, failed.fields(), Some(&sql)));
            }
            Some(Flight::Batch(batch)) => batch.failed(py, failed),
            Some(Flight::Start(_)) => {
                if let Some(Flight::Start(reply)) = self.flying.pop_front() {
                    let mut error = server_error(py, failed.fields(), None);
                    if failed.message.contains("unsupported startup parameter") {
                        error = hinted(py, error, START_PARAMETER);
                    }
                    self.finished.push((reply, Err(error)));
                }
            }
            // The server ends the session: the reason for what fails next.
            Some(Flight::Begin) if !failed.is_fatal() => {}
            Some(Flight::Forget(_) | Flight::Begin | Flight::Housekeeping) | None => {
                self.ended.get_or_insert_with(|| {
                    format!("the server ended the session: {}", failed.message)
                });
            }
        }
    }
}

/// `read_only_sql_transaction`
const READ_ONLY: &str = "25006";
/// Events, and rows, between two looks at the clock.
const EVENTS: usize = 64;

/// Notices, or notifications, that are passed on together at most: each is a call of Python.
const NEWS: usize = 64;

fn is_late(until: Option<Instant>) -> bool {
    until.is_some_and(|until| Instant::now() >= until)
}

/// What PgBouncer says of everything but a few that it keeps for each of its clients.
const START_PARAMETER: &str = "this is PgBouncer's answer: leave the option away (set it with ALTER ROLE ... SET, or SET LOCAL in a transaction), \
     or name it in ignore_startup_parameters of pgbouncer.ini, which drops it";

fn commits(py: Python<'_>, sql: &Py<PyString>) -> bool {
    ends(py, sql) == Some(true)
}

/// All text is read and written as UTF-8; in a session of another encoding it would become other text without a word.
fn check_encoding(value: &str) -> Result<(), String> {
    let known = ["UTF8", "UTF-8", "UNICODE"];
    if known.iter().any(|name| value.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    Err(format!(
        "client_encoding was set to {value}, and this driver speaks nothing but UTF8: leave client_encoding alone; \
         convert_to() and convert_from() give and take bytes in other encodings"
    ))
}

/// The rows that lie whole at the beginning of the input, as results of thousands do; whether it has got late over them.
fn take_rows(
    py: Python<'_>,
    session: &mut Session,
    types: &mut Types,
    execution: &mut Execution,
    input: &mut &[u8],
    until: Option<Instant>,
) -> bool {
    let mut rows = 0_usize;
    let mut pause = None;
    while let Some(row) = session.row(input) {
        if pause.is_none() {
            pause = paused(py, execution);
        }
        take_row(py, types, execution, row);
        rows = rows.wrapping_add(1);
        if rows.is_multiple_of(EVENTS) && is_late(until) {
            return true;
        }
    }
    false
}

/// A pause for rows that are built without running anybody's code.
fn paused<'py>(py: Python<'py>, execution: &Execution) -> Option<Pause<'py>> {
    (execution.statement.quiet && execution.collector.quiet()).then(|| {
        execution.collector.hide(py);
        Pause::begin(py)
    })
}

#[inline]
fn take_row(py: Python<'_>, types: &mut Types, execution: &mut Execution, row: DataRow<'_>) {
    if execution.error.is_some() {
        return;
    }
    if !execution.missing.is_empty() {
        return execution.kept.push(row.keep());
    }
    let described = execution.statement.columns.len();
    let pushed = if row.len() == described {
        let mut context = Context::new(types);
        let mut values = RowValues::new(py, &mut context, &execution.statement.columns, row);
        let pushed = execution.collector.push(py, &mut values);
        if pushed.is_err() && !context.missing.is_empty() {
            execution.missing = context.missing;
            return execution.kept.push(row.keep());
        }
        pushed
    } else {
        Err(internal_error(
            py,
            format!(
                "a row of {} values came; the statement described {described} columns",
                row.len()
            ),
        ))
    };
    // Raised at the end of the reply, so that the connection stays in step.
    execution.error = pushed.err();
}

fn complete(py: Python<'_>, execution: &mut Execution, tag: &CommandTag<'_>) {
    if tag.text() == "ROLLBACK" && execution.error.is_none() && commits(py, &execution.query.sql) {
        execution.error = Some(operational_error(py, NOT_COMMITTED));
    }
    match tag.rows().and_then(|rows| i64::try_from(rows).ok()) {
        Some(rows) => execution.rowcount = execution.rowcount.saturating_add(rows),
        None => execution.rowcount = -1,
    }
    execution.status.clear();
    execution.status.push_str(tag.text());
}
