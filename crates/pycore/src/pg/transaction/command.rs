//! What a statement's text says that its transaction is to come to.

use pgwire::transaction_end;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::begin::NOT_COMMITTED;
use crate::sql_text::text;

/// There may have been no transaction: COMMIT outside of one is answered with COMMIT, this with ROLLBACK.
const NOT_PREPARED: &str = "nothing was prepared, and the transaction was not committed: there was none, or a statement in it failed, and \
     everything was rolled back";

/// What a ROLLBACK means in the place of a statement that is to make a transaction permanent, or ready for that: of one that has
/// failed the server says no more, and no error.
pub fn undone(py: Python<'_>, sql: &Py<PyString>) -> Option<&'static str> {
    match text(sql.bind(py)).ok().and_then(transaction_end) {
        Some("COMMIT" | "END") => Some(NOT_COMMITTED),
        Some("PREPARE TRANSACTION") => Some(NOT_PREPARED),
        _ => None,
    }
}

/// Whether it is nothing but COMMIT (true) or ROLLBACK (false).
pub fn ends(py: Python<'_>, sql: &Py<PyString>) -> Option<bool> {
    let text = text(sql.bind(py))
        .ok()?
        .trim_matches([' ', '\n', '\t', ';']);
    if text.eq_ignore_ascii_case("COMMIT") {
        Some(true)
    } else if text.eq_ignore_ascii_case("ROLLBACK") {
        Some(false)
    } else {
        None
    }
}
