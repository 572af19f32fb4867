//! What a statement that begins or ends a transaction is told inside a block that sees to both by itself.

use pyo3::prelude::*;

use crate::raise::programming_error;

/// The error of a statement that was not run, on either database.
pub fn refused(py: Python<'_>, command: &str, sql: &str) -> PyErr {
    let why = match command {
        "BEGIN" | "START TRANSACTION" => {
            "the connection is in a transaction() block, or in what begin() gave, and there is no transaction inside a transaction: call \
             transaction() for a block that is undone by itself, a savepoint"
        }
        "PREPARE TRANSACTION" => {
            "it would end the transaction of a transaction() block, or of begin(), behind their back, and what follows would commit by \
             itself: for two-phase commit, write BEGIN as a statement as well"
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
