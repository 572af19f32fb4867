//! A COPY under way: it runs alone, and its data wait here until they are taken.

use std::sync::Arc;

use pgwire::{CommandTag, Direction};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString};
use pyo3::{PyTraverseError, PyVisit};

use crate::pg::core::Core;
use crate::pg::core::flight::Flight;
use crate::pg::core::reply::{Outcome, Reply, empty_result};
use crate::pg::prepared::statement::{Described, Statement};
use crate::raise::programming_error;
use crate::rows::{CommandStatus, Result};
use crate::sql_text::text;

/// Bytes that wait to be taken before the transport is told to stop reading.
const FULL: usize = 256 * 1024;

/// What is told when the caller went away before its COPY began.
const NOBODY: &str = "its caller has gone";

pub struct Copying {
    pub sql: Py<PyString>,
    /// Who waits for its beginning, and later for its end.
    pub reply: Option<Reply>,
    pub error: Option<PyErr>,
    /// What the server says of the query that was to be described.
    pub described: Option<Described>,
    rowcount: i64,
    status: String,
}

impl Copying {
    pub fn complete(&mut self, tag: &CommandTag<'_>) {
        let rows = tag.rows().and_then(|rows| i64::try_from(rows).ok());
        self.rowcount = rows.unwrap_or(-1);
        tag.text().clone_into(&mut self.status);
    }

    fn outcome(self, py: Python<'_>) -> (Option<Reply>, Outcome) {
        let outcome = match self.error {
            Some(error) => Err(error),
            None => Py::new(
                py,
                Result {
                    rowcount: self.rowcount,
                    status: CommandStatus::Text(self.status),
                    ..Result::without_columns(py, PyList::empty(py).unbind())
                },
            )
            .map(Some),
        };
        (self.reply, outcome)
    }
}

/// The data side of the one COPY there can be.
#[derive(Default)]
pub struct CopyData {
    data: Vec<u8>,
    /// Nobody wants what still comes.
    dropped: bool,
    /// Who waits for data, or for the end.
    waiter: Option<Reply>,
    /// How it ended, until somebody asks.
    over: Option<Outcome>,
    /// The transport was told to stop reading.
    pub paused: bool,
}

impl CopyData {
    pub fn push(&mut self, data: &[u8], finished: &mut Vec<(Reply, Outcome)>) {
        if !self.dropped {
            self.data.extend_from_slice(data);
            self.wake(finished);
        }
    }

    pub fn is_full(&self) -> bool {
        self.data.len() >= FULL
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        self.waiter
            .as_ref()
            .map_or(Ok(()), |reply| reply.traverse(visit))
    }

    fn wake(&mut self, finished: &mut Vec<(Reply, Outcome)>) {
        if let Some(reply) = self.waiter.take() {
            finished.push((reply, Ok(None)));
        }
    }
}

/// What there is to take.
pub enum Taken {
    Data(Py<PyBytes>),
    End(Py<Result>),
    Nothing,
}

impl Core {
    pub fn send_copy(
        &mut self,
        py: Python<'_>,
        sql: Py<PyString>,
        direction: Direction,
        described: Option<&Py<PyString>>,
        reply: Reply,
    ) {
        self.block = false;
        let query = described.map(|query| text(query.bind(py))).transpose();
        let sent = query.and_then(|query| Ok((query, text(sql.bind(py))?)));
        let sent = sent.and_then(|(query, text)| {
            match query {
                None => self.session.copy(text, direction),
                Some(query) => self.session.copy_described(text, direction, query),
            }
            .map_err(|refused| programming_error(py, refused.message))
        });
        match sent {
            Ok(()) => {
                self.copy = CopyData {
                    paused: self.copy.paused,
                    ..CopyData::default()
                };
                self.flying.push_back(Flight::Copy(Copying {
                    sql,
                    reply: Some(reply),
                    error: None,
                    described: None,
                    rowcount: -1,
                    status: String::new(),
                }));
            }
            Err(error) => self.finished.push((reply, Err(error))),
        }
    }

    /// The server is ready to take or give data.
    pub fn copy_begins(&mut self, py: Python<'_>) {
        let Some(Flight::Copy(copying)) = self.flying.front_mut() else {
            return;
        };
        let gone = copying.reply.as_ref().is_none_or(|reply| reply.is_gone(py));
        if gone {
            self.copy.dropped = true;
            // Refused where data are given: then they are only dropped.
            let _ = self.session.copy_fail(NOBODY);
        } else if let Some(reply) = copying.reply.take() {
            let outcome = match copying.described.take() {
                None => empty_result(py),
                Some(described) => {
                    Statement::new(py, &mut self.types, String::new(), Arc::new(described))
                        .and_then(|statement| statement.description(py))
                }
            };
            self.finished.push((reply, outcome));
        }
    }

    /// The server is done with a COPY.
    pub fn copied(&mut self, py: Python<'_>, copying: Copying) {
        match copying.outcome(py) {
            (Some(reply), outcome) => self.finished.push((reply, outcome)),
            (None, outcome) => self.copy.over = Some(outcome),
        }
        self.copy.wake(&mut self.finished);
    }

    /// Ends the data: complete, or given up for a reason.
    pub fn end_copy(&mut self, py: Python<'_>, reason: Option<&str>, reply: Reply) {
        let sent = match reason {
            None => self.session.copy_done(),
            Some(reason) => self.session.copy_fail(&reason.replace('\0', "")),
        };
        if let Err(refused) = sent {
            let error = programming_error(py, refused.message);
            return self.finished.push((reply, Err(error)));
        }
        // The server may have had enough before.
        if let Some(outcome) = self.copy.over.take() {
            self.finished.push((reply, outcome));
        } else if let Some(Flight::Copy(copying)) = self.flying.front_mut() {
            copying.reply = Some(reply);
        } else {
            let error = programming_error(py, "no COPY is under way");
            self.finished.push((reply, Err(error)));
        }
    }

    /// Whether a COPY under way takes data.
    pub fn takes_copy_data(&self) -> bool {
        self.ended.is_none() && self.session.takes_copy_data()
    }

    pub fn take_copied(&mut self, py: Python<'_>) -> PyResult<Taken> {
        if !self.copy.data.is_empty() {
            let data = PyBytes::new(py, &self.copy.data).unbind();
            self.copy.data.clear();
            return Ok(Taken::Data(data));
        }
        match self.copy.over.take() {
            Some(Ok(Some(result))) => Ok(Taken::End(result)),
            Some(Err(error)) => Err(error),
            Some(Ok(None)) | None if self.is_copying() => Ok(Taken::Nothing),
            _ => Err(programming_error(py, "no COPY is under way")),
        }
    }

    /// The future is done as soon as there is something to take.
    pub fn wait_copied(&mut self, py: Python<'_>, reply: Reply) {
        let there = !self.copy.data.is_empty() || self.copy.over.is_some() || !self.is_copying();
        if there {
            self.finished.push((reply, empty_result(py)));
        } else {
            self.copy.waiter = Some(reply);
        }
    }

    /// Nobody wants what still comes.
    pub fn drop_copied(&mut self) {
        self.copy.data = Vec::new();
        self.copy.over = None;
        self.copy.dropped = true;
        if let Some(Flight::Copy(copying)) = self.flying.front_mut() {
            copying.reply = Some(Reply::Nobody);
        }
    }

    fn is_copying(&self) -> bool {
        matches!(self.flying.front(), Some(Flight::Copy(_)))
    }
}
