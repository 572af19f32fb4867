//! Several statements with one Sync: all of them take effect, or none.

use pgwire::{
    CommandTag, ServerError, Statements, Strings, copies_with_client, forgets_statements,
    transaction_command,
};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use crate::pg::core::Core;
use crate::pg::core::flight::Flight;
use crate::pg::core::reply::{Outcome, Reply};
use crate::raise::{not_supported_error, programming_error, server_error};
use crate::rows::Result;
use crate::sql_text::text;

/// Outside a transaction block, VACUUM and its kind commit at once what the server would not undo afterwards, unless some
/// statement came before them in the same request: then they are refused. This one does nothing, and needs no snapshot.
const GUARD: &str = "SHOW transaction_isolation";

/// Statements that wait for their turn, and then for their answers.
pub struct Batch {
    statements: Py<PyTuple>,
    pub reply: Reply,
    guarded: bool,
    counts: Vec<u64>,
    error: Option<PyErr>,
}

impl Batch {
    pub fn new(statements: Py<PyTuple>, reply: Reply) -> Batch {
        Batch {
            statements,
            reply,
            guarded: false,
            counts: Vec::new(),
            error: None,
        }
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        self.reply.traverse(visit)
    }

    pub fn complete(&mut self, tag: &CommandTag<'_>) {
        self.counts.push(tag.rows().unwrap_or(0));
    }

    pub fn empty(&mut self) {
        self.counts.push(0);
    }

    pub fn failed(&mut self, py: Python<'_>, failed: &ServerError) {
        // A guard can fail as well, in a transaction that has: that is what the first statement would have met.
        let index = self.counts.len().saturating_sub(usize::from(self.guarded));
        let statement = self.statements.bind(py).get_item(index);
        let (number, sql) = match &statement {
            Ok(sql) => (Some(index.saturating_add(1)), Some(sql)),
            Err(_) => (None, None), // all went well, until the commit
        };
        // Class "protocol violation": a Bind without the values that the statement has placeholders for.
        let error = if failed.code == "08P01" && sql.is_some() {
            let error = programming_error(py, PLACEHOLDERS);
            let described = error
                .value(py)
                .setattr("query", sql)
                .and_then(|()| error.value(py).setattr("sqlstate", "08P01"));
            described.err().unwrap_or(error)
        } else {
            server_error(py, failed.fields(), sql)
        };
        self.error = Some(numbered(py, error, number));
    }

    pub fn take_error(&mut self) -> Option<PyErr> {
        self.error.take()
    }

    fn forgets(&self, py: Python<'_>) -> bool {
        let mut statements = self.statements.bind(py).iter();
        statements.any(|sql| {
            let sql = sql.cast::<PyString>();
            sql.is_ok_and(|sql| text(sql).is_ok_and(forgets_statements))
        })
    }

    /// The counts, once the server has said the last word.
    pub fn outcome(&mut self, py: Python<'_>) -> Outcome {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let counts = self.counts.iter().skip(usize::from(self.guarded));
        let counts = PyList::new(py, counts.collect::<Vec<_>>())?.unbind();
        let result = Result::without_columns(py, counts);
        Ok(Some(Py::new(py, result)?))
    }
}

const PLACEHOLDERS: &str = "the statement has placeholders, and statements of a batch take no parameters; run it with execute(), or for \
     many rows with run_many()";

/// Adds the 1-based number of the statement.
fn numbered(py: Python<'_>, error: PyErr, number: Option<usize>) -> PyErr {
    match error.value(py).setattr("statement", number) {
        Ok(()) => error,
        Err(failed) => failed,
    }
}

impl Core {
    pub fn send_batch(&mut self, py: Python<'_>, mut batch: Batch) {
        match self.try_send_batch(py, &mut batch) {
            Ok(()) => {
                self.forgetting |= batch.forgets(py);
                self.flying.push_back(Flight::Batch(batch));
            }
            Err(error) => self.finished.push((batch.reply, Err(error))),
        }
    }

    /// What cannot be sent is found out before a byte is.
    fn try_send_batch(&mut self, py: Python<'_>, batch: &mut Batch) -> PyResult<()> {
        let statements = batch.statements.bind(py);
        let refused = |refused: pgwire::Refused| programming_error(py, refused.message);
        let strings = self.session.strings();
        let mut request = self.session.statements().map_err(refused)?;
        batch.guarded = statements.len() > 1;
        if batch.guarded {
            request.push(GUARD).map_err(refused)?;
        }
        for (index, sql) in statements.iter().enumerate() {
            let sql = sql.cast_into::<PyString>()?.unbind();
            push(py, &mut request, &sql, strings).map_err(|error| {
                match error.value(py).setattr("query", sql) {
                    Ok(()) => numbered(py, error, Some(index.saturating_add(1))),
                    Err(failed) => failed,
                }
            })?;
        }
        request.finish().map_err(refused)
    }
}

fn push(
    py: Python<'_>,
    request: &mut Statements<'_>,
    sql: &Py<PyString>,
    strings: Strings,
) -> PyResult<()> {
    let sql = text(sql.bind(py))?;
    if let Some(command) = transaction_command(sql) {
        return Err(programming_error(
            py,
            format!(
                "{command} cannot be part of a batch, which is one transaction already; use transaction() around several batches"
            ),
        ));
    }
    if copies_with_client(sql, strings) {
        return Err(not_supported_error(
            py,
            "COPY from STDIN or to STDOUT cannot be part of a batch, which has no data to give and nowhere to put any",
        ));
    }
    request
        .push(sql)
        .map_err(|refused| programming_error(py, refused.message))
}
