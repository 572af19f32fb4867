//! The lock of a blocking connection: one thread at a time uses it, and runs at the end of its turn what was deferred by code
//! that cannot wait, such as a signal handler.
//!
//! In Rust because in a point query of 20 microseconds every call from Python counts: `statement` goes from the lock to the
//! result in one. `state` is what the mutex guards.

mod state;
mod statement;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyWeakrefReference};
use pyo3::{PyTraverseError, PyVisit};

use self::state::{State, Thread};
use crate::deadline::deadline;
use crate::fork::{Process, REASON};
use crate::pg::session::PgSession;
use crate::raise::interface_error;
use crate::thread_end::{interpreter_ends, stay, stopped};

/// How long a thread waits before it checks for signals.
const PATIENCE: Duration = Duration::from_millis(50);

/// The lock of one connection. It is reentrant.
#[pyclass(frozen, module = "ferrow._core")]
pub struct PgLock {
    session: Py<PgSession>,
    wire: Py<PyWeakrefReference>,
    /// `inside` while a result is built.
    result: Py<PyString>,
    limited: bool,
    closing: Arc<AtomicBool>,
    process: Process,
    state: Mutex<State>,
    free: Condvar,
}

#[pymethods]
impl PgLock {
    /// `wire`: a weak reference; its `_failed` is told of errors, its `_run_slowly` runs what is not as usual. `result`: see
    /// `inside`. `limited`: statements have a deadline, of which nothing is known here.
    #[new]
    fn new(
        py: Python<'_>,
        session: Py<PgSession>,
        wire: Py<PyWeakrefReference>,
        result: Py<PyString>,
        limited: bool,
    ) -> PyResult<PgLock> {
        let closing = Arc::clone(&session.try_borrow(py)?.closing);
        Ok(PgLock {
            session,
            wire,
            result,
            limited,
            closing,
            process: Process::current(),
            state: Mutex::default(),
            free: Condvar::new(),
        })
    }

    /// Waits for the turn, `timeout` seconds at most; -1: for as long as it takes. Whether this thread has it.
    ///
    /// Raises InterfaceError where it is `owned_by_parent`, RuntimeError where the interpreter ends and has stopped whoever has it.
    #[pyo3(signature = (blocking=true, timeout=-1.0))]
    fn acquire(&self, py: Python<'_>, blocking: bool, timeout: f64) -> PyResult<bool> {
        if self.state().try_take() {
            return Ok(true);
        }
        if !blocking {
            return Ok(false);
        }
        if self.owned_by_parent() {
            return Err(interface_error(py, REASON));
        }
        let at = deadline((timeout >= 0.0).then_some(timeout));
        loop {
            let left = at.map_or(PATIENCE, |at| {
                at.saturating_duration_since(Instant::now()).min(PATIENCE)
            });
            if py.detach(|| self.wait(left)) {
                return Ok(true);
            }
            py.check_signals()?;
            if interpreter_ends() && at.is_none() {
                return Err(stopped());
            }
            if interpreter_ends() || at.is_some_and(|at| at <= Instant::now()) {
                return Ok(false);
            }
        }
    }

    /// Ends the turn, unless it was taken several times, and runs what was deferred.
    ///
    /// Raises RuntimeError where another thread has it, or none.
    fn release(&self, py: Python<'_>) -> PyResult<()> {
        self.let_go(py)
    }

    fn __enter__(&self, py: Python<'_>) -> PyResult<bool> {
        self.acquire(py, true, -1.0)
    }

    fn __exit__(
        &self,
        py: Python<'_>,
        _kind: &Bound<'_, PyAny>,
        _error: &Bound<'_, PyAny>,
        _traceback: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        self.let_go(py)
    }

    /// Whether this thread has it.
    #[getter]
    fn owned(&self) -> bool {
        self.state().owner == Some(Thread::current())
    }

    /// Whether this is a forked child, and the owner is a thread of the parent, which can never release it here.
    #[getter]
    fn owned_by_parent(&self) -> bool {
        let owner = self.state().owner;
        self.process.is_parent() && owner.is_some_and(|owner| owner != Thread::current())
    }

    /// Does `work` now if nobody has the turn, else at the end of that turn; whether it is done.
    fn defer(&self, py: Python<'_>, work: Py<PyAny>) -> PyResult<bool> {
        // Stored first: the owner looks for work once more after its turn, so that one of the two finds it.
        let before = self.state().deferred.replace(work);
        drop(before); // with the state unlocked: it may run any code
        self.run_deferred(py)?;
        Ok(self.state().deferred.is_none())
    }

    /// Whether the connection is being closed, or was.
    #[getter]
    fn get_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    #[setter]
    fn set_closing(&self, closing: bool) {
        self.closing.store(closing, Ordering::Relaxed);
    }

    #[getter]
    fn get_inside(&self, py: Python<'_>) -> Option<Py<PyString>> {
        self.state().inside.as_ref().map(|what| what.clone_ref(py))
    }

    #[setter]
    fn set_inside(&self, what: Option<Py<PyString>>) {
        let before = std::mem::replace(&mut self.state().inside, what);
        drop(before);
    }

    #[getter]
    fn get_cancellation(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        let state = self.state();
        state
            .cancellation
            .as_ref()
            .map(|cancellation| cancellation.clone_ref(py))
    }

    #[setter]
    fn set_cancellation(&self, cancellation: Option<Py<PyAny>>) {
        let before = std::mem::replace(&mut self.state().cancellation, cancellation);
        drop(before);
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.session)?;
        visit.call(&self.wire)?;
        // A thread that waits for its turn has the state for moments, and needs no GIL to let go of it; in a forked child it never
        // will. The collector comes twice, and would take for garbage what it was shown the first time alone.
        let state = match self.process.is_parent() {
            true => self.state.try_lock().ok(),
            false => Some(self.state()),
        };
        let Some(state) = state else {
            return Ok(());
        };
        visit.call(&state.cancellation)?;
        visit.call(&state.deferred)
    }
}

impl PgLock {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Called without the GIL, which the owner may need to finish.
    fn wait(&self, patience: Duration) -> bool {
        let mut state = self.state();
        state.waiting += 1;
        let waited = self
            .free
            .wait_timeout_while(state, patience, |state| state.owner.is_some());
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        state.try_take()
    }

    fn let_go(&self, py: Python<'_>) -> PyResult<()> {
        match self.give_back() {
            None => Err(PyRuntimeError::new_err("cannot release un-acquired lock")),
            Some(true) => self.run_deferred(py),
            Some(false) => Ok(()),
        }
    }

    /// Whether the turn is over, and something was deferred; None: it is another thread's.
    fn give_back(&self) -> Option<bool> {
        let mut state = self.state();
        let over = state.let_go()?;
        if over && state.waiting > 0 {
            self.free.notify_one();
        }
        Some(over && state.deferred.is_some())
    }

    /// Runs what was deferred, in one turn, as long as there is something and nobody has it.
    #[cold]
    fn run_deferred(&self, py: Python<'_>) -> PyResult<()> {
        loop {
            let work = {
                let mut state = self.state();
                // Not during a turn, not even of this thread: a signal handler runs in the middle of a statement.
                if state.deferred.is_none() || state.owner.is_some() || !state.try_take() {
                    return Ok(());
                }
                state.deferred.take()
            };
            stay(py);
            let done = work.map(|work| work.call0(py).map(drop));
            self.give_back();
            done.transpose()?;
        }
    }
}
