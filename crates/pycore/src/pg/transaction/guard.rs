//! A transaction that a block began, and will end: no statement may do so instead, since what follows would commit by itself.

use pgwire::{TransactionStatus, script_transaction_end, transaction_end};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::command::ends;
use crate::guarded;
use crate::pg::core::Core;
use crate::pg::core::request::{Purpose, Request};
use crate::sql_text::text;

impl Core {
    /// Why a request must not be sent inside such a transaction. COMMIT and ROLLBACK, as scripts, are those of the block.
    pub fn objection(&mut self, py: Python<'_>, request: &Request) -> Option<PyErr> {
        let (sql, command) = match request {
            Request::Script { sql, .. } if ends(py, sql).is_some() => {
                self.guarded = false;
                return None;
            }
            Request::Script { sql, .. } => (
                sql,
                script_transaction_end(text(sql.bind(py)).ok()?, self.session.strings())?,
            ),
            Request::Query(query) if matches!(query.purpose, Purpose::Run | Purpose::Open(_)) => {
                (&query.sql, transaction_end(text(query.sql.bind(py)).ok()?)?)
            }
            _ => return None,
        };
        // One that failed before it began, or was lost, is nobody's.
        self.guarded = self.status() != TransactionStatus::Idle;
        self.guarded
            .then(|| guarded::refused(py, command, text(sql.bind(py)).unwrap_or_default()))
    }

    /// The server's status is fresh: a transaction that is over needs no guard, and whoever ended one of a block is told.
    pub fn look_after(&mut self, py: Python<'_>, sql: &Py<PyString>, error: &mut Option<PyErr>) {
        if self.guarded && self.status() == TransactionStatus::Idle {
            self.guarded = false;
            if error.is_none() {
                let sql = text(sql.bind(py)).unwrap_or_default();
                *error = Some(guarded::ended(py, sql));
            }
        }
    }
}
