//! The only answer of a read: the task that waits for it goes on within that read.
//!
//! A future would have the loop call the task in its next turn, and on asyncio a turn is a system call and some twenty frames of Python
//! between an answer and the request that follows it. Answers that come together still go the usual way: what their tasks ask for next
//! is then written together.

use std::ffi::CStr;

use pyo3::exceptions::PyException;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyCFunction, PyList, PyTuple};

use super::deliver::settle;
use crate::lazy::FUTURE;
use crate::rows::Result;

/// What `_asyncio` calls the function by which it has a task go on.
const WAKEUP: &CStr = c"task_wakeup";

pub(super) struct Answer {
    pub future: Py<PyAny>,
    pub result: Option<Py<Result>>,
}

impl Answer {
    /// Sets the result, and has the task that waits for it go on before this returns.
    pub(super) fn deliver(self, py: Python<'_>) -> PyResult<()> {
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
    // An interrupt or `sys.exit`, which ends the loop and not the connection.
    let raise = PyCFunction::new_closure(py, None, None, move |args, _| {
        Err::<(), _>(error.clone_ref(args.py()))
    })?;
    call_soon.call1((raise,)).map(drop)
}
