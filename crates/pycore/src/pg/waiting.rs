//! What the blocking wire does: it moves the bytes itself until its request is answered.

use std::time::Instant;

use pyo3::prelude::*;

use super::blocking::{Failure, Moved};
use super::channel::Channel;
use super::core::Core;
use super::deliver::delivering;
use super::request::Outcome;
use super::session::PgSession;
use crate::deadline::deadline;
use crate::raise::{interface_error, internal_error};
use crate::rows::Result;

/// One request, from start to end.
pub(super) fn run(
    slf: &Bound<'_, PgSession>,
    seconds: Option<f64>,
    request: impl FnOnce(&mut Core),
) -> Outcome {
    let py = slf.py();
    let at = deadline(seconds);
    delivering(slf, |this| {
        this.leave_to_parent(py);
        // What an interrupted caller left behind is nobody's any more, and may still be under way.
        this.core.leave();
        request(&mut this.core);
        Ok(loop {
            if let Some(outcome) = this.core.take_caller() {
                break outcome;
            }
            if let Err(error) = this.exchange(py, at) {
                break Err(error);
            }
        })
    })?
}

/// One statement, whose result there must be.
pub(super) fn result(
    slf: &Bound<'_, PgSession>,
    seconds: Option<f64>,
    request: impl FnOnce(&mut Core),
) -> PyResult<Py<Result>> {
    run(slf, seconds, request)?
        .ok_or_else(|| internal_error(slf.py(), "a statement ended without a result"))
}

/// What has come without being asked for, delivered.
pub(super) fn listen(slf: &Bound<'_, PgSession>) -> PyResult<()> {
    let py = slf.py();
    delivering(slf, |this| {
        this.leave_to_parent(py);
        this.take_arrived(py)
    })
}

impl PgSession {
    fn take_arrived(&mut self, py: Python<'_>) -> PyResult<()> {
        while let (Some(channel), 0, None) =
            (&mut self.channel, self.core.pending(), &self.core.ended)
        {
            match channel.arrived(py, &mut self.buffer) {
                Ok(None) => break,
                Ok(Some(0)) => self.lost(py, "the server closed the connection"),
                Ok(Some(count)) => self.take_in(py, count),
                Err(Failure::Lost(reason)) => self.lost(py, &reason),
                Err(Failure::Raised(error)) => return Err(self.raised(py, error)),
            }
        }
        Ok(())
    }

    pub(super) fn drain(&mut self, py: Python<'_>, seconds: Option<f64>) -> PyResult<()> {
        let at = deadline(seconds);
        self.core.leave();
        while self.core.pending() > 0 {
            self.exchange(py, at)?;
        }
        self.core.drop_unwanted();
        Ok(())
    }

    /// Sends everything, and takes in what has come meanwhile: a server that fails early must be heard, and one that
    /// talks while we do must be read.
    pub(super) fn push_out(&mut self, py: Python<'_>, at: Option<Instant>) -> PyResult<()> {
        self.push_some(py, at, 0)
    }

    /// The same, until no more than `most` bytes are left.
    pub(super) fn push_some(
        &mut self,
        py: Python<'_>,
        at: Option<Instant>,
        most: usize,
    ) -> PyResult<()> {
        while self.core.ended.is_none() {
            self.push_once(py, at)?;
            if self.core.session.output().len() <= most {
                break;
            }
        }
        Ok(())
    }

    fn push_once(&mut self, py: Python<'_>, at: Option<Instant>) -> PyResult<()> {
        let Some(channel) = &mut self.channel else {
            return Err(interface_error(py, "Connection is closed"));
        };
        let output = self.core.session.output();
        match channel.push(py, output, &mut self.buffer, at) {
            Ok(moved) => self.moved(py, &moved),
            Err(Failure::Raised(error)) => return Err(self.raised(py, error)),
            Err(Failure::Lost(reason)) => self.lost(py, &reason),
        }
        Ok(())
    }

    /// Moves bytes once in both directions.
    pub(super) fn exchange(&mut self, py: Python<'_>, at: Option<Instant>) -> PyResult<()> {
        if self.core.next_row.is_some() {
            // What is sent keeps the server at work, so there is no wait before all is.
            self.push_once(py, at)?;
            if self.core.session.output().is_empty() {
                self.core.add_rows(py);
            }
            return Ok(());
        }
        self.core.close_group();
        let Some(channel) = &mut self.channel else {
            return Err(interface_error(py, "Connection is closed"));
        };
        let moved = match channel.exchange(py, self.core.session.output(), &mut self.buffer, at) {
            Ok(moved) => moved,
            Err(Failure::Raised(error)) => return Err(self.raised(py, error)),
            Err(Failure::Lost(reason)) => {
                self.lost(py, &reason);
                return Ok(());
            }
        };
        self.moved(py, &moved);
        Ok(())
    }

    /// Whoever is told of the exception must not be handed a connection that has lost bytes by it.
    fn raised(&mut self, py: Python<'_>, error: PyErr) -> PyErr {
        let broken = self.channel.as_ref().and_then(Channel::broken);
        if let Some(reason) = broken.map(str::to_owned) {
            self.channel = None;
            self.core.lose(py, &reason);
        }
        error
    }

    fn moved(&mut self, py: Python<'_>, moved: &Moved) {
        self.core.session.consume_output(moved.written);
        match moved.read {
            None => self.lost(py, "the server closed the connection"),
            Some(0) => {}
            Some(count) => self.take_in(py, count),
        }
    }

    fn take_in(&mut self, py: Python<'_>, count: usize) {
        if let Err(reason) = self.core.receive(py, &self.buffer[..count]) {
            self.lost(py, &reason);
            self.channel = None;
        }
    }
}
