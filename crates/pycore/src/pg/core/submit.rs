//! Requests wait for each other: which may be sent now.

use pyo3::prelude::*;

use super::Core;
use super::reply::Reply;
use super::request::Request;
use crate::pg::transaction::begin::Begin;
use crate::pg::transaction::command::ends;

impl Core {
    pub fn submit(&mut self, py: Python<'_>, request: Request) {
        if self.guarded
            && let Some(error) = self.objection(py, &request)
        {
            return self.refuse_reply(py, request.into_reply(), error);
        }
        if let (Begin::Waiting(_), Request::Script { sql, .. }) = (&self.begin, &request)
            && ends(py, sql).is_some()
            && self.waiting.is_empty()
        {
            // Nothing was sent, so there is nothing to end, not even over a connection that was lost.
            let outcome = self.end_unsent(py, &sql.clone_ref(py));
            return self.finished.push((request.into_reply(), outcome));
        }
        let piped = matches!(request.reply(), Reply::Pending(_));
        if let Some(error) = self.over(py, piped) {
            self.finished.push((request.into_reply(), Err(error)));
            return;
        }
        self.requests = self.requests.wrapping_add(1);
        if self.waiting.is_empty() && !self.heals() && self.may_send() && self.is_turn(py, &request)
        {
            // Whoever makes it this moment has not gone: no need to queue it and to ask.
            self.send_or_put_back(py, request);
        } else {
            self.waiting.push_back(request);
            self.pump(py);
        }
    }

    /// Sends what may be sent.
    pub fn pump(&mut self, py: Python<'_>) {
        if self.heals() {
            if !self.flying.is_empty() {
                return;
            }
            self.heal(py);
            if self.heals() {
                return;
            }
        }
        while self.may_send() {
            let turn = match self.waiting.front() {
                Some(Request::Begin(..)) => {
                    if !self.take_mark() {
                        return;
                    }
                    continue;
                }
                Some(request) => self.is_turn(py, request),
                None => false,
            };
            if !turn {
                return;
            }
            let Some(request) = self.waiting.pop_front() else {
                return;
            };
            if request.reply().is_gone(py) {
                self.leave_out(py, request.into_reply());
            } else if !self.send_or_put_back(py, request) {
                return;
            }
        }
    }

    fn may_send(&self) -> bool {
        !self.preparing
            && !self.forgetting
            && !self.unheard
            && self.session.is_ready()
            && !self.may_ask()
    }

    /// False: it runs alone, and something else is under way.
    fn send_or_put_back(&mut self, py: Python<'_>, request: Request) -> bool {
        self.send_closes();
        // The Sync of a group may be unanswered though all its executions are over.
        let alone = self.flying.is_empty() && self.session.in_flight() == 0;
        if matches!(request, Request::Copy { .. }) && !alone {
            self.waiting.push_front(request);
            return false;
        }
        self.send_begun(py, request)
    }
}
