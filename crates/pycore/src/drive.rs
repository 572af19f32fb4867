//! Runs a coroutine that never waits.

use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;

use crate::thread_end::stay;

/// What `ferrow.wire.drive` describes. Here, because a coroutine's value comes without a StopIteration being raised, which
/// in Python is most of what a short call costs.
#[pyfunction]
pub fn drive<'py>(coro: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = coro.py();
    stay(py);
    let mut value = std::ptr::null_mut();
    // SAFETY: two live objects, and a place for the new reference that the call gives unless it fails.
    let (sent, value) = unsafe {
        let sent = ffi::PyIter_Send(coro.as_ptr(), ffi::Py_None(), &raw mut value);
        (sent, Bound::from_owned_ptr_or_err(py, value)?)
    };
    if sent == ffi::PySendResult::PYGEN_RETURN {
        return Ok(value);
    }
    coro.call_method0(intern!(py, "close"))?;
    let name = coro
        .getattr(intern!(py, "__qualname__"))
        .unwrap_or_else(|_| coro.clone());
    Err(PyRuntimeError::new_err(format!(
        "{name} waited in the blocking world; it must take what it waits for from the World it was given"
    )))
}
