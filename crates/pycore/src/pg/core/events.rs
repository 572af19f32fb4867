//! What the server says, to the request under way that it is about.

use std::sync::Arc;

use pgwire::{BackendKey, Column, DataRow, Event, Oid, ServerError, keys, positions};
use pyo3::prelude::*;

use super::Core;
use super::flight::Flight;
use super::reply::empty_result;
use super::row_description::take_row_description;
use super::rows::{paused, take_row};
use crate::pg::cursor::portal::SUSPENDED;
use crate::pg::prepared::asked::refused;
use crate::pg::prepared::heal::is_notable;
use crate::pg::prepared::statement::Described;
use crate::pg::transaction::command::undone;
use crate::pg::types::Types;
use crate::pg::types::is_about_settings;
use crate::raise::{hinted, operational_error, server_error};
use crate::rows::CommandStatus;
use crate::sql_text::text;

impl Core {
    /// Acts on the next event, if the input has it all. An error means that the connection cannot go on.
    #[inline]
    pub fn take_event(&mut self, py: Python<'_>, input: &mut &[u8]) -> Result<bool, String> {
        let event = self.session.next(input).map_err(|error| error.message)?;
        let Some(event) = event else {
            return Ok(false);
        };
        match event {
            Event::Row(row) => row_came(py, &mut self.types, self.flying.front_mut(), row),
            Event::Suspended => self.suspended(),
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
                    if is_notable(tag.text()) || is_about_settings(tag.text()) {
                        let command = tag.text().to_owned();
                        self.noticed(&command);
                    }
                }
                Some(Flight::Copy(copying)) => copying.complete(&tag),
                Some(Flight::Script {
                    sql,
                    error,
                    advanced,
                    ..
                }) => {
                    let command = tag.text().to_owned();
                    let first = !std::mem::replace(advanced, true);
                    if first
                        && command == "ROLLBACK"
                        && error.is_none()
                        && let Some(undone) = undone(py, sql)
                    {
                        *error = Some(operational_error(py, undone));
                    }
                    let sql = sql.clone_ref(py);
                    self.noticed(&command);
                    self.noticed_text(py, &sql);
                }
                _ => {}
            },
            Event::EmptyQuery => self.empty_query(py),
            Event::Prepared {
                parameters,
                columns,
                returns_rows,
            } => self.keep_description(py, parameters, columns, returns_rows),
            Event::Columns(columns) => {
                if let Some(Flight::Execute(execution)) = self.flying.front_mut() {
                    take_row_description(py, &mut self.types, execution, columns);
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
                check_encoding(value).map_err(|reason| self.ended.get_or_insert(reason).clone())?
            }
            Event::Parameter { .. } => {}
        }
        Ok(true)
    }

    fn suspended(&mut self) {
        if let Some(Flight::Execute(execution)) = self.flying.front_mut() {
            execution.status = CommandStatus::Text(SUSPENDED.to_owned());
        }
    }

    fn empty_query(&mut self, py: Python<'_>) {
        match self.flying.front_mut() {
            Some(Flight::Execute(execution)) => {
                execution.rowcount = -1;
                self.member_done(py);
            }
            Some(Flight::Batch(batch)) => batch.empty(),
            _ => {}
        }
    }

    fn keep_description(
        &mut self,
        py: Python<'_>,
        parameters: Vec<Oid>,
        columns: Vec<Column>,
        returns_rows: bool,
    ) {
        match self.flying.front_mut() {
            Some(Flight::Prepare {
                query, described, ..
            }) => {
                let sql = text(query.sql.bind(py));
                let strings = self.session.strings();
                let keys = sql.map_or_else(
                    |_| Vec::new(),
                    |sql| {
                        let mut found = keys(sql, &parameters, strings);
                        found.extend(positions(sql, &parameters, strings));
                        found
                    },
                );
                *described = Some(Arc::new(Described {
                    parameters,
                    columns,
                    returns_rows,
                    keys,
                }));
            }
            Some(Flight::Copy(copying)) => {
                copying.described = Some(Described {
                    parameters,
                    columns,
                    returns_rows,
                    keys: Vec::new(),
                });
            }
            _ => {}
        }
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
        if failed.is_fatal() {
            self.parting_words(py, failed);
        }
        self.check_begin(|| server_error(py, failed.fields(), None));
        match self.flying.front_mut() {
            Some(Flight::Execute(execution)) => {
                let sql = execution.query.sql.bind(py).as_any().clone();
                execution.code = failed.code.clone();
                execution.unexecuted = failed.unexecuted;
                execution.error = Some(hinted_of_binary(py, failed, &sql));
            }
            Some(Flight::Copy(copying)) => {
                let sql = copying.sql.bind(py).as_any().clone();
                copying.error = Some(hinted_of_binary(py, failed, &sql));
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
                let mut error = server_error(py, failed.fields(), Some(&sql));
                if look_up.texts.is_some() {
                    error = refused(py, error, &failed.code);
                }
                look_up.error = Some(error);
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
            Some(Flight::Begin) if !failed.is_fatal() => {}
            Some(Flight::Kept(_) | Flight::Forget(_) | Flight::Begin | Flight::Housekeeping)
            | None => {
                self.last_words(py, failed);
            }
        }
    }
}

fn row_came(py: Python<'_>, types: &mut Types, flight: Option<&mut Flight>, row: DataRow<'_>) {
    match flight {
        // The one that a read ends in: were the collector to start here, it would after every read.
        Some(Flight::Execute(execution)) => {
            let _pause = paused(py, types, execution);
            take_row(py, types, execution, row);
        }
        Some(Flight::LookUp(look_up)) => look_up.take_row(py, types, row),
        _ => {}
    }
}

/// An error of a statement, with what to do where something in a record has no binary form.
fn hinted_of_binary(py: Python<'_>, failed: &ServerError, sql: &Bound<'_, PyAny>) -> PyErr {
    let error = server_error(py, failed.fields(), Some(sql));
    let routine = failed.routine.as_deref().unwrap_or_default();
    if failed.code == UNDEFINED_FUNCTION && SENDERS.contains(&routine) {
        return hinted(py, error, NO_BINARY);
    }
    error
}

const UNDEFINED_FUNCTION: &str = "42883";

/// What the server looks for a binary form with.
const SENDERS: [&str; 3] = ["getTypeBinaryOutputInfo", "array_send", "get_range_io_data"];

const NO_BINARY: &str = "records travel in binary, which the server cannot make of this type: cast the value to text, or the record that \
     holds it to a composite type";

/// `read_only_sql_transaction`
const READ_ONLY: &str = "25006";

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
