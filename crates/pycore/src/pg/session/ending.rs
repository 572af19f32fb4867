//! How a session ends: lost, given up, left to the parent process, or with a goodbye.

use std::sync::atomic::Ordering;

use pyo3::prelude::*;

use super::deliver::reentered;
use crate::fork;
use crate::pg::core::CLOSED;
use crate::pg::session::PgSession;

pub fn abandon(slf: &Bound<'_, PgSession>, reason: &str) -> PyResult<()> {
    let py = slf.py();
    let deliveries = {
        let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
        this.channel = None;
        this.core.end(py, reason);
        let mut deliveries = this.deliveries(py)?;
        deliveries.output = None;
        deliveries
    };
    deliveries.deliver(slf)
}

/// The server has hung up, and gave no reason.
pub const HUNG_UP: &str = "the server closed the connection";

impl PgSession {
    pub fn lost(&mut self, py: Python<'_>, reason: &str) {
        // Tells a complete end from one in the middle of a message; either way nothing more comes.
        let detail = self.core.session.eof().err().map(|error| error.message);
        let reason = match detail.as_deref() {
            _ if self.closing.load(Ordering::Relaxed) => CLOSED,
            Some(detail) if reason == HUNG_UP => detail,
            _ => reason,
        };
        self.core.lose(py, reason);
    }

    /// In a forked child the session is over: two processes cannot take turns in one conversation.
    pub fn leave_to_parent(&mut self, py: Python<'_>) {
        if self.process.is_parent() {
            self.channel = None;
            self.core.end(py, fork::REASON);
        }
    }

    pub fn goodbye(&mut self, py: Python<'_>) -> Vec<u8> {
        self.core.session.terminate();
        let bytes = self.core.session.take_output();
        self.core.ended.get_or_insert_with(|| CLOSED.to_owned());
        match &mut self.channel {
            Some(channel) => channel.farewell(py, bytes),
            None => bytes,
        }
    }
}
