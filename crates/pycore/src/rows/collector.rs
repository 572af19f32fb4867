//! Collects the rows of one result in the asked shape.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use super::row::{Header, Row};
use super::shape::{Form, Shape};
use crate::raise::interface_error;

/// The values of one row. `next(i)` is called with growing `i`; values in between may be skipped.
pub trait Values<'py> {
    fn next(&mut self, index: usize) -> PyResult<Bound<'py, PyAny>>;
}

pub struct Collector {
    shape: Py<Shape>,
    width: usize,
    names: Py<PyTuple>,
    header: Option<Py<Header>>,
    rows: Py<PyList>,
}

impl Collector {
    /// Fails when the result cannot take the shape: an instance plan with another number of columns.
    pub fn new(py: Python<'_>, shape: Py<Shape>, names: Py<PyTuple>) -> PyResult<Collector> {
        let header = match &shape.get().form {
            Form::Rows => Some(Header::new(py, &names)?),
            _ => None,
        };
        Collector::build(py, shape, names, header)
    }

    /// The same with a header that was made before, for another result of the statement.
    pub fn under(py: Python<'_>, shape: Py<Shape>, header: &Py<Header>) -> PyResult<Collector> {
        let names = header.get().names().clone_ref(py);
        Collector::build(py, shape, names, Some(header.clone_ref(py)))
    }

    fn build(
        py: Python<'_>,
        shape: Py<Shape>,
        names: Py<PyTuple>,
        header: Option<Py<Header>>,
    ) -> PyResult<Collector> {
        let width = names.bind(py).len();
        match &shape.get().form {
            Form::Instances(plan) if plan.width() != width => {
                return Err(interface_error(
                    py,
                    format!(
                        "the result has {width} columns {}, but {} is built from {}; select exactly its columns",
                        names.bind(py).repr()?,
                        plan.class(py).name()?,
                        plan.width(),
                    ),
                ));
            }
            Form::Parts(parts) if parts.width() != width => {
                return Err(interface_error(
                    py,
                    format!(
                        "the result has {width} columns {}, but a row of {} is built from {}; select exactly its columns",
                        names.bind(py).repr()?,
                        parts.describe(py)?,
                        parts.width(),
                    ),
                ));
            }
            Form::Column(index) if *index >= width => {
                return Err(interface_error(
                    py,
                    format!("column {index} was asked for, but the result has {width} columns"),
                ));
            }
            _ => {}
        }
        Ok(Collector {
            shape,
            width,
            names,
            header,
            rows: PyList::empty(py).unbind(),
        })
    }

    pub fn names(&self) -> &Py<PyTuple> {
        &self.names
    }

    pub fn rows(&self) -> &Py<PyList> {
        &self.rows
    }

    /// Spares the garbage collector, which may start while the next rows are awaited, to go through those that are here: of
    /// rows made without anybody's code none can be garbage. `show` ends that.
    pub fn hide(&self, py: Python<'_>) {
        if !self.rows.bind(py).is_empty() && is_tracked(self.rows.bind(py)) {
            untrack(self.rows.bind(py));
        }
    }

    /// The rows are about to be somebody's.
    pub fn show(&self, py: Python<'_>) {
        if !is_tracked(self.rows.bind(py)) {
            // SAFETY: a live list, whole, that the collector does not know.
            unsafe { ffi::PyObject_GC_Track(self.rows.as_ptr().cast()) }
        }
    }

    /// The rows so far; the next ones go into a new list.
    pub fn take_rows(&mut self, py: Python<'_>) -> Py<PyList> {
        std::mem::replace(&mut self.rows, PyList::empty(py).unbind())
    }

    /// Whether rows are built without running anybody's Python code.
    pub fn quiet(&self) -> bool {
        match &self.shape.get().form {
            Form::Instances(plan) => plan.quiet(),
            Form::Parts(parts) => parts.quiet(),
            Form::Tuples | Form::Rows | Form::Dicts | Form::Column(_) => true,
        }
    }

    #[inline]
    pub fn push<'py>(&self, py: Python<'py>, values: &mut impl Values<'py>) -> PyResult<()> {
        let object = match &self.shape.get().form {
            Form::Tuples => tuple(py, self.width, |index| values.next(index))?.into_any(),
            Form::Rows => match &self.header {
                Some(header) => Row::filled(py, header, self.width, values)?.into_any(),
                None => tuple(py, self.width, |index| values.next(index))?.into_any(),
            },
            Form::Dicts => {
                let dict = PyDict::new(py);
                for (index, name) in self.names.bind(py).iter_borrowed().enumerate() {
                    dict.set_item(name, values.next(index)?)?;
                }
                dict.into_any()
            }
            Form::Column(index) => values.next(*index)?,
            Form::Instances(plan) => plan.instance(py, values)?,
            Form::Parts(parts) => {
                let mut elements = parts.elements(values);
                tuple(py, parts.len(), |_| elements.next(py))?.into_any()
            }
        };
        self.rows.bind(py).append(object)
    }
}

/// A tuple filled in place. The garbage collector knows it only if a cycle can lead through it.
#[inline]
pub fn tuple<'py>(
    py: Python<'py>,
    width: usize,
    mut next: impl FnMut(usize) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyTuple>> {
    // SAFETY: the tuple has `width` empty places; each gets one new reference, which it steals. A tuple given up half
    // full is valid: its destructor skips empty places.
    unsafe {
        let tuple =
            Bound::from_owned_ptr_or_err(py, ffi::PyTuple_New(ffi::Py_ssize_t::try_from(width)?))?;
        let mut plain = true;
        for index in 0..width {
            let value = next(index)?;
            plain &= !collectable(&value);
            ffi::PyTuple_SET_ITEM(tuple.as_ptr(), index as ffi::Py_ssize_t, value.into_ptr());
        }
        if plain {
            untrack(&tuple);
        }
        Ok(tuple.cast_into_unchecked())
    }
}

/// Spares the collector an object that holds nothing it could find: it would come to the same conclusion for every tuple
/// by itself, which takes it longer than the tuple took to make.
#[inline]
pub(super) fn untrack(object: &Bound<'_, PyAny>) {
    // SAFETY: a live object of a type that the collector knows, never changed after this.
    unsafe { ffi::PyObject_GC_UnTrack(object.as_ptr().cast()) }
}

fn is_tracked(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object.
    unsafe { ffi::PyObject_GC_IsTracked(object.as_ptr()) != 0 }
}

/// Whether an object may hold others.
#[inline]
pub(super) fn collectable(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the type of a live object.
    unsafe { ffi::PyType_HasFeature(value.get_type_ptr(), ffi::Py_TPFLAGS_HAVE_GC) != 0 }
}

/// Interned column names, so that dict keys and attribute look-ups compare by identity.
pub fn column_names<'a>(
    py: Python<'_>,
    names: impl ExactSizeIterator<Item = &'a str>,
) -> PyResult<Py<PyTuple>> {
    Ok(PyTuple::new(py, names.map(|name| PyString::intern(py, name)))?.unbind())
}
