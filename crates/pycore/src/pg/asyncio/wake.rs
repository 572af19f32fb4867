//! The only answer of a read: the task that waits for it goes on within that read.
//!
//! A future would have the loop call the task in its next turn, and on asyncio a turn is a system call and some twenty frames of Python
//! between an answer and the request that follows it. Answers that come together still go the usual way: what their tasks ask for next
//! is then written together.

use std::ffi::CStr;

use pyo3::exceptions::{PyException, PyRuntimeError, PyStopIteration};
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyCFunction, PyList, PyTuple};

use crate::lazy::FUTURE;
use crate::pg::blocking::ended::raised_by;
use crate::pg::core::reply::{Outcome, Reply};
use crate::pg::session::PgSession;
use crate::pg::session::deliver::{Deliveries, deliver_rest, worked};
use crate::rows::Result;

/// What `_asyncio` calls the function by which it has a task go on.
const WAKEUP: &CStr = c"task_wakeup";

pub struct Answer {
    pub future: Py<PyAny>,
    pub result: Option<Py<Result>>,
}

/// As `delivering`, but for an answer that has come alone: whoever gets it may do anything, so that comes last.
pub fn hearing<T>(
    slf: &Bound<'_, PgSession>,
    work: impl FnOnce(&mut PgSession) -> PyResult<T>,
) -> PyResult<(T, Option<Answer>)> {
    let (value, mut deliveries, unfinished) = worked(slf, work)?;
    let answer = only_answer(&mut deliveries);
    let mut outcome = deliveries.deliver(slf);
    if unfinished {
        outcome = outcome.and(deliver_rest(slf));
    }
    match (outcome, answer) {
        (Ok(()), answer) => Ok((value, answer)),
        (Err(error), None) => Err(error),
        (Err(error), Some(answer)) => Err(answer.deliver(slf.py()).err().unwrap_or(error)),
    }
}

/// Takes out the result of a statement, where no other is there.
fn only_answer(deliveries: &mut Deliveries) -> Option<Answer> {
    if deliveries.has_news() {
        return None; // a handler may end the program, which then comes before anything else
    }
    let finished = &mut deliveries.finished;
    match finished.as_slice() {
        [(Reply::Future(_), Ok(_))] => match finished.pop() {
            Some((Reply::Future(future), Ok(result))) => Some(Answer { future, result }),
            _ => None,
        },
        _ => None,
    }
}

impl Answer {
    /// Sets the result, and has the task that waits for it go on before this returns.
    pub fn deliver(self, py: Python<'_>) -> PyResult<()> {
        let future = self.future.bind(py);
        let task = waiting(future).filter(|(wakeup, _)| {
            let removed = future.call_method1(intern!(py, "remove_done_callback"), (wakeup,));
            removed.is_ok()
        });
        settle(py, future, Ok(self.result))?;
        task.map_or(Ok(()), |(wakeup, context)| {
            resume(future, &wakeup, &context)
        })
    }
}

/// The task that waits for a future, as a function to be called in a context; None: nobody does, or somebody else as well.
fn waiting<'py>(future: &Bound<'py, PyAny>) -> Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let py = future.py();
    if !future.get_type().is(FUTURE.get(py).ok()?) {
        return None; // another loop's own, which may want to know
    }
    let callbacks = future.getattr(intern!(py, "_callbacks")).ok()?;
    let callbacks = callbacks.cast_exact::<PyList>().ok()?;
    if callbacks.len() != 1 {
        return None;
    }
    let callback = callbacks.get_item(0).ok()?;
    let callback = callback.cast_exact::<PyTuple>().ok()?;
    let wakeup = callback.get_item(0).ok()?;
    is_wakeup(&wakeup)
        .then(|| callback.get_item(1).ok())?
        .map(|context| (wakeup, context))
}

fn is_wakeup(callback: &Bound<'_, PyAny>) -> bool {
    let Ok(function) = callback.cast_exact::<PyCFunction>() else {
        return false;
    };
    // SAFETY: a function of C has its definition, which outlives it, and its name.
    let name = unsafe {
        let function = function.as_ptr().cast::<ffi::PyCFunctionObject>();
        CStr::from_ptr((*(*function).m_ml).ml_name)
    };
    name == WAKEUP
}

fn resume(
    future: &Bound<'_, PyAny>,
    wakeup: &Bound<'_, PyAny>,
    context: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let py = future.py();
    // SAFETY: each takes a context and says whether it failed; what was entered is left.
    let outcome = unsafe {
        if ffi::PyContext_Enter(context.as_ptr()) != 0 {
            Err(PyErr::fetch(py))
        } else {
            let outcome = wakeup.call1((future,));
            if ffi::PyContext_Exit(context.as_ptr()) != 0 {
                drop(PyErr::fetch(py));
            }
            outcome
        }
    };
    let Err(error) = outcome else {
        return Ok(());
    };
    let call_soon = future
        .call_method0(intern!(py, "get_loop"))?
        .getattr(intern!(py, "call_soon"))?;
    if error.is_instance_of::<PyException>(py) {
        // Something else is at work, in a loop inside the loop.
        let kwargs = [(intern!(py, "context"), context)].into_py_dict(py)?;
        return call_soon.call((wakeup, future), Some(&kwargs)).map(drop);
    }
    raised_by(py, &call_soon.unbind(), error)
}

/// Sets the outcome of a future, unless its owner has cancelled it.
pub fn settle(py: Python<'_>, future: &Bound<'_, PyAny>, outcome: Outcome) -> PyResult<()> {
    let set = match outcome {
        Ok(result) => future.call_method1(intern!(py, "set_result"), (result,)),
        Err(error) => {
            let error = awaitable(py, error).into_value(py);
            future.call_method1(intern!(py, "set_exception"), (error,))
        }
    };
    // Asked afterwards, because it is seldom the case: a future that has been cancelled refuses both.
    match set {
        Err(_) if future.call_method0(intern!(py, "done"))?.is_truthy()? => Ok(()),
        set => set.map(drop),
    }
}

/// A future refuses StopIteration, which would end the coroutine that awaits it; PEP 479 says what to raise instead.
fn awaitable(py: Python<'_>, error: PyErr) -> PyErr {
    if !error.is_instance_of::<PyStopIteration>(py) {
        return error;
    }
    let outer = PyRuntimeError::new_err("StopIteration was raised while a result was built");
    outer.set_cause(py, Some(error));
    outer
}
