//! Tuples and lists filled in place, tracked by the garbage collector only where they have to be.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::pause::has_gil;

/// The values of a row, from left to right.
pub trait Next<'py, E> {
    fn next(&mut self, index: usize) -> Result<Bound<'py, PyAny>, E>;

    /// Whether a value that it gave can be part of a reference cycle.
    fn is_collectable(&self) -> bool;
}

/// Values each of which is asked whether it can be part of a cycle.
pub(super) struct Looked<F> {
    next: F,
    collectable: bool,
}

impl<F> Looked<F> {
    #[inline]
    pub(super) fn new(next: F) -> Looked<F> {
        Looked {
            next,
            collectable: false,
        }
    }
}

impl<'py, E, F: FnMut(usize) -> Result<Bound<'py, PyAny>, E>> Next<'py, E> for Looked<F> {
    #[inline(always)]
    fn next(&mut self, index: usize) -> Result<Bound<'py, PyAny>, E> {
        let value = (self.next)(index)?;
        self.collectable |= collectable(&value);
        Ok(value)
    }

    #[inline(always)]
    fn is_collectable(&self) -> bool {
        self.collectable
    }
}

/// A tuple filled in place, tracked by the garbage collector only if it can be part of a cycle. The collector would untrack it by
/// itself, which takes longer than building the tuple.
#[inline]
pub fn tuple<'py>(
    py: Python<'py>,
    width: usize,
    next: impl FnMut(usize) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyTuple>> {
    tuple_of(py, width, &mut Looked::new(next))
}

#[inline(always)]
pub(super) fn tuple_of<'py, E: From<PyErr>>(
    py: Python<'py>,
    width: usize,
    values: &mut impl Next<'py, E>,
) -> Result<Bound<'py, PyTuple>, E> {
    if width == 0 {
        return Ok(PyTuple::empty(py));
    }
    // SAFETY: `Unfinished` has `width` items, and each is set to an owned reference before the tuple is handed out.
    unsafe {
        let mut unfinished = Unfinished::new(py, width)?;
        let items = unfinished.items();
        for index in 0..width {
            items.add(index).write(values.next(index)?.into_ptr());
            unfinished.filled = index + 1;
        }
        let tuple = unfinished.tuple;
        std::mem::forget(unfinished);
        if values.is_collectable() {
            ffi::PyObject_GC_Track(tuple.cast());
        }
        Ok(Bound::from_owned_ptr(py, tuple.cast()).cast_into_unchecked())
    }
}

/// An untracked tuple that is being filled. `PyTuple_New` would track it, which nearly every row would undo, and clear its items.
struct Unfinished {
    tuple: *mut ffi::PyTupleObject,
    filled: usize,
}

impl Unfinished {
    #[inline(always)]
    fn new(py: Python<'_>, width: usize) -> PyResult<Unfinished> {
        // SAFETY: memory for that many items. CPython 3.14 has the cached hash in front of them; -1 means none.
        unsafe {
            let tuple: *mut ffi::PyTupleObject =
                ffi::PyObject_GC_NewVar(&raw mut ffi::PyTuple_Type, width as ffi::Py_ssize_t);
            if tuple.is_null() {
                return Err(PyErr::fetch(py));
            }
            let head = size_of::<ffi::PyVarObject>();
            let kept = std::mem::offset_of!(ffi::PyTupleObject, ob_item) - head;
            tuple.cast::<u8>().add(head).write_bytes(0xff, kept);
            Ok(Unfinished { tuple, filled: 0 })
        }
    }

    #[inline(always)]
    fn items(&self) -> *mut *mut ffi::PyObject {
        // SAFETY: the items of a live tuple.
        unsafe { (&raw mut (*self.tuple).ob_item).cast() }
    }
}

impl Drop for Unfinished {
    #[cold]
    fn drop(&mut self) {
        // SAFETY: the references that were written, and untracked memory from `PyObject_GC_NewVar`.
        unsafe {
            for index in 0..self.filled {
                ffi::Py_DECREF(self.items().add(index).read());
            }
            ffi::PyObject_GC_Del(self.tuple.cast());
        }
    }
}

/// `PyList_Append` that steals the reference.
#[inline(always)]
pub fn append(list: &Bound<'_, PyList>, value: Bound<'_, PyAny>) -> PyResult<()> {
    if !has_gil() {
        return list.append(value);
    }
    let raw = list.as_ptr().cast::<ffi::PyListObject>();
    // SAFETY: the GIL is held, so nobody else changes the list; the items from `size` to `allocated` are free.
    unsafe {
        let size = ffi::Py_SIZE(list.as_ptr());
        if size >= (*raw).allocated {
            return list.append(value);
        }
        (*raw).ob_item.add(size as usize).write(value.into_ptr());
        (*raw).ob_base.ob_size = size + 1;
    }
    Ok(())
}

/// Untracks an object that cannot be part of a cycle.
#[inline]
pub(super) fn untrack(object: &Bound<'_, PyAny>) {
    // SAFETY: a live object of a type with garbage collection, never changed after this.
    unsafe { ffi::PyObject_GC_UnTrack(object.as_ptr().cast()) }
}

pub(super) fn is_tracked(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object.
    unsafe { ffi::PyObject_GC_IsTracked(object.as_ptr()) != 0 }
}

/// Whether an object can be part of a reference cycle.
#[inline]
pub fn collectable(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the type of a live object.
    unsafe { ffi::PyType_HasFeature(value.get_type_ptr(), ffi::Py_TPFLAGS_HAVE_GC) != 0 }
}
