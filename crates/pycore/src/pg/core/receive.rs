//! What the server sends, from its bytes to what is said by them.

use std::time::Instant;

use pyo3::prelude::*;

use super::Core;
use super::flight::Flight;
use super::rows::{EVENTS, is_late, take_rows};

impl Core {
    /// Takes in what the server sent, until that time at most or until there is much to be passed on; gives the number of
    /// bytes it has used. An error means that the connection cannot go on.
    pub fn receive(
        &mut self,
        py: Python<'_>,
        bytes: &[u8],
        until: Option<Instant>,
    ) -> Result<usize, String> {
        let mut input = bytes;
        let mut events = 0_usize;
        loop {
            let mut late = self.take_execution(py, &mut input, until) || self.take_kept(py, until);
            events = events.wrapping_add(1);
            if events.is_multiple_of(EVENTS) {
                late |= is_late(until);
            }
            if late || self.has_much_news() {
                return Ok(bytes.len().saturating_sub(input.len()));
            }
            if input.is_empty() || !self.take_event(py, &mut input)? {
                // Once for all the answers of one read.
                if self.flying.is_empty() {
                    self.rested = Instant::now();
                }
                return Ok(bytes.len());
            }
        }
    }

    /// Takes the rows of an execution, and its end, without an event for each; whether it is late.
    #[inline]
    fn take_execution(
        &mut self,
        py: Python<'_>,
        input: &mut &[u8],
        until: Option<Instant>,
    ) -> bool {
        let Some(Flight::Execute(execution)) = self.flying.front_mut() else {
            return false;
        };
        self.session.pass_bound(input);
        let late = take_rows(
            py,
            &mut self.session,
            &mut self.types,
            execution,
            input,
            until,
        );
        execution.drop_unwanted(py, &mut self.garbage);
        if !late && let Some(tag) = self.session.end(input) {
            execution.complete(py, &tag);
            self.done(py);
        }
        late
    }

    /// Whether what has come unasked should be passed on before there is more of it.
    pub fn has_much_news(&self) -> bool {
        self.notices.len() >= NEWS || self.notifications.len() >= NEWS
    }
}

/// Notices, or notifications, that are passed on together at most: each is a call of Python.
const NEWS: usize = 64;
