//! A statement that the server is running: what has come of it so far.

use std::sync::Arc;

use pgwire::{KeptRow, Oid};
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::reply::Outcome;
use super::request::Query;
use super::statement::Statement;
use crate::raise::operational_error;
use crate::rows::{Collector, Result, Told};

/// Rows that are not freed in one step.
pub const MANY: usize = 16_384;

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
    /// The server told other columns than it had described.
    pub told_anew: bool,
    pub rowcount: i64,
    pub status: String,
    /// Rows that cannot be decoded before these types are looked up.
    pub kept: Vec<KeptRow>,
    pub missing: Vec<Oid>,
    pub rounds: u8,
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
            told_anew: false,
            rowcount: 0,
            status: String::new(),
            kept: Vec::new(),
            missing: Vec::new(),
            rounds: 0,
        }
    }

    /// The rows so far, if they are many and nobody waits for them any more; then those that still come are passed over.
    pub fn unwanted(&mut self, py: Python<'_>) -> Option<Py<PyList>> {
        let rows = self.collector.rows().bind(py).len();
        if rows < MANY || self.error.is_some() || !self.query.reply.is_gone(py) {
            return None;
        }
        self.error = Some(operational_error(py, "its caller has gone"));
        self.kept = Vec::new();
        Some(self.collector.take_rows(py))
    }

    /// The result once the server has said the last word.
    pub fn outcome(&mut self, py: Python<'_>) -> Outcome {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let result = Result {
            rows: self.collector.rows().clone_ref(py),
            values: self.collector.values().map(|values| values.clone_ref(py)),
            rowcount: self.rowcount,
            status: Told::Text(std::mem::take(&mut self.status)),
            columns: self.collector.names().clone_ref(py),
            type_codes: self.statement.type_codes.clone_ref(py),
            type_modifiers: self.statement.type_modifiers.clone_ref(py),
            last_rowid: None,
        };
        let result = Py::new(py, result);
        // Only now: the garbage collector, which has seen thousands of rows come, likes to start with the result.
        self.collector.show(py);
        Ok(Some(result?))
    }
}
