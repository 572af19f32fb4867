//! What is to be done once the session is no longer borrowed: all of it may call back into the session.

use pgwire::Hashing;
use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict};

use super::hashing::PgHashing;
use crate::pg::asyncio::wake::settle;
use crate::pg::blocking::channel::Channel;
use crate::pg::blocking::ended;
use crate::pg::core::reply::{Outcome, Reply, empty_result};
use crate::pg::pipeline::pending::PgPending;
use crate::pg::session::PgSession;
use crate::thread_end::stay;

/// Bytes that a socket nearly always has room for.
const SHORT: usize = 16 * 1024;

#[derive(Default)]
pub struct Deliveries {
    pub finished: Vec<(Reply, Outcome)>,
    pub output: Option<(Py<PyAny>, Py<PyBytes>)>,
    /// Whether the transport is to read on.
    reading: Option<(Py<PyAny>, bool)>,
    hashing: Option<(Py<PyAny>, Hashing)>,
    notices: Vec<(Py<PyAny>, Py<PyDict>)>,
    notifications: Vec<(Py<PyAny>, (i32, String, String))>,
}

/// Works with the session and then delivers what has come of it.
pub fn delivering<T>(
    slf: &Bound<'_, PgSession>,
    work: impl FnOnce(&mut PgSession) -> PyResult<T>,
) -> PyResult<T> {
    let (value, deliveries, unfinished) = worked(slf, work)?;
    let outcome = deliveries.deliver(slf);
    if unfinished {
        return outcome.and(deliver_rest(slf)).map(|()| value);
    }
    outcome.map(|()| value)
}

pub fn worked<T>(
    slf: &Bound<'_, PgSession>,
    work: impl FnOnce(&mut PgSession) -> PyResult<T>,
) -> PyResult<(T, Deliveries, bool)> {
    stay(slf.py());
    let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
    let value = work(&mut this)?;
    Ok((value, this.deliveries(slf.py())?, this.is_unfinished()))
}

/// Hands the transport piece by piece what has begun to be sent: the server works on one while the next is encoded.
#[inline(never)]
pub fn deliver_rest(slf: &Bound<'_, PgSession>) -> PyResult<()> {
    let py = slf.py();
    let mut outcome = Ok(());
    loop {
        let (deliveries, unfinished) = {
            let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
            this.core.add_rows(py);
            (this.deliveries(py)?, this.is_unfinished())
        };
        // A transport that fails is told the rest all the same: the session must not stay in the middle of a request.
        outcome = outcome.and(deliveries.deliver(slf));
        if !unfinished {
            return outcome;
        }
    }
}

pub fn reentered() -> PyErr {
    PyRuntimeError::new_err(
        "the connection was used from inside one of its own results (by a model's constructor, a codec or a handler): collect first, then query",
    )
}

impl PgSession {
    /// Whether a transport has yet to be given a part of the last request.
    pub fn is_unfinished(&self) -> bool {
        self.core.next_row.is_some() && self.transport.is_some()
    }

    /// Whether there is nothing besides the request's own result, as nearly always in a blocking session.
    pub fn has_nothing_to_deliver(&self) -> bool {
        let core = &self.core;
        self.transport.is_none()
            && core.finished.is_empty()
            && core.notices.is_empty()
            && core.notifications.is_empty()
            && core.login.wanted.is_none()
            && core.watch.is_none()
    }

    pub fn deliveries(&mut self, py: Python<'_>) -> PyResult<Deliveries> {
        let reading = self.reading(py);
        if self.transport.is_some() {
            self.core.close_group();
        }
        self.send_directly(py);
        if let Some(watch) = self.core.unwanted(py) {
            let outcome = empty_result(py);
            self.core.finished.push((Reply::Future(watch), outcome));
        }
        let output = self.output(py);
        Ok(Deliveries {
            // What can fail comes first: an outcome that has been taken out must arrive.
            notices: self.take_notices(py)?,
            notifications: self.take_notifications(py),
            finished: std::mem::take(&mut self.core.finished),
            hashing: self.take_hashing(py),
            output,
            reading,
        })
    }

    fn take_hashing(&mut self, py: Python<'_>) -> Option<(Py<PyAny>, Hashing)> {
        let hashing = self.core.login.wanted.take()?;
        let handler = self.on_hashing.as_ref()?;
        Some((handler.clone_ref(py), hashing))
    }

    /// Writes to the socket what the transport would write a little later: a tenth of the time that a point query takes here
    /// goes into its copies and queues. What the socket does not take at once goes to the transport, and so does all else
    /// until that has caught up.
    fn send_directly(&mut self, py: Python<'_>) {
        let output = self.core.session.output();
        if output.is_empty() || output.len() > SHORT {
            return;
        }
        let (Some(Channel::Plain(descriptor)), Some(transport)) = (&self.channel, &self.transport)
        else {
            return;
        };
        let transport = transport.bind(py);
        if self.behind {
            let left = transport.call_method0(intern!(py, "get_write_buffer_size"));
            self.behind = !left.is_ok_and(|left| left.eq(0).unwrap_or(false));
        }
        // One that is closing may have closed the socket, whose number is somebody else's then.
        let closing = transport.call_method0(intern!(py, "is_closing"));
        if !self.behind && closing.is_ok_and(|closing| closing.is(PyBool::new(py, false))) {
            let sent = descriptor.try_send(output);
            self.core.session.consume_output(sent);
        }
    }

    /// What is to be written to the transport.
    pub fn output(&mut self, py: Python<'_>) -> Option<(Py<PyAny>, Py<PyBytes>)> {
        let transport = self.transport.as_ref()?;
        if self.core.session.output().is_empty() {
            return None;
        }
        let bytes = PyBytes::new(py, self.core.session.output()).unbind();
        let length = self.core.session.output().len();
        self.core.session.consume_output(length);
        self.behind = true;
        Some((transport.clone_ref(py), bytes))
    }

    /// What came unasked alone: whoever waits for an outcome still does.
    pub fn news(&mut self, py: Python<'_>) -> PyResult<Deliveries> {
        Ok(Deliveries {
            notices: self.take_notices(py)?,
            notifications: self.take_notifications(py),
            ..Deliveries::default()
        })
    }

    /// Outcomes alone: the output waits for what this turn of the loop still adds.
    pub fn outcomes(&mut self) -> Deliveries {
        Deliveries {
            finished: std::mem::take(&mut self.core.finished),
            ..Deliveries::default()
        }
    }

    /// A COPY whose data nobody takes stops the transport, and so does more than one turn of the loop can take in: the server
    /// then waits, and nothing piles up here.
    fn reading(&mut self, py: Python<'_>) -> Option<(Py<PyAny>, bool)> {
        let full = self.core.copy.is_full() || self.turn.is_over();
        if full == self.core.copy.paused {
            return None;
        }
        let transport = self.transport.as_ref()?.clone_ref(py);
        self.core.copy.paused = full;
        Some((transport, !full))
    }

    fn take_notices(&mut self, py: Python<'_>) -> PyResult<Vec<(Py<PyAny>, Py<PyDict>)>> {
        if self.core.notices.is_empty() {
            return Ok(Vec::new());
        }
        let notices = std::mem::take(&mut self.core.notices);
        let Some(handler) = &self.on_notice else {
            return Ok(Vec::new());
        };
        notices
            .iter()
            .map(|notice| {
                let fields = PyDict::new(py);
                for (name, value) in notice.fields() {
                    fields.set_item(name, value)?;
                }
                Ok((handler.clone_ref(py), fields.unbind()))
            })
            .collect()
    }

    fn take_notifications(&mut self, py: Python<'_>) -> Vec<(Py<PyAny>, (i32, String, String))> {
        if self.core.notifications.is_empty() {
            return Vec::new();
        }
        let notifications = std::mem::take(&mut self.core.notifications);
        match &self.on_notification {
            None => Vec::new(),
            Some(handler) => notifications
                .into_iter()
                .map(|notification| (handler.clone_ref(py), notification))
                .collect(),
        }
    }
}

impl Deliveries {
    /// Whether somebody is told of something else than an outcome.
    pub fn has_news(&self) -> bool {
        !(self.notices.is_empty() && self.notifications.is_empty())
    }

    /// Everything is delivered, also behind what fails: a caller whose outcome got lost would wait for ever.
    pub fn deliver(self, slf: &Bound<'_, PgSession>) -> PyResult<()> {
        let py = slf.py();
        let mut outcome = match self.output {
            None => Ok(()),
            Some((transport, bytes)) => transport
                .bind(py)
                .call_method1(intern!(py, "write"), (bytes,))
                .map(drop),
        };
        if let Some((transport, on)) = self.reading {
            let name = if on {
                intern!(py, "resume_reading")
            } else {
                intern!(py, "pause_reading")
            };
            outcome = outcome.and(transport.bind(py).call_method0(name).map(drop));
        }
        if let Some((handler, hashing)) = self.hashing {
            let job = PgHashing::new(hashing, slf.clone().unbind());
            outcome = outcome.and(handler.bind(py).call1((job,)).map(drop));
        }
        // First, as they came first: where one ends the program, no task goes on with an outcome of the same moment.
        for (handler, fields) in self.notices {
            let told = handler.bind(py).call1((fields,));
            outcome = outcome.and(ended::called(slf, handler.bind(py), told));
        }
        for (handler, notification) in self.notifications {
            let told = handler.bind(py).call1(notification);
            outcome = outcome.and(ended::called(slf, handler.bind(py), told));
        }
        for (reply, result) in self.finished {
            match reply {
                Reply::Future(future) => {
                    outcome = outcome.and(settle(py, future.bind(py), result));
                }
                Reply::Pending(pending) => {
                    let woken = PgPending::settle(pending.bind(py), result);
                    outcome = outcome.and(ended::passed_on(slf, woken));
                }
                Reply::Caller | Reply::Nobody => {}
            }
        }
        outcome
    }
}
