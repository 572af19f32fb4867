//! What the server says, to the request under way that it is about.

use std::sync::Arc;

use pgwire::{CommandTag, DataRow, Event, ServerError};
use pyo3::prelude::*;

use super::core::Core;
use super::decode::RowValues;
use super::portal::SUSPENDED;
use super::request::{Execution, Flight, empty_result};
use super::statement::Statement;
use crate::raise::{internal_error, server_error};
use crate::rows::Pause;

impl Core {
    /// Takes in what the server sent. An error means that the connection cannot go on.
    pub(super) fn receive(&mut self, py: Python<'_>, bytes: &[u8]) -> Result<(), String> {
        let mut input = bytes;
        let mut pause = None;
        loop {
            let Some(event) = self
                .session
                .next(&mut input)
                .map_err(|error| error.message)?
            else {
                return Ok(());
            };
            if !matches!(event, Event::Row(_)) {
                pause = None;
            }
            match event {
                Event::Row(row) => {
                    if let Some(Flight::Execute(execution)) = self.flying.front_mut() {
                        if pause.is_none() && execution.collector.quiet() {
                            pause = Some(Pause::begin(py));
                        }
                        take_row(py, execution, row);
                    }
                }
                Event::Complete(tag) => match self.flying.front_mut() {
                    Some(Flight::Execute(execution)) => complete(execution, &tag),
                    Some(Flight::Copy(copying)) => copying.complete(&tag),
                    _ => {}
                },
                Event::Suspended => {
                    if let Some(Flight::Execute(execution)) = self.flying.front_mut() {
                        SUSPENDED.clone_into(&mut execution.status);
                    }
                }
                Event::CopyIn(_) | Event::CopyOut(_) => self.copy_begins(py),
                Event::CopyData(data) => self.copy.push(data, &mut self.finished),
                Event::EmptyQuery => {
                    if let Some(Flight::Execute(execution)) = self.flying.front_mut() {
                        execution.rowcount = -1;
                    }
                }
                Event::Prepared {
                    parameters,
                    columns,
                } => {
                    if let Some(Flight::Prepare {
                        name,
                        statement,
                        error,
                        ..
                    }) = self.flying.front_mut()
                    {
                        match Statement::new(py, name.clone(), &parameters, &columns) {
                            Ok(described) => *statement = Some(Arc::new(described)),
                            Err(failed) => *error = Some(failed),
                        }
                    }
                }
                Event::Failed(failed) => self.failed(py, &failed),
                Event::Done => self.done(py),
                Event::Ready => self.ready(py),
                Event::Notice(notice) => self.notices.push(*notice),
                Event::Notification {
                    pid,
                    channel,
                    payload,
                } => self
                    .notifications
                    .push((pid, channel.to_owned(), payload.to_owned())),
                Event::Columns(_) | Event::Parameter { .. } => {}
            }
        }
    }

    fn ready(&mut self, py: Python<'_>) {
        if let Some(Flight::Start(_)) = self.flying.front()
            && let Some(Flight::Start(reply)) = self.flying.pop_front()
        {
            self.finished.push((reply, empty_result(py)));
        }
        self.pump(py);
    }

    fn failed(&mut self, py: Python<'_>, failed: &ServerError) {
        match self.flying.front_mut() {
            Some(Flight::Execute(execution)) => {
                let sql = execution.query.sql.bind(py).as_any().clone();
                execution.code = failed.code.clone();
                execution.error = Some(server_error(py, failed.fields(), Some(&sql)));
            }
            Some(Flight::Copy(copying)) => {
                let sql = copying.sql.bind(py).as_any().clone();
                copying.error = Some(server_error(py, failed.fields(), Some(&sql)));
            }
            Some(Flight::Prepare { query, error, .. }) => {
                let sql = query.sql.bind(py).as_any().clone();
                *error = Some(server_error(py, failed.fields(), Some(&sql)));
            }
            Some(Flight::Script { sql, error, .. }) => {
                let sql = sql.bind(py).as_any().clone();
                error.get_or_insert(server_error(py, failed.fields(), Some(&sql)));
            }
            Some(Flight::Start(_)) => {
                if let Some(Flight::Start(reply)) = self.flying.pop_front() {
                    let error = server_error(py, failed.fields(), None);
                    self.finished.push((reply, Err(error)));
                }
            }
            // The server ends the session: the reason for what fails next.
            Some(Flight::Housekeeping) | None => {
                self.ended.get_or_insert_with(|| {
                    format!("the server ended the session: {}", failed.message)
                });
            }
        }
    }
}

fn take_row(py: Python<'_>, execution: &mut Execution, row: DataRow<'_>) {
    if execution.error.is_some() {
        return;
    }
    let described = execution.statement.columns.len();
    let pushed = if row.len() == described {
        let mut values = RowValues::new(py, &execution.statement.columns, row);
        execution.collector.push(py, &mut values)
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

fn complete(execution: &mut Execution, tag: &CommandTag<'_>) {
    match tag.rows().and_then(|rows| i64::try_from(rows).ok()) {
        Some(rows) => execution.rowcount = execution.rowcount.saturating_add(rows),
        None => execution.rowcount = -1,
    }
    execution.status.clear();
    execution.status.push_str(tag.text());
}
