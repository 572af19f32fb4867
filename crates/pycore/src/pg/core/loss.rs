//! A connection that is lost while nobody is at work with it: whoever asks next is told why, as if he had been at work then.

use pgwire::ServerError;
use pyo3::prelude::*;

use super::{CLOSED, Core};
use crate::raise::{connection_lost, server_error};

#[derive(Default)]
pub enum Loss {
    /// It is not lost.
    #[default]
    None,
    /// Nobody knows of it yet.
    Untold(PyErr),
    /// Or it was closed by its owner.
    Told,
}

impl Loss {
    pub fn is_untold(&self) -> bool {
        matches!(self, Loss::Untold(_))
    }

    /// The error for the first who asks.
    pub fn tell(&mut self) -> Option<PyErr> {
        match std::mem::replace(self, Loss::Told) {
            Loss::Untold(error) => Some(error),
            _ => None,
        }
    }
}

impl Core {
    /// The server ends the session with words that answer nothing: the reason for what fails next.
    pub fn last_words(&mut self, py: Python<'_>, failed: &ServerError) {
        if self.ended.is_some() {
            return;
        }
        let reason = format!("the server ended the session: {}", failed.message);
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
        if told || reason == CLOSED {
            self.loss = Loss::Told;
        } else if matches!(self.loss, Loss::None) {
            self.loss = Loss::Untold(connection_lost(py, reason.to_owned()));
        }
    }
}
