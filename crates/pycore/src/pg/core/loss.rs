//! A connection that is lost while nobody is at work with it: whoever asks next is told why, as if he had been at work then. Whoever
//! asks later is refused, and told what has become of the connection.

use pgwire::ServerError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::{CLOSED, Core};
use crate::fork;
use crate::raise::{connection_lost, interface_error, server_error};

#[derive(Default)]
pub enum Loss {
    /// It is not lost.
    #[default]
    None,
    /// The server has ended it by its answer to a statement; nothing else comes. Its words, and the SQLSTATE.
    Near(String, Py<PyString>),
    /// Nobody knows of it yet.
    Untold(PyErr),
    /// Or it was closed by its owner. With the SQLSTATE that the loss has.
    Told(Option<Py<PyString>>),
}

impl Loss {
    fn is_untold(&self) -> bool {
        matches!(self, Loss::Untold(_))
    }

    /// What the server has said before it went, instead of the `reason` that its end gives.
    pub fn reason(&mut self, reason: &str) -> String {
        match std::mem::take(self) {
            Loss::Near(said, code) if reason != CLOSED => {
                *self = Loss::Told(Some(code));
                said
            }
            other => {
                *self = other;
                reason.to_owned()
            }
        }
    }

    fn told(&mut self, py: Python<'_>) {
        self.tell(py);
        if !matches!(self, Loss::Told(_)) {
            *self = Loss::Told(None);
        }
    }

    /// The error for the first who asks.
    fn tell(&mut self, py: Python<'_>) -> Option<PyErr> {
        let Loss::Untold(error) = self else {
            return None;
        };
        let error = error.clone_ref(py);
        let code = error.value(py).getattr("sqlstate");
        *self = Loss::Told(code.ok().and_then(|code| code.extract().ok()));
        Some(error)
    }
}

impl Core {
    /// Why nothing can be asked, once somebody has been told why the connection was lost.
    pub fn gone(&self, py: Python<'_>) -> Option<PyErr> {
        let reason = self.ended.as_ref()?;
        if self.loss.is_untold() {
            return None;
        }
        if is_chosen(reason) {
            return Some(interface_error(py, reason.clone()));
        }
        let refusal = interface_error(py, format!("{CLOSED}: it was lost ({reason})"));
        // Not the error that was raised: its traceback would keep alive what belongs to whoever was told.
        let cause = connection_lost(py, reason.clone());
        if let Loss::Told(Some(code)) = &self.loss
            && let Err(failed) = cause.value(py).setattr("sqlstate", code)
        {
            return Some(failed);
        }
        refusal.set_cause(py, Some(cause));
        Some(refusal)
    }

    /// What a request comes to that is made now, if the connection is over. `piped`: whoever makes it had asked before the loss.
    pub fn over(&mut self, py: Python<'_>, piped: bool) -> Option<PyErr> {
        if let Some(first) = self.loss.tell(py) {
            return Some(first);
        }
        match &self.ended {
            Some(reason) if piped && !is_chosen(reason) => {
                Some(connection_lost(py, reason.clone()))
            }
            _ => self.gone(py),
        }
    }

    /// What those come to who have waited for news until the end.
    pub fn heard(&mut self, py: Python<'_>) -> Option<PyErr> {
        let reason = self.ended.clone()?;
        let first = self.loss.tell(py);
        Some(first.unwrap_or_else(|| connection_lost(py, reason)))
    }

    /// The same in answer to a statement: the reason for what else is asked.
    pub fn parting_words(&mut self, py: Python<'_>, failed: &ServerError) {
        if self.ended.is_none() {
            self.loss = Loss::Near(in_words(failed), PyString::new(py, &failed.code).unbind());
        }
    }

    /// The server ends the session with words that answer nothing: the reason for what fails next.
    pub fn last_words(&mut self, py: Python<'_>, failed: &ServerError) {
        if self.ended.is_some() {
            return;
        }
        let reason = in_words(failed);
        let lost = connection_lost(py, reason.clone());
        let told = server_error(py, failed.fields(), None);
        // A time limit has the code of a mistake; what it does is a loss all the same.
        let error = if told.is_instance(py, &lost.get_type(py)) {
            told
        } else {
            let coded = lost.value(py).setattr("sqlstate", failed.code.as_str());
            coded.err().unwrap_or(lost)
        };
        self.ended = Some(reason);
        self.loss = Loss::Untold(error);
    }

    /// The end of the connection, which others may have been told of by their own errors.
    pub fn keep_loss(&mut self, py: Python<'_>, reason: &str, told: bool) {
        if reason == CLOSED {
            self.loss = Loss::Told(None);
        } else if told {
            self.loss.told(py);
        } else if matches!(self.loss, Loss::None) {
            self.loss = Loss::Untold(connection_lost(py, reason.to_owned()));
        }
    }
}

/// Closed by its owner or left to its parent process, and used all the same; else it was lost, which nobody can help.
fn is_chosen(reason: &str) -> bool {
    reason == CLOSED || reason == fork::REASON
}

fn in_words(failed: &ServerError) -> String {
    format!("the server ended the session: {}", failed.message)
}
