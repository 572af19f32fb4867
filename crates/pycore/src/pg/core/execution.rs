//! A statement that the server is running: what has come of it so far.

use std::collections::VecDeque;
use std::sync::Arc;

use pgwire::{CommandTag, KeptRow};
use pyo3::prelude::*;
use pyo3::types::PyList;
use pyo3::{PyTraverseError, PyVisit};

use super::garbage::Garbage;
use super::reply::Outcome;
use super::request::{Purpose, Query};
use crate::pg::decode::context::Missing;
use crate::pg::prepared::statement::Statement;
use crate::pg::transaction::command::undone;
use crate::pg::types::Texts;
use crate::raise::{executed, operational_error};
use crate::rows::{Collector, CommandStatus, Result};

/// Rows that are not freed in one step.
pub const MANY: usize = 16_384;

/// The command tag of a query, before the number of rows.
const SELECT: &str = "SELECT ";

pub struct Execution {
    pub query: Query,
    pub statement: Arc<Statement>,
    pub collector: Collector,
    /// The number of the group whose Sync it shares; 0: it has its own.
    pub group: u64,
    /// The BEGIN that came along with it, and whether that transaction is all or nothing.
    pub begins: Option<(String, bool)>,
    pub error: Option<PyErr>,
    /// SQLSTATE of a server error.
    pub code: String,
    /// It came before anything was executed.
    pub unexecuted: bool,
    /// The statement was there under its name; else it came along.
    pub by_name: bool,
    /// It was prepared for an earlier caller.
    pub known: bool,
    /// The server told other columns than it had described.
    pub redescribed: bool,
    pub rowcount: i64,
    pub status: CommandStatus,
    /// Rows that cannot be decoded before this is looked up.
    pub kept: VecDeque<KeptRow>,
    pub missing: Vec<Missing>,
    /// What the server has written of values in them.
    pub texts: Option<Texts>,
    pub rounds: u8,
    /// Something was sent behind it before its rows were here. So it is with records only where the columns have become some without
    /// a word from the server.
    pub overtaken: bool,
    /// All types have been looked up for these rows: what cannot be decoded now is no older type's.
    pub renewed: bool,
}

impl Execution {
    pub fn new(query: Query, statement: Arc<Statement>, collector: Collector) -> Execution {
        Execution {
            query,
            statement,
            collector,
            group: 0,
            begins: None,
            error: None,
            code: String::new(),
            unexecuted: false,
            by_name: false,
            known: false,
            redescribed: false,
            rowcount: 0,
            status: CommandStatus::Text(String::new()),
            kept: VecDeque::new(),
            missing: Vec::new(),
            texts: None,
            rounds: 0,
            overtaken: false,
            renewed: false,
        }
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        self.collector.traverse(visit)?;
        self.query.traverse(visit)
    }

    /// CommandComplete has come.
    pub fn complete(&mut self, py: Python<'_>, tag: &CommandTag<'_>) {
        if tag.text() == "ROLLBACK"
            && self.error.is_none()
            && let Some(undone) = undone(py, &self.query.sql)
        {
            self.error = Some(operational_error(py, undone));
        }
        let rows = tag.rows();
        match rows.and_then(|rows| i64::try_from(rows).ok()) {
            Some(rows) => self.rowcount = self.rowcount.saturating_add(rows),
            None => self.rowcount = -1,
        }
        self.status = match rows {
            Some(rows) if tag.text().starts_with(SELECT) => CommandStatus::Selected(rows),
            _ => CommandStatus::Text(tag.text().to_owned()),
        };
    }

    /// Whether rows may take the fast path: tuples or `Row`s of all columns, decoded without calling a program's code.
    pub fn is_fast(&self) -> bool {
        self.error.is_none()
            && self.missing.is_empty()
            && self.statement.quiet
            && self.collector.makes_rows()
    }

    /// Gives up the rows so far, if they are many and nobody waits for them any more; then those that still come are passed over.
    pub fn drop_unwanted(&mut self, py: Python<'_>, garbage: &mut Garbage) {
        if self.error.is_some() || !self.is_many(py) || !self.query.reply.is_gone(py) {
            return;
        }
        self.error = Some(operational_error(py, "its caller has gone"));
        self.give_up(py, garbage);
    }

    /// Whether it takes long to free the rows so far.
    pub fn is_many(&self, py: Python<'_>) -> bool {
        self.collector.rows().bind(py).len() + self.kept.len() >= MANY
    }

    pub fn give_up(&mut self, py: Python<'_>, garbage: &mut Garbage) {
        garbage.add(
            py,
            self.collector.take_rows(py),
            std::mem::take(&mut self.kept),
        );
    }

    /// The rows of a finished `Query::bare`.
    pub fn bare(&mut self, py: Python<'_>) -> PyResult<Py<PyList>> {
        if let Some(error) = self.error.take() {
            return Err(self.marked_if_executed(py, error));
        }
        let rows = self.collector.rows().clone_ref(py);
        self.collector.show(py);
        Ok(rows)
    }

    /// The result once the server has said the last word.
    pub fn outcome(&mut self, py: Python<'_>) -> Outcome {
        if let Some(error) = self.error.take() {
            return Err(self.marked_if_executed(py, error));
        }
        let result = Result {
            rows: self.collector.rows().clone_ref(py),
            values: self.collector.values().map(|values| values.clone_ref(py)),
            rowcount: self.rowcount,
            status: std::mem::take(&mut self.status),
            columns: self.collector.names().clone_ref(py),
            returns_rows: self.statement.described.returns_rows,
            type_codes: self.statement.type_codes.clone_ref(py),
            type_modifiers: self.statement.type_modifiers.clone_ref(py),
            last_rowid: None,
        };
        let result = Py::new(py, result);
        // Only now: the garbage collector, which has seen thousands of rows come, likes to start with the result.
        self.collector.show(py);
        Ok(Some(result?))
    }

    /// The error, marked as `executed` if the statement succeeded and only its rows could not be decoded: it must not be retried.
    fn marked_if_executed(&self, py: Python<'_>, error: PyErr) -> PyErr {
        let verb = self.status.command();
        let changes = ["INSERT", "UPDATE", "DELETE", "MERGE"].contains(&verb);
        let read = self.code.is_empty() && self.query.purpose == Purpose::Run;
        if !read || !(changes || verb == "SELECT") {
            return error;
        }
        let rows = self.rowcount;
        let s = if rows == 1 { "" } else { "s" };
        executed(
            py,
            error,
            changes.then(|| {
                format!(
                    "the statement has been executed ({verb}, {rows} row{s}), and only what it returned cannot be read: \
                     outside a transaction its changes are kept, inside one a rollback undoes them"
                )
            }),
        )
    }
}
