//! What the blocking wire does: it moves the bytes itself until its request is answered.

use std::time::Instant;

use pyo3::prelude::*;
use pyo3::types::PyList;

use super::channel::Channel;
use super::descriptor::{Failure, Moved, late};
use crate::deadline::deadline;
use crate::pg::core::Core;
use crate::pg::core::reply::Outcome;
use crate::pg::core::request::{Query, Request};
use crate::pg::session::PgSession;
use crate::pg::session::deliver::reentered;
use crate::pg::session::ending::HUNG_UP;
use crate::raise::{interface_error, internal_error};
use crate::rows::Result;

/// One request, from start to end.
pub fn run(
    slf: &Bound<'_, PgSession>,
    seconds: Option<f64>,
    request: impl FnOnce(&mut Core),
) -> Outcome {
    let py = slf.py();
    let at = deadline(seconds);
    let mut request = Some(request);
    until(slf, |this| {
        if let Some(request) = request.take() {
            this.leave_to_parent(py);
            // What an interrupted caller left behind is nobody's any more, and may still be under way.
            this.core.leave();
            request(&mut this.core);
        }
        if let Some(outcome) = this.core.take_caller() {
            return Ok(Some(outcome));
        }
        if let Err(error) = this.exchange(py, at) {
            return Ok(Some(Err(error)));
        }
        Ok(this.core.take_caller())
    })?
}

/// Step by step, until one of them has a result. What comes unasked meanwhile is passed on, so that it does not pile up.
pub fn until<T>(
    slf: &Bound<'_, PgSession>,
    mut step: impl FnMut(&mut PgSession) -> PyResult<Option<T>>,
) -> PyResult<T> {
    loop {
        let (found, deliveries) = {
            let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
            loop {
                let found = step(&mut this)?;
                // No event loop waits meanwhile, nor comes back for the rest.
                this.core.garbage.clear();
                if let Some(found) = found {
                    if this.has_nothing_to_deliver() {
                        return Ok(found);
                    }
                    break (Some(found), this.deliveries(slf.py())?);
                }
                if this.core.has_much_news() {
                    break (None, this.news(slf.py())?);
                }
            }
        };
        deliveries.deliver(slf)?;
        if let Some(found) = found {
            return Ok(found);
        }
    }
}

/// One statement, whose result there must be.
pub fn result(
    slf: &Bound<'_, PgSession>,
    seconds: Option<f64>,
    request: impl FnOnce(&mut Core),
) -> PyResult<Py<Result>> {
    run(slf, seconds, request)?
        .ok_or_else(|| internal_error(slf.py(), "a statement ended without a result"))
}

/// The same for `Query::bare`.
pub fn rows(slf: &Bound<'_, PgSession>, query: Query) -> PyResult<Py<PyList>> {
    let py = slf.py();
    let request = |core: &mut Core| core.submit(py, Request::Query(query.bare()));
    if let Some(result) = run(slf, None, request)? {
        return Ok(result.get().rows.clone_ref(py));
    }
    let rows = slf
        .try_borrow_mut()
        .ok()
        .and_then(|mut this| this.core.bare.take());
    rows.ok_or_else(|| internal_error(py, "a statement ended without its rows"))
}

/// What has come without being asked for, delivered.
pub fn listen(slf: &Bound<'_, PgSession>) -> PyResult<()> {
    let py = slf.py();
    // What a server that does not stop talking says later is heard later.
    let at = deadline(Some(LISTEN));
    until(slf, |this| {
        this.leave_to_parent(py);
        let more = this.take_arrived(py)?;
        let late = at.is_some_and(|at| Instant::now() >= at);
        Ok((!more || late).then_some(()))
    })
}

/// Reads until nothing is under way any more.
pub fn drain(slf: &Bound<'_, PgSession>, seconds: Option<f64>) -> PyResult<()> {
    let py = slf.py();
    let at = deadline(seconds);
    until(slf, |this| {
        this.core.leave();
        if this.core.pending() == 0 {
            return Ok(Some(()));
        }
        this.exchange(py, at)?;
        Ok(None)
    })
}

/// Seconds that are spent at most on what nobody has asked for.
const LISTEN: f64 = 0.05;

impl PgSession {
    /// Whether there was something.
    fn take_arrived(&mut self, py: Python<'_>) -> PyResult<bool> {
        let (Some(channel), 0, None) = (&mut self.channel, self.core.pending(), &self.core.ended)
        else {
            return Ok(false);
        };
        if self.turn.holds() {
            self.take_held(py);
            return Ok(true);
        }
        match channel.arrived(py, &mut self.buffer) {
            Ok(None) => return Ok(false),
            Ok(Some(0)) => self.lost(py, HUNG_UP),
            Ok(Some(count)) => self.take_in(py, count),
            Err(Failure::Lost(reason)) => self.lost(py, &reason),
            Err(Failure::Raised(error)) => return Err(self.raised(py, error)),
        }
        Ok(true)
    }

    /// Sends, and takes in what has come meanwhile: a server that fails early must be heard, and one that talks while we do
    /// must be read. Whether everything is sent, or never will be.
    pub fn push_out(&mut self, py: Python<'_>, at: Option<Instant>) -> PyResult<bool> {
        self.push_some(py, at, 0)
    }

    /// The same. Whether no more than `most` bytes are left.
    pub fn push_some(
        &mut self,
        py: Python<'_>,
        at: Option<Instant>,
        most: usize,
    ) -> PyResult<bool> {
        if self.core.ended.is_some() {
            return Ok(true);
        }
        if self.turn.holds() {
            self.work_off(py, at)?;
        } else {
            self.push_once(py, at)?;
        }
        Ok(self.core.session.output().len() <= most)
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
    pub fn exchange(&mut self, py: Python<'_>, at: Option<Instant>) -> PyResult<()> {
        if self.turn.holds() {
            return self.work_off(py, at);
        }
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
            None => self.lost(py, HUNG_UP),
            Some(0) => {}
            Some(count) => self.take_in(py, count),
        }
    }

    fn take_in(&mut self, py: Python<'_>, count: usize) {
        if let Err(reason) = self.arrived(py, count, false) {
            self.damaged(py, &reason);
        }
    }

    /// Takes in what is held, or a part of it, unless it is too late for that.
    fn work_off(&mut self, py: Python<'_>, at: Option<Instant>) -> PyResult<()> {
        if at.is_some_and(|at| Instant::now() >= at) {
            return Err(late(py));
        }
        self.take_held(py);
        Ok(())
    }

    fn take_held(&mut self, py: Python<'_>) {
        if let Err(reason) = self.hear_held(py, false) {
            self.damaged(py, &reason);
        }
    }

    fn damaged(&mut self, py: Python<'_>, reason: &str) {
        self.turn.forget();
        self.lost(py, reason);
        self.channel = None;
    }
}
