//! Documents and lists as they were: what tells whether a value was changed in place.

use pyo3::exceptions::PyIndexError;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMemoryView, PyString, PyTuple,
};

use super::side::is_held;
use crate::lazy::DEEPCOPY;
use crate::rows::tuple;

/// How deep documents are followed here; below that Python does it, whose recursion has an end.
const DEEP: u32 = 100;

/// Whether a value is of a class whose objects cannot change.
pub fn is_atom(value: &Bound<'_, PyAny>) -> bool {
    value.is_none()
        || value.is_exact_instance_of::<PyString>()
        || value.is_exact_instance_of::<PyInt>()
        || value.is_exact_instance_of::<PyBool>()
        || value.is_exact_instance_of::<PyFloat>()
        || value.is_exact_instance_of::<PyBytes>()
}

/// Whether nobody can change a value: it cannot change, or what refers to it, and to all inside it, is what it is in, and ourselves.
pub fn is_alone(value: &Bound<'_, PyAny>, depth: u32) -> bool {
    if is_atom(value) {
        return true;
    }
    if depth >= DEEP || is_held(value) {
        return false;
    }
    if let Ok(dict) = value.cast_exact::<PyDict>() {
        return dict.iter().all(|(_, item)| is_alone(&item, depth + 1));
    }
    value
        .cast_exact::<PyList>()
        .is_ok_and(|list| list.iter().all(|item| is_alone(&item, depth + 1)))
}

/// A row of values, with copies of those that can change.
pub fn taken<'py>(
    py: Python<'py>,
    values: &mut Vec<Bound<'py, PyAny>>,
    kept: impl Iterator<Item = bool>,
) -> PyResult<Bound<'py, PyTuple>> {
    for (value, kept) in values.iter_mut().zip(kept) {
        if kept {
            *value = copied(value)?;
        }
    }
    let width = values.len();
    let mut values = values.drain(..);
    tuple(py, width, |_| {
        let value = values.next();
        value.ok_or_else(|| PyIndexError::new_err("a value too few"))
    })
}

/// A copy that in-place changes of `value` do not reach.
#[pyfunction]
#[pyo3(signature = (value, /))]
pub fn copied<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    copy(value, 0)
}

fn copy<'py>(value: &Bound<'py, PyAny>, depth: u32) -> PyResult<Bound<'py, PyAny>> {
    if is_atom(value) {
        return Ok(value.clone());
    }
    if depth < DEEP {
        if value.is_exact_instance_of::<PyDict>() {
            // Items of a copy: what is copied below may run code that changes the original.
            let made = value.cast::<PyDict>()?.copy()?;
            let items = made.items();
            for item in items.iter() {
                let (key, item) = item.extract::<(Bound<'py, PyAny>, Bound<'py, PyAny>)>()?;
                if !is_atom(&item) {
                    made.set_item(key, copy(&item, depth + 1)?)?;
                }
            }
            return Ok(made.into_any());
        }
        if value.is_exact_instance_of::<PyList>() {
            let made = PyList::empty(value.py());
            for item in value.cast::<PyList>()?.iter() {
                made.append(copy(&item, depth + 1)?)?;
            }
            return Ok(made.into_any());
        }
    }
    if value.is_exact_instance_of::<PyMemoryView>() {
        return content(value);
    }
    DEEPCOPY.get(value.py())?.call1((value,))
}

/// The bytes that a view has now.
fn content<'py>(view: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    view.call_method0(intern!(view.py(), "tobytes"))
}

/// Whether two values are stored alike. Stricter than `==`, for which 1, 1.0 and True are one value, in documents too.
#[pyfunction]
#[pyo3(signature = (one, other, /))]
pub fn same(one: &Bound<'_, PyAny>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
    alike(one, other, 0)
}

fn alike(one: &Bound<'_, PyAny>, other: &Bound<'_, PyAny>, depth: u32) -> PyResult<bool> {
    if one.is(other) {
        return Ok(true);
    }
    if one.is_exact_instance_of::<PyMemoryView>() {
        return alike(&content(one)?, other, depth);
    }
    if !one.get_type().is(other.get_type()) {
        return Ok(false);
    }
    if is_atom(one) {
        return Ok(one.eq(other)? || (one.ne(one)? && other.ne(other)?));
    }
    if depth >= DEEP * 10 {
        return Err(pyo3::exceptions::PyRecursionError::new_err(
            "a document that contains itself, or is nested too deep",
        ));
    }
    if one.is_exact_instance_of::<PyDict>() {
        return dicts(one.cast()?, other.cast()?, depth);
    }
    if one.is_exact_instance_of::<PyList>() || one.is_exact_instance_of::<PyTuple>() {
        return sequences(one, other, depth);
    }
    let name = intern!(one.py(), "__dict__");
    if let Some(fields) = one.getattr_opt(name)?
        && fields.is_truthy()?
    {
        let fields = fields.cast::<PyDict>()?.copy()?;
        return dicts(
            &fields,
            &other.getattr(name)?.cast::<PyDict>()?.copy()?,
            depth + 1,
        );
    }
    one.eq(other)
}

fn dicts(one: &Bound<'_, PyDict>, other: &Bound<'_, PyDict>, depth: u32) -> PyResult<bool> {
    if one.len() != other.len() {
        return Ok(false);
    }
    let py = one.py();
    let mut place: ffi::Py_ssize_t = 0;
    loop {
        let (mut key, mut value) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: a live dict; the borrowed references are made our own before any other code runs. Should a comparison change the
        // dict, `PyDict_Next` still stays inside it.
        let (key, value) = unsafe {
            if ffi::PyDict_Next(one.as_ptr(), &raw mut place, &raw mut key, &raw mut value) == 0 {
                return Ok(true);
            }
            (
                Bound::from_borrowed_ptr(py, key),
                Bound::from_borrowed_ptr(py, value),
            )
        };
        match other.get_item(key)? {
            Some(found) if alike(&value, &found, depth + 1)? => {}
            _ => return Ok(false),
        }
    }
}

fn sequences(one: &Bound<'_, PyAny>, other: &Bound<'_, PyAny>, depth: u32) -> PyResult<bool> {
    let length = one.len()?;
    if length != other.len()? {
        return Ok(false);
    }
    for index in 0..length {
        if !alike(&one.get_item(index)?, &other.get_item(index)?, depth + 1)? {
            return Ok(false);
        }
    }
    Ok(true)
}
