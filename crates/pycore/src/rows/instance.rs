//! Objects built without running their constructor.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

/// What `object.__new__(class)` makes. (`tp_alloc` would lack the compact inline attribute values of CPython 3.11.)
pub fn new_instance<'py>(class: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    let empty = PyTuple::empty(py);
    // SAFETY: `object` has a tp_new; it gets a class, an empty tuple and no keywords, and returns a new reference or NULL.
    unsafe {
        let object = &raw mut ffi::PyBaseObject_Type;
        let Some(new) = (*object).tp_new else {
            return Err(pyo3::exceptions::PyTypeError::new_err(
                "object has no constructor",
            ));
        };
        Bound::from_owned_ptr_or_err(
            py,
            new(class.as_ptr().cast(), empty.as_ptr(), std::ptr::null_mut()),
        )
    }
}

/// `class.__new__(class, *arguments)`.
pub fn new_from<'py>(
    class: &Bound<'py, PyType>,
    arguments: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    let raw: *mut ffi::PyTypeObject = class.as_ptr().cast();
    // SAFETY: a live class, a tuple and no keywords; a new reference or NULL with an error set.
    unsafe {
        match (*raw).tp_new {
            Some(new) => {
                Bound::from_owned_ptr_or_err(py, new(raw, arguments.as_ptr(), std::ptr::null_mut()))
            }
            None => Err(pyo3::exceptions::PyTypeError::new_err(format!(
                "{} has no constructor",
                class.name()?
            ))),
        }
    }
}

/// `object.__setattr__(instance, name, value)`, which no class can override.
pub fn set_attribute(
    instance: &Bound<'_, PyAny>,
    name: &Bound<'_, PyAny>,
    value: &Bound<'_, PyAny>,
) -> PyResult<()> {
    // SAFETY: three live objects; the call does not steal references.
    let status =
        unsafe { ffi::PyObject_GenericSetAttr(instance.as_ptr(), name.as_ptr(), value.as_ptr()) };
    check(instance.py(), status)
}

/// `descriptor.__set__(instance, value)`: the fast way into a slot.
pub fn set_by_descriptor(
    descriptor: &Bound<'_, PyAny>,
    instance: &Bound<'_, PyAny>,
    value: &Bound<'_, PyAny>,
) -> PyResult<()> {
    // SAFETY: the slot function of a live type object is called with live objects.
    unsafe {
        match (*descriptor.get_type_ptr()).tp_descr_set {
            Some(set) => {
                let status = set(descriptor.as_ptr(), instance.as_ptr(), value.as_ptr());
                check(instance.py(), status)
            }
            None => Err(pyo3::exceptions::PyTypeError::new_err(format!(
                "{} is not a slot",
                descriptor.repr()?
            ))),
        }
    }
}

/// `instance.__dict__ = dict`.
pub fn set_dict(instance: &Bound<'_, PyAny>, dict: &Bound<'_, PyAny>) -> PyResult<()> {
    // SAFETY: live objects; the closure pointer is unused by this function.
    let status = unsafe {
        ffi::PyObject_GenericSetDict(instance.as_ptr(), dict.as_ptr(), std::ptr::null_mut())
    };
    check(instance.py(), status)
}

fn check(py: Python<'_>, status: std::ffi::c_int) -> PyResult<()> {
    if status == 0 {
        Ok(())
    } else {
        Err(PyErr::fetch(py))
    }
}
