//! What a statement that begins or ends a transaction is told inside a block that sees to both by itself.

use pgwire::Strings;
use pyo3::exceptions::PyBaseException;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::raise::programming_error;
use crate::sqlite::Command;

/// The command of a statement that begins or ends a whole transaction of PostgreSQL or SQLite; on PostgreSQL of the first such of
/// `several`, in whose plain strings a backslash may be `escaping`.
#[pyfunction]
pub fn transaction_end(
    dialect: &str,
    sql: &Bound<'_, PyString>,
    several: bool,
    escaping: bool,
) -> Option<&'static str> {
    let sql = sql.to_str().ok()?; // who sends it will say what is wrong with it
    match (dialect, several) {
        ("sqlite", _) => Command::of(sql).whole(),
        (_, true) if escaping => pgwire::script_transaction_end(sql, Strings::Escaping),
        (_, true) => pgwire::script_transaction_end(sql, Strings::Standard),
        (_, false) => pgwire::transaction_end(sql),
    }
}

/// `refused`, for wires that are written in Python.
#[pyfunction]
pub fn end_refused(py: Python<'_>, command: &str, sql: &str) -> Py<PyBaseException> {
    refused(py, command, sql).into_value(py)
}

/// `ended`, for wires that are written in Python.
#[pyfunction]
pub fn end_told(py: Python<'_>, sql: &str) -> Py<PyBaseException> {
    ended(py, sql).into_value(py)
}

/// The error of a statement that was not run, on any database.
pub fn refused(py: Python<'_>, command: &str, sql: &str) -> PyErr {
    let why = match command {
        "BEGIN" | "START TRANSACTION" | "XA BEGIN" | "XA START" => {
            "the connection is in a transaction() block, or in what begin() gave, and there is no transaction inside a transaction: call \
             transaction() for a block that is undone by itself, a savepoint"
        }
        "PREPARE TRANSACTION" => {
            "it would end the transaction of a transaction() block, or of begin(), behind their back, and what follows would commit by \
             itself: for two-phase commit, write BEGIN as a statement as well"
        }
        "SET autocommit" => {
            "it would decide what follows the transaction() block, or begin(), that the connection is in, and may end that behind its back: \
             outside of blocks every call commits by itself; inside, the block sees to it"
        }
        "LOCK TABLES" => {
            "it would commit the transaction of a transaction() block, or of begin(), behind their back, and a transaction releases such locks \
             as it begins: lock the rows that are meant, by FOR UPDATE, or lock tables outside of blocks"
        }
        _ => {
            "it would end the transaction of a transaction() block, or of begin(), behind their back, and what follows would commit by \
             itself: leave the block (an exception rolls it back), or call commit() or rollback() of the transaction; to undo a part of it \
             alone, call transaction() inside it or savepoint()"
        }
    };
    let error = programming_error(py, format!("{command} was not run: {why}"));
    about(py, error, sql)
}

/// The error of a text in which only the database found the end of the transaction.
pub fn ended(py: Python<'_>, sql: &str) -> PyErr {
    let error = programming_error(
        py,
        "a statement of this text ended the transaction of a transaction() block, or of begin(): what came before it is committed or rolled \
         back as it said, and what follows commits by itself. Leave COMMIT, ROLLBACK and their kind to the block",
    );
    about(py, error, sql)
}

fn about(py: Python<'_>, error: PyErr, sql: &str) -> PyErr {
    match error.value(py).setattr("query", sql) {
        Ok(()) => error,
        Err(failed) => failed,
    }
}
