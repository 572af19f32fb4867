//! Rows by what they belong to: the collections of many owners from one result.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

/// A dict of lists: the instances by the value of an attribute, those of one value in their order.
#[pyfunction]
pub fn grouped<'py>(
    rows: &Bound<'py, PyList>,
    attribute: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyDict>> {
    let py = rows.py();
    let found = PyDict::new(py);
    for row in rows.iter() {
        let key = row.getattr(attribute)?;
        // SAFETY: live objects; the reference is borrowed from the dict, which only this function has, or NULL.
        let there = unsafe { ffi::PyDict_GetItemWithError(found.as_ptr(), key.as_ptr()) };
        if there.is_null() {
            if let Some(error) = PyErr::take(py) {
                return Err(error);
            }
            found.set_item(key, PyList::new(py, [row])?)?;
        } else {
            // SAFETY: live objects; only lists were put into the dict.
            let failed = unsafe { ffi::PyList_Append(there, row.as_ptr()) } != 0;
            if failed {
                return Err(PyErr::fetch(py));
            }
        }
    }
    Ok(found)
}
