//! Whether anybody still waits for what was asked, and what becomes of it when nobody does.

use pyo3::intern;
use pyo3::prelude::*;

use super::Core;
use super::flight::Flight;
use super::reply::Reply;
use super::request::Request;
use crate::pg::transaction::begin::Begin;
use crate::raise::operational_error;

/// Who is to be told as soon as nobody waits for what was asked.
pub struct Watch {
    pub future: Py<PyAny>,
    /// What precedes a BEGIN is meant, and not everything.
    pub outside: bool,
}

impl Core {
    /// Whether anybody still waits for anything that was asked, sent or not.
    pub fn is_wanted(&self, py: Python<'_>) -> bool {
        let waiting = &mut self.waiting.iter().map(Request::reply);
        let stale = &mut self.stale.iter().map(|(query, _)| &query.reply);
        self.flying.iter().any(|flight| !flight.is_gone(py))
            || waiting.chain(stale).any(|reply| !reply.is_gone(py))
    }

    /// The same of what was asked before a BEGIN that is not answered, and so is no part of its transaction.
    pub fn is_wanted_outside(&self, py: Python<'_>) -> bool {
        let wanted = |flight: &Flight| !flight.is_gone(py);
        let unsent = match self.begin {
            Begin::Sent => return self.flying.before_begin().any(wanted),
            _ if self.marks > 0 => {
                let mark = |request: &Request| matches!(request, Request::Begin(..));
                self.waiting.iter().position(mark).unwrap_or(0)
            }
            Begin::Waiting(_) => 0,
            _ => return false,
        };
        let waiting = &mut self.waiting.iter().take(unsent).map(Request::reply);
        self.flying.iter().any(wanted) || waiting.any(|reply| !reply.is_gone(py))
    }

    /// Whether nobody waits for the answer to a statement that was sent.
    pub fn is_orphaned(&self, py: Python<'_>) -> bool {
        self.flying.iter().any(|flight| match flight {
            Flight::Housekeeping => false,
            // It is that of the script which waits for it.
            Flight::Begin => {
                let script = self.waiting.front();
                script.is_none_or(|script| script.reply().is_gone(py))
            }
            flight => flight.is_gone(py),
        })
    }

    /// Takes the watching future, when its time has come.
    pub fn unwanted(&mut self, py: Python<'_>) -> Option<Py<PyAny>> {
        let wanted = if self.watch.as_ref()?.outside {
            self.is_wanted_outside(py)
        } else {
            self.is_wanted(py)
        };
        if wanted {
            return None;
        }
        self.watch.take().map(|watch| watch.future)
    }

    /// The thread that waited is gone, or comes with another request: what was sent is answered to nobody, the rest is
    /// not sent.
    pub fn leave(&mut self) {
        self.waiting
            .retain(|request| !matches!(request.reply(), Reply::Caller));
        self.stale
            .retain(|(query, _)| !matches!(query.reply, Reply::Caller));
        for flight in self.flying.iter_mut() {
            if let Some(reply) = flight.reply_mut() {
                reply.leave();
            }
        }
        self.drop_unwanted();
    }

    /// Outcomes that nobody waits for; those of pipelines are asked for later.
    pub fn drop_unwanted(&mut self) {
        self.finished
            .retain(|(reply, _)| matches!(reply, Reply::Pending(_)));
    }

    /// A statement could not be prepared, for this reason; that it was cancelled is no news where its pipeline was left.
    pub fn unprepared(&mut self, py: Python<'_>, reply: Reply, error: PyErr) {
        if matches!(reply, Reply::Pending(_)) && reply.is_gone(py) && is_cancelled(py, &error) {
            return self.leave_out(py, reply);
        }
        self.finished.push((reply, Err(error)));
    }

    /// A request is not sent, because nobody wants it any more; a pipeline counts it all the same.
    pub fn leave_out(&mut self, py: Python<'_>, reply: Reply) {
        if let Reply::Pending(_) = reply {
            let error = operational_error(
                py,
                "the statement was not sent: its pipeline was left before",
            );
            self.finished.push((reply, Err(error)));
        }
    }
}

fn is_cancelled(py: Python<'_>, error: &PyErr) -> bool {
    let code = error.value(py).getattr(intern!(py, "sqlstate"));
    code.is_ok_and(|code| code.eq("57014").unwrap_or(false))
}
