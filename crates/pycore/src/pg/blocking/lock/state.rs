//! What is known of a connection's lock at one moment.

use pyo3::prelude::*;
use pyo3::types::PyString;

#[derive(Default)]
pub struct State {
    pub owner: Option<Thread>,
    depth: u32,
    pub waiting: u32,
    /// What the connection is in the middle of, as the error for another use of it says.
    pub inside: Option<Py<PyString>>,
    /// Ends what a caller left running. Set by whoever has the lock.
    pub cancellation: Option<Py<PyAny>>,
    /// To be done at the end of the turn.
    pub deferred: Option<Py<PyAny>>,
}

/// Identifies a thread while it is alive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Thread(usize);

impl Thread {
    pub fn current() -> Thread {
        thread_local!(static HERE: u8 = const { 0 });
        Thread(HERE.with(|here| std::ptr::from_ref(here).addr()))
    }
}

impl State {
    pub fn try_take(&mut self) -> bool {
        let me = Thread::current();
        let free = self.owner.is_none_or(|owner| owner == me);
        if free {
            self.owner = Some(me);
            self.depth += 1;
        }
        free
    }

    /// Whether the turn is over; None: it is another thread's.
    pub fn let_go(&mut self) -> Option<bool> {
        if self.owner != Some(Thread::current()) {
            return None;
        }
        self.depth -= 1;
        if self.depth == 0 {
            self.owner = None;
        }
        Some(self.depth == 0)
    }
}
