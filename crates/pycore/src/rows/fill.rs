//! Tuples and lists filled in place, and what the garbage collector knows of them.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::pause::has_gil;

/// What fills a row, from left to right.
pub trait Next<'py, E> {
    fn next(&mut self, index: usize) -> Result<Bound<'py, PyAny>, E>;

    /// Whether a cycle can lead through what it gave.
    fn is_collectable(&self) -> bool;
}

/// Values that are looked at one by one.
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

/// A tuple filled in place. The garbage collector knows it only if a cycle can lead through it: it would come to the same
/// conclusion for every tuple by itself, which takes it longer than the tuple took to make.
#[inline]
pub fn tuple<'py>(
    py: Python<'py>,
    width: usize,
    next: impl FnMut(usize) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyTuple>> {
    tuple_of(py, width, &mut Looked::new(next))
}

/// The same.
#[inline(always)]
pub(super) fn tuple_of<'py, E: From<PyErr>>(
    py: Python<'py>,
    width: usize,
    values: &mut impl Next<'py, E>,
) -> Result<Bound<'py, PyTuple>, E> {
    if width == 0 {
        return Ok(PyTuple::empty(py));
    }
    // SAFETY: `Unfinished` has `width` places, and each gets one new reference before the tuple is anybody's.
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

/// A tuple that nobody has yet, nor does the collector know it. `PyTuple_New` has it known first, which is undone again for nearly
/// every row, and clears its places.
struct Unfinished {
    tuple: *mut ffi::PyTupleObject,
    filled: usize,
}

impl Unfinished {
    #[inline(always)]
    fn new(py: Python<'_>, width: usize) -> PyResult<Unfinished> {
        // SAFETY: memory for that many places. What CPython 3.14 keeps in front of them is the hash; -1 means none.
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
        // SAFETY: the places of a live tuple.
        unsafe { (&raw mut (*self.tuple).ob_item).cast() }
    }
}

impl Drop for Unfinished {
    #[cold]
    fn drop(&mut self) {
        // SAFETY: the references that were written, and memory from `PyObject_GC_NewVar` that the collector does not know.
        unsafe {
            for index in 0..self.filled {
                ffi::Py_DECREF(self.items().add(index).read());
            }
            ffi::PyObject_GC_Del(self.tuple.cast());
        }
    }
}

/// `PyList_Append`, which takes the reference over.
#[inline(always)]
pub fn append(list: &Bound<'_, PyList>, value: Bound<'_, PyAny>) -> PyResult<()> {
    if !has_gil() {
        return list.append(value);
    }
    let raw = list.as_ptr().cast::<ffi::PyListObject>();
    // SAFETY: the GIL is held, so nobody else changes the list; a place that is allocated and not counted is free.
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

/// Spares the collector an object that holds nothing it could find.
#[inline]
pub(super) fn untrack(object: &Bound<'_, PyAny>) {
    // SAFETY: a live object of a type that the collector knows, never changed after this.
    unsafe { ffi::PyObject_GC_UnTrack(object.as_ptr().cast()) }
}

pub(super) fn is_tracked(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object.
    unsafe { ffi::PyObject_GC_IsTracked(object.as_ptr()) != 0 }
}

/// Whether an object may hold others.
#[inline]
pub fn collectable(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the type of a live object.
    unsafe { ffi::PyType_HasFeature(value.get_type_ptr(), ffi::Py_TPFLAGS_HAVE_GC) != 0 }
}
