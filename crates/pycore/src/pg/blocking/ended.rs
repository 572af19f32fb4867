//! A handler that ends the program: with Ctrl-C, which came while it was at work, or with `sys.exit`.

use pyo3::exceptions::{PyKeyboardInterrupt, PySystemExit};
use pyo3::prelude::*;
use pyo3::types::PyCFunction;

use crate::pg::session::PgSession;

/// A handler's error is nobody's: not that of the statement during which the notice came. The end of the program is everybody's.
pub fn called(
    slf: &Bound<'_, PgSession>,
    handler: &Bound<'_, PyAny>,
    outcome: PyResult<Bound<'_, PyAny>>,
) -> PyResult<()> {
    match passed_on(slf, outcome.map(drop)) {
        Err(error) if !is_end(slf.py(), &error) => {
            error.write_unraisable(slf.py(), Some(handler));
            Ok(())
        }
        outcome => outcome,
    }
}

/// The end of the program comes out of the blocking call, or of the event loop. That does not raise it in the middle of reading: not
/// every transport would go on reading after that.
pub fn passed_on(slf: &Bound<'_, PgSession>, outcome: PyResult<()>) -> PyResult<()> {
    let py = slf.py();
    let call_soon = match (&outcome, slf.try_borrow()) {
        (Err(error), Ok(this)) if is_end(py, error) && this.transport.is_some() => this
            .call_soon
            .as_ref()
            .map(|call_soon| call_soon.clone_ref(py)),
        _ => None,
    };
    match (outcome, call_soon) {
        (Err(error), Some(call_soon)) => raised_by(py, &call_soon, error),
        (outcome, _) => outcome,
    }
}

/// Has the loop raise the error, which ends the loop and not the connection.
pub fn raised_by(py: Python<'_>, call_soon: &Py<PyAny>, error: PyErr) -> PyResult<()> {
    let raise = PyCFunction::new_closure(py, None, None, move |args, _| {
        Err::<(), _>(error.clone_ref(args.py()))
    })?;
    call_soon.bind(py).call1((raise,)).map(drop)
}

/// What event loops do not take for an error of a callback either.
fn is_end(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<PyKeyboardInterrupt>(py) || error.is_instance_of::<PySystemExit>(py)
}
