//! Exceptions on their way around SQLite.

use pyo3::exceptions::{PyException, PyUnicodeDecodeError};
use pyo3::prelude::*;

use super::UserCallable;
use crate::raise::{Unfit, data_error, operational_error};
use crate::sqlite::connection::control::Status;
use crate::sqlite::execution::batch::execute;
use crate::sqlite::execution::database::Database;
use crate::sqlite::values::decode::show;

/// Keeps an exception until the statement has failed; gives the words SQLite is told.
pub fn report(py: Python<'_>, user: &UserCallable, error: PyErr) -> String {
    let class = error.get_type(py);
    let class = class
        .name()
        .map_or_else(|_| "an exception".to_owned(), |name| name.to_string());
    let words = error.value(py).to_string();
    let separator = if words.is_empty() { "" } else { ": " };
    let message = format!("{} raised {class}{separator}{words}", user.name);
    if error.is_instance_of::<PyException>(py) {
        let raised = operational_error(py, message.as_str());
        raised.set_cause(py, Some(error));
        user.control.raise(raised);
    } else {
        // Ctrl-C and the end of a program are nobody's mistake.
        user.control.raise(error);
    }
    message
}

/// The same for a value that SQLite cannot take.
pub fn report_unfit(py: Python<'_>, user: &UserCallable, unfit: Unfit) -> String {
    match unfit {
        Unfit::Raised(error, _) | Unfit::Foreign(error, _) => report(py, user, error),
        Unfit::Because(reason) => {
            let message = format!("{} returned what cannot be stored: {reason}", user.name);
            user.control.raise(data_error(py, message.as_str()));
            message
        }
    }
}

/// The same for a text that was to be handed over and is none. `which`: of those that were.
pub fn report_unreadable(
    py: Python<'_>,
    user: &UserCallable,
    which: &str,
    text: &[u8],
    error: PyErr,
) -> String {
    if !error.is_instance_of::<PyUnicodeDecodeError>(py) {
        return report(py, user, error);
    }
    let message = format!(
        "{} was not called: {which} is the text {}, which is not UTF-8; CAST(... AS BLOB) hands over its bytes",
        user.name,
        show(text)
    );
    let raised = data_error(py, message.as_str());
    raised.set_cause(py, Some(error));
    user.control.raise(raised);
    message
}

impl Database {
    /// The exception behind a failed operation. It goes with the query that the database complained about, and with what was
    /// said about its place.
    #[cold]
    pub fn raised(&mut self, py: Python<'_>, raised: PyErr, complaint: Option<PyErr>) -> PyErr {
        if self.control.take_spoilt() && !self.connection.is_autocommit() {
            self.give_up();
        }
        let object = raised.value(py);
        if let Some(complaint) = complaint
            && let Ok(query) = complaint.value(py).getattr("query")
            && object.hasattr("query").unwrap_or(false)
        {
            // Courtesies, both.
            let _ = object.setattr("query", query);
            if let Ok(notes) = complaint.value(py).getattr("__notes__") {
                let _ = object.setattr("__notes__", notes);
            }
        }
        raised
    }

    /// Ends a transaction that holds spoilt work, as SQLite itself does after some errors.
    fn give_up(&mut self) {
        self.control.forget_interrupt();
        if execute(&mut self.connection, &self.control, "ROLLBACK").is_ok() {
            self.control.set_status(Status::Failed);
        }
    }
}
