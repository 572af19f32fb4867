//! Instances and their rows, side by side.

use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

pub struct Entry<'py> {
    pub key: Bound<'py, PyAny>,
    pub instance: Bound<'py, PyAny>,
    pub row: Bound<'py, PyTuple>,
    /// Whether anybody but the dict holds the instance.
    pub held: bool,
}

/// Whether there is a reference to an object besides the one of what it is in, and this.
pub fn is_held(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object.
    unsafe { ffi::Py_REFCNT(object.as_ptr()) > 2 }
}

/// Two dicts side by side.
pub struct Followed<'a, 'py> {
    instances: &'a Bound<'py, PyDict>,
    rows: &'a Bound<'py, PyDict>,
    length: usize,
    place: ffi::Py_ssize_t,
    row_place: ffi::Py_ssize_t,
}

impl<'a, 'py> Followed<'a, 'py> {
    pub fn new(
        instances: &'a Bound<'py, PyDict>,
        rows: &'a Bound<'py, PyDict>,
    ) -> Followed<'a, 'py> {
        Followed {
            instances,
            rows,
            length: instances.len(),
            place: 0,
            row_place: 0,
        }
    }

    fn entry(
        &self,
        key: Bound<'py, PyAny>,
        instance: Bound<'py, PyAny>,
        other: &Bound<'py, PyAny>,
        row: Bound<'py, PyAny>,
    ) -> PyResult<Entry<'py>> {
        if self.instances.len() != self.length || !other.is(&key) {
            return Err(PyRuntimeError::new_err(
                "instances were followed or forgotten while they were compared: by a method of a model or of one of its values",
            ));
        }
        let held = is_held(&instance);
        let row = if self.rows.is(self.instances) {
            PyTuple::empty(key.py())
        } else {
            row.cast_into::<PyTuple>()?
        };
        Ok(Entry {
            key,
            instance,
            row,
            held,
        })
    }
}

impl<'py> Iterator for Followed<'_, 'py> {
    type Item = PyResult<Entry<'py>>;

    fn next(&mut self) -> Option<Self::Item> {
        let py = self.instances.py();
        let (mut key, mut instance) = (std::ptr::null_mut(), std::ptr::null_mut());
        let (mut other, mut row) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: live dicts; the borrowed references are made our own before any other code runs. Should that code change a dict,
        // `PyDict_Next` stays inside it, and `entry` notices.
        unsafe {
            if ffi::PyDict_Next(
                self.instances.as_ptr(),
                &raw mut self.place,
                &raw mut key,
                &raw mut instance,
            ) == 0
                || ffi::PyDict_Next(
                    self.rows.as_ptr(),
                    &raw mut self.row_place,
                    &raw mut other,
                    &raw mut row,
                ) == 0
            {
                return None;
            }
            let key = Bound::from_borrowed_ptr(py, key);
            let instance = Bound::from_borrowed_ptr(py, instance);
            let other = Bound::from_borrowed_ptr(py, other);
            let row = Bound::from_borrowed_ptr(py, row);
            Some(self.entry(key, instance, &other, row))
        }
    }
}
