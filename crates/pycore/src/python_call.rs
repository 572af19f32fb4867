//! Calls of Python in which a thread may end.
//!
//! Up to Python 3.13 a thread that wants the GIL back while the interpreter ends is unwound, which must not reach our frames: that
//! aborts the program. Here it stays in front of them until the process is gone, as it does with Python 3.14, and wherever PyO3
//! itself takes the GIL.

use std::hint::black_box;
use std::ptr;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

type Call = unsafe extern "C" fn(
    *mut ffi::PyObject,
    *mut ffi::PyObject,
    *mut ffi::PyObject,
) -> *mut ffi::PyObject;
type Unwound = unsafe extern "C-unwind" fn(
    *mut ffi::PyObject,
    *mut ffi::PyObject,
    *mut ffi::PyObject,
) -> *mut ffi::PyObject;

/// What `callable` gives for these arguments.
pub fn call<'py, A>(callable: &Bound<'py, PyAny>, arguments: A) -> PyResult<Bound<'py, PyAny>>
where
    A: IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>>,
    PyErr: From<A::Error>,
{
    let py = callable.py();
    let arguments = arguments.into_pyobject(py)?;
    // Not to be seen through: of the function as it is declared the compiler knows that it does not unwind.
    let function: Call = black_box(ffi::PyObject_Call);
    // SAFETY: the same function; live objects, and a new reference or NULL with an error set.
    unsafe {
        let function: Unwound = std::mem::transmute(function);
        let guard = Ended;
        let given = function(callable.as_ptr(), arguments.as_ptr(), ptr::null_mut());
        std::mem::forget(guard);
        Bound::from_owned_ptr_or_err(py, given)
    }
}

/// Dropped where the thread is unwound.
struct Ended;

impl Drop for Ended {
    #[cold]
    fn drop(&mut self) {
        loop {
            std::thread::park();
        }
    }
}
