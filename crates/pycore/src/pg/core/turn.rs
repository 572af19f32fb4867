//! How much of what the server says is taken in at once: an event loop has other work to do, and a server may talk for ever.
//!
//! What has been read and not yet taken in is held. Meanwhile nothing more is read, so nothing piles up, and no request is sent: what
//! was said before it is no answer to it.

use std::time::{Duration, Instant};

use pyo3::intern;
use pyo3::prelude::*;

use crate::pg::session::PgSession;
use crate::pg::session::deliver::delivering;

/// How long an event loop is kept from its other work. Rows and handlers are short beside it.
const TURN: Duration = Duration::from_millis(4);

/// Reads that follow each other within this time were made in one turn of the loop: libuv reads up to 32 times.
const BREATH: Duration = Duration::from_micros(200);

/// Fewer bytes than this are not worth a look at the clock.
const FEW: usize = 16 * 1024;

/// What one session takes of the loop's turns.
#[derive(Default)]
pub struct Turn {
    /// Bytes that have been read and not taken in.
    held: Vec<u8>,
    began: Option<Instant>,
    ended: Option<Instant>,
    /// The turn is over, though all that was read has been taken in: more of it will come, or its rows are not all decoded.
    spent: bool,
    /// The loop will call again.
    scheduled: bool,
}

impl Turn {
    /// Whether the transport must not read on yet.
    pub fn is_over(&self) -> bool {
        self.spent || !self.held.is_empty()
    }

    pub fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    pub fn forget(&mut self) {
        self.held = Vec::new();
    }

    fn until(&mut self) -> Instant {
        let now = Instant::now();
        let goes_on = self
            .ended
            .is_some_and(|at| now.saturating_duration_since(at) < BREATH);
        let began = self.began.filter(|_| goes_on).unwrap_or(now);
        self.began = Some(began);
        began.checked_add(TURN).unwrap_or(now)
    }
}

impl PgSession {
    /// Takes in what has been read into the buffer, or a part of it. An error means that the connection cannot go on.
    pub fn arrived(&mut self, py: Python<'_>, count: usize, timed: bool) -> Result<(), String> {
        let bytes = self.buffer.get(..count).unwrap_or_default();
        if self.turn.holds() {
            // A transport that reads on, though it was told not to.
            self.turn.held.extend_from_slice(bytes);
            return Ok(());
        }
        let much = count >= FEW || self.core.keeps_rows();
        let until = (timed && much).then(|| self.turn.until());
        let used = self.core.receive(py, bytes, until)?;
        if let Some(rest) = bytes.get(used..).filter(|rest| !rest.is_empty()) {
            self.turn.held.extend_from_slice(rest);
            self.core.unheard = true;
        } else if let Some(until) = until {
            let now = Instant::now();
            self.turn.ended = Some(now);
            self.turn.spent =
                count == self.buffer.len() && now >= until || self.core.works_on_rows();
        }
        Ok(())
    }

    /// Takes in what is held, or a part of it.
    pub fn hear_held(&mut self, py: Python<'_>, timed: bool) -> Result<(), String> {
        self.turn.spent = false;
        if self.core.ended.is_some() {
            self.turn.forget();
        }
        let mut held = std::mem::take(&mut self.turn.held);
        self.turn.ended = None;
        let until = timed.then(|| self.turn.until());
        let used = self.core.receive(py, &held, until)?;
        held.drain(..used.min(held.len()));
        if held.is_empty() {
            self.turn.spent = self.core.works_on_rows();
            self.core.unheard = false;
            self.core.pump(py);
        } else {
            self.turn.held = held;
        }
        Ok(())
    }
}

/// Everything that is held: it was said before the connection was lost, and may be why.
pub fn hear_rest(slf: &Bound<'_, PgSession>) -> PyResult<()> {
    let py = slf.py();
    while delivering(slf, |this| {
        if (this.turn.holds() || this.core.works_on_rows())
            && let Err(reason) = this.hear_held(py, false)
        {
            this.broken(py, &reason);
        }
        // Those of the last moment are not worth a turn for each handful.
        this.core.notices.clear();
        this.core.notifications.clear();
        Ok(this.turn.holds())
    })? {}
    Ok(())
}

/// Has the loop come back to what is left.
pub fn schedule(slf: &Bound<'_, PgSession>) -> PyResult<()> {
    let py = slf.py();
    let call_soon = match slf.try_borrow_mut() {
        Ok(mut this) if this.turn.is_over() || !this.core.garbage.is_empty() => {
            let due = this.call_soon.as_ref().filter(|_| !this.turn.scheduled);
            let due = due.map(|call_soon| call_soon.clone_ref(py));
            this.turn.scheduled |= due.is_some();
            due
        }
        Ok(mut this) => {
            if this.transport.is_none() {
                this.call_soon = None; // nothing refers to the loop any more
            }
            None
        }
        Err(_) => None,
    };
    match call_soon {
        Some(call_soon) => call_soon
            .bind(py)
            .call1((slf.getattr(intern!(py, "go_on"))?,))
            .map(drop),
        None => Ok(()),
    }
}

/// The next turn of the loop.
pub fn go_on(slf: &Bound<'_, PgSession>) -> PyResult<()> {
    let py = slf.py();
    let broken = delivering(slf, |this| {
        this.turn.scheduled = false;
        this.core.garbage.sweep(py)?;
        let heard = this.hear_held(py, true);
        Ok(heard.err().and_then(|reason| this.broken(py, &reason)))
    })?;
    match broken {
        Some(transport) => transport
            .bind(py)
            .call_method0(intern!(py, "abort"))
            .map(drop),
        None => schedule(slf),
    }
}
