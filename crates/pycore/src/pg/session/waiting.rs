//! The blocking wire: a request from start to end, over the descriptor.

use pyo3::prelude::*;

use super::{PgSession, reentered};
use crate::fork;
use crate::pg::blocking::{Failure, deadline};
use crate::pg::core::Core;
use crate::pg::request::Outcome;
use crate::raise::interface_error;

impl PgSession {
    /// One request of the blocking wire, from start to end.
    pub(super) fn blocking(
        slf: &Bound<'_, Self>,
        seconds: Option<f64>,
        request: impl FnOnce(&mut Core),
    ) -> Outcome {
        let py = slf.py();
        let at = deadline(seconds);
        let (outcome, deliveries) = {
            let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
            let this = &mut *this;
            this.leave_to_parent(py);
            // What an interrupted caller left behind is nobody's any more, and may still be under way.
            this.core.leave();
            request(&mut this.core);
            let outcome = loop {
                if let Some(outcome) = this.core.take_caller() {
                    break outcome;
                }
                if let Err(error) = this.exchange(py, at) {
                    break Err(error);
                }
            };
            (outcome, this.deliveries(py)?)
        };
        deliveries.deliver(py)?;
        outcome
    }

    /// Moves bytes once in both directions.
    pub(super) fn exchange(
        &mut self,
        py: Python<'_>,
        at: Option<std::time::Instant>,
    ) -> PyResult<()> {
        let Some(descriptor) = self.descriptor else {
            return Err(interface_error(py, "Connection is closed"));
        };
        let moved = match descriptor.exchange(py, self.core.session.output(), &mut self.buffer, at)
        {
            Ok(moved) => moved,
            Err(Failure::Raised(error)) => return Err(error),
            Err(Failure::Lost(reason)) => {
                self.lost(py, &reason);
                return Ok(());
            }
        };
        self.core.session.consume_output(moved.written);
        match moved.read {
            None => self.lost(py, "the server closed the connection"),
            Some(0) => {}
            Some(count) => self.take_in(py, count),
        }
        Ok(())
    }

    pub(super) fn take_in(&mut self, py: Python<'_>, count: usize) {
        if let Err(reason) = self.core.receive(py, &self.buffer[..count]) {
            self.lost(py, &reason);
            self.descriptor = None;
        }
    }

    /// In a forked child the session is over: two processes cannot take turns in one conversation.
    pub(super) fn leave_to_parent(&mut self, py: Python<'_>) {
        if self.process.is_parent() {
            self.descriptor = None;
            self.core.end(py, fork::REASON);
        }
    }

    pub(super) fn lost(&mut self, py: Python<'_>, reason: &str) {
        // Tells a complete end from one in the middle of a message; either way nothing more comes.
        let detail = self.core.session.eof().err().map(|error| error.message);
        self.core.end(py, detail.as_deref().unwrap_or(reason));
    }
}
