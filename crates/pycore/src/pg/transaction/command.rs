//! What a statement's text says that its transaction is to come to.

use pgwire::transaction_end;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::sql_text::text;

/// Whether a statement is to make a transaction permanent, or ready for that. Of one that has failed the server says ROLLBACK, and
/// no error.
pub fn commits(py: Python<'_>, sql: &Py<PyString>) -> bool {
    let command = text(sql.bind(py)).ok().and_then(transaction_end);
    matches!(command, Some("COMMIT" | "END" | "PREPARE TRANSACTION"))
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
