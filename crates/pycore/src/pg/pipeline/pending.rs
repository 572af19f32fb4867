//! The outcomes of pipelined statements, which come when they come.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyBaseException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use crate::pg::core::reply::Outcome;
use crate::raise::internal_error;
use crate::rows::Result;

/// What the statements of one pipeline have in common.
#[pyclass(frozen, module = "ferrow._core")]
#[derive(Default)]
pub struct PgPipeline(Mutex<Common>);

#[derive(Default)]
struct Common {
    outstanding: usize,
    /// In the order of the answers; those that somebody has taken are dropped by who looks.
    failures: Vec<Py<PgPending>>,
    waiters: Vec<Py<PyAny>>,
    abandoned: bool,
}

/// The outcome of one statement.
#[pyclass(frozen, module = "ferrow._core")]
pub struct PgPending(Mutex<State>);

struct State {
    /// Until it is there: then a failure is known to the pipeline, and must not know it.
    pipeline: Option<Py<PgPipeline>>,
    outcome: Option<Kept>,
    waiters: Vec<Py<PyAny>>,
    taken: bool,
}

/// The error as an object, which the garbage collector can look into: its traceback leads to the frames of who took it.
enum Kept {
    Result(Option<Py<Result>>),
    Error(Py<PyBaseException>),
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[pymethods]
impl PgPipeline {
    #[new]
    fn new() -> PgPipeline {
        PgPipeline::default()
    }

    /// Statements that are not answered.
    #[getter]
    pub fn outstanding(&self) -> usize {
        locked(&self.0).outstanding
    }

    /// The first that failed and was not taken.
    fn failure(&self, py: Python<'_>) -> Option<Py<PgPending>> {
        let mut common = locked(&self.0);
        let first = common
            .failures
            .iter()
            .position(|failure| !locked(&failure.get().0).taken);
        let before = first.unwrap_or(common.failures.len());
        common.failures.drain(..before);
        common.failures.first().map(|failure| failure.clone_ref(py))
    }

    /// The future is done once nothing is outstanding.
    fn wake(&self, py: Python<'_>, future: Py<PyAny>) -> PyResult<()> {
        {
            let mut common = locked(&self.0);
            if common.outstanding > 0 {
                common.waiters.push(future);
                return Ok(());
            }
        }
        wake(py, future)
    }

    /// Nobody wants what was not sent.
    fn abandon(&self) {
        locked(&self.0).abandoned = true;
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        let Ok(common) = self.0.try_lock() else {
            return Ok(());
        };
        for failure in &common.failures {
            visit.call(failure)?;
        }
        common
            .waiters
            .iter()
            .try_for_each(|waiter| visit.call(waiter))
    }
}

#[pymethods]
impl PgPending {
    /// Whether the answer has come.
    pub fn done(&self) -> bool {
        locked(&self.0).outcome.is_some()
    }

    /// The result, once it is there; raises the error of the statement.
    fn take(&self, py: Python<'_>) -> PyResult<Py<Result>> {
        let mut state = locked(&self.0);
        state.taken = true;
        match &state.outcome {
            Some(Kept::Result(Some(result))) => Ok(result.clone_ref(py)),
            Some(Kept::Error(error)) => Err(PyErr::from_value(error.bind(py).clone().into_any())),
            Some(Kept::Result(None)) | None => {
                Err(internal_error(py, "the statement has no result"))
            }
        }
    }

    /// Result and error, for who only looks on.
    fn outcome(&self, py: Python<'_>) -> (Option<Py<Result>>, Option<Py<PyBaseException>>) {
        match &locked(&self.0).outcome {
            Some(Kept::Result(result)) => {
                (result.as_ref().map(|result| result.clone_ref(py)), None)
            }
            Some(Kept::Error(error)) => (None, Some(error.clone_ref(py))),
            None => (None, None),
        }
    }

    /// The future is done once the answer is there.
    fn wake(&self, py: Python<'_>, future: Py<PyAny>) -> PyResult<()> {
        {
            let mut state = locked(&self.0);
            if state.outcome.is_none() {
                state.waiters.push(future);
                return Ok(());
            }
        }
        wake(py, future)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        let Ok(state) = self.0.try_lock() else {
            return Ok(());
        };
        visit.call(&state.pipeline)?;
        match &state.outcome {
            Some(Kept::Error(error)) => visit.call(error)?,
            Some(Kept::Result(Some(result))) => visit.call(result)?,
            Some(Kept::Result(None)) | None => {}
        }
        state
            .waiters
            .iter()
            .try_for_each(|waiter| visit.call(waiter))
    }
}

impl PgPending {
    /// One more statement of a pipeline.
    pub fn of(pipeline: &Bound<'_, PgPipeline>) -> PyResult<Py<PgPending>> {
        locked(&pipeline.get().0).outstanding += 1;
        let state = State {
            pipeline: Some(pipeline.clone().unbind()),
            outcome: None,
            waiters: Vec::new(),
            taken: false,
        };
        Py::new(pipeline.py(), PgPending(Mutex::new(state)))
    }

    pub fn is_gone(&self) -> bool {
        let state = locked(&self.0);
        let pipeline = state.pipeline.as_ref();
        pipeline.is_none_or(|pipeline| locked(&pipeline.get().0).abandoned)
    }

    /// The answer has come. Called while no session is borrowed: who waits may be woken.
    pub fn settle(slf: &Bound<'_, Self>, outcome: Outcome) -> PyResult<()> {
        let py = slf.py();
        let failed = outcome.is_err();
        let outcome = match outcome {
            Ok(result) => Kept::Result(result),
            Err(error) => Kept::Error(error.into_value(py)),
        };
        let (pipeline, mut waiters) = {
            let mut state = locked(&slf.get().0);
            state.outcome = Some(outcome);
            (state.pipeline.take(), std::mem::take(&mut state.waiters))
        };
        if let Some(pipeline) = pipeline {
            let mut common = locked(&pipeline.get().0);
            common.outstanding = common.outstanding.saturating_sub(1);
            if failed {
                common.failures.push(slf.clone().unbind());
            }
            if common.outstanding == 0 {
                waiters.append(&mut common.waiters);
            }
        }
        let mut woken = Ok(());
        for waiter in waiters {
            woken = woken.and(wake(py, waiter));
        }
        woken
    }
}

fn wake(py: Python<'_>, future: Py<PyAny>) -> PyResult<()> {
    let future = future.bind(py);
    if future.call_method0(intern!(py, "done"))?.is_truthy()? {
        return Ok(()); // its task was cancelled
    }
    future
        .call_method1(intern!(py, "set_result"), (py.None(),))
        .map(drop)
}
