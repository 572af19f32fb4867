//! What the server says, to the request under way that it is about.

use std::sync::Arc;
use std::time::Instant;

use pgwire::{BackendKey, Event, ServerError, keys};
use pyo3::prelude::*;

use super::begin::{NOT_COMMITTED, commits};
use super::core::Core;
use super::flight::Flight;
use super::heal::is_notable;
use super::lookup::no_answer;
use super::portal::SUSPENDED;
use super::reply::empty_result;
use super::rows::{EVENTS, is_late, paused, take_row, take_rows};
use super::send::text;
use super::statement::Described;
use super::told::columns_told;
use crate::raise::{hinted, operational_error, server_error};
use crate::rows::Told;

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
                self.session.pass_bound(&mut input);
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
                if !late && let Some(tag) = self.session.end(&mut input) {
                    execution.complete(py, &tag);
                    self.done(py);
                }
            }
            events = events.wrapping_add(1);
            if events.is_multiple_of(EVENTS) {
                late |= is_late(until);
            }
            if late || self.has_much_news() {
                return Ok(bytes.len().saturating_sub(input.len()));
            }
            let event = if input.is_empty() {
                None
            } else {
                self.session
                    .next(&mut input)
                    .map_err(|error| error.message)?
            };
            let Some(event) = event else {
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
                        execution.status = Told::Text(SUSPENDED.to_owned());
                    }
                }
                Event::CopyIn(_) | Event::CopyOut(_) => self.copy_begins(py),
                Event::CopyData(data) => self.copy.push(data, &mut self.finished),
                Event::Complete(tag) => match self.flying.front_mut() {
                    Some(Flight::Execute(execution)) => {
                        execution.complete(py, &tag);
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
                    let keys = match self.flying.front() {
                        Some(Flight::Prepare { query, .. }) => text(py, &query.sql)
                            .map_or_else(|_| Vec::new(), |sql| keys(sql, &parameters)),
                        _ => Vec::new(),
                    };
                    let told = Described {
                        parameters,
                        columns,
                        keys,
                    };
                    match self.flying.front_mut() {
                        Some(Flight::Prepare { described, .. }) => {
                            *described = Some(Arc::new(told));
                        }
                        Some(Flight::Copy(copying)) => copying.described = Some(told),
                        _ => {}
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

/// Notices, or notifications, that are passed on together at most: each is a call of Python.
const NEWS: usize = 64;

/// What PgBouncer says of everything but a few that it keeps for each of its clients.
const START_PARAMETER: &str = "this is PgBouncer's answer: leave the option away (set it with ALTER ROLE ... SET, or SET LOCAL in a transaction), \
     or name it in ignore_startup_parameters of pgbouncer.ini, which drops it";

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
