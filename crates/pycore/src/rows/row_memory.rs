//! How a row lies in memory: its values behind it, in one piece, as those of a tuple do.
//!
//! With a tuple to hold them there were two pieces to allocate, to touch for the first time, and to free: that took a sixth of the
//! time of a result of 10,000 rows.

use std::ptr;

use pyo3::exceptions::PySystemError;
use pyo3::prelude::*;
use pyo3::{PyTypeInfo, ffi};

use super::fill::Next;
use super::kept_rows;
use super::pause::has_gil;
use super::row::{Header, Row};

/// A row as CPython sees it: `row.count` is the `ob_size` of a `PyVarObject`. The values follow.
#[repr(C)]
pub struct Memory {
    head: ffi::PyObject,
    pub(super) row: Row,
}

/// Tells CPython that there are values behind each row. Before there is one.
pub fn prepare(py: Python<'_>) -> PyResult<()> {
    let class = Row::type_object_raw(py);
    // SAFETY: a type that has no instances yet, and cannot have subclasses.
    unsafe {
        if usize::try_from((*class).tp_basicsize)? != size_of::<Memory>() {
            return Err(PySystemError::new_err(
                "rows lie in memory otherwise than this module was written for",
            ));
        }
        (*class).tp_itemsize = size_of::<Py<PyAny>>() as ffi::Py_ssize_t;
        if has_gil() {
            (*class).tp_free = Some(kept_rows::free);
        }
    }
    Ok(())
}

impl Row {
    /// A row of the next `width` values. The garbage collector knows it only if a cycle can lead through it.
    #[inline(always)]
    pub fn filled<'py, E: From<PyErr>>(
        py: Python<'py>,
        header: &Py<Header>,
        width: usize,
        values: &mut impl Next<'py, E>,
    ) -> Result<Bound<'py, Row>, E> {
        // SAFETY: room for a row and `width` values, which nobody sees before it is filled. The row counts those that are there
        // already: given up half full, it is valid.
        unsafe {
            let memory = allocate(py, width)?;
            let row = &raw mut (*memory).row;
            row.write(Row {
                count: 0,
                header: header.clone_ref(py),
            });
            let made = Bound::from_owned_ptr(py, memory.cast()).cast_into_unchecked::<Row>();
            let items: *mut Py<PyAny> = memory.add(1).cast();
            for index in 0..width {
                items.add(index).write(values.next(index)?.unbind());
                (*row).count += 1;
            }
            if values.is_collectable() {
                ffi::PyObject_GC_Track(memory.cast());
            }
            Ok(made)
        }
    }

    /// The values, in order.
    #[inline]
    pub fn objects(&self) -> &[Py<PyAny>] {
        // SAFETY: `filled` makes all rows there are, and puts so many values behind each of them.
        unsafe {
            std::slice::from_raw_parts(ptr::from_ref(self).add(1).cast(), self.count as usize)
        }
    }
}

/// A row of this size that has nothing in it yet; the garbage collector does not know it.
#[inline]
unsafe fn allocate(py: Python<'_>, width: usize) -> PyResult<*mut Memory> {
    let class = Row::type_object_raw(py);
    let size = ffi::Py_ssize_t::try_from(width)?;
    // SAFETY: a live type, and memory that belongs to nobody.
    unsafe {
        if let Some(memory) = kept_rows::take(width) {
            ffi::PyObject_InitVar(memory.cast(), class, size);
            return Ok(memory);
        }
        let memory: *mut Memory = ffi::PyObject_GC_NewVar(class, size);
        if memory.is_null() {
            return Err(PyErr::fetch(py));
        }
        Ok(memory)
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        for value in self.objects() {
            // SAFETY: a reference that is the row's, given up once; only CPython drops rows, attached to this thread.
            unsafe { ffi::Py_DECREF(value.as_ptr()) }
        }
    }
}
