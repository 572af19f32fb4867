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
        let width = names.bind(py).len();
        let mut header = None;
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
            Form::Column(index) if *index >= width => {
                return Err(interface_error(
                    py,
                    format!("column {index} was asked for, but the result has {width} columns"),
                ));
            }
            Form::Rows => header = Some(Header::new(py, &names)?),
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

    /// The rows so far; the next ones go into a new list.
    pub fn take_rows(&mut self, py: Python<'_>) -> Py<PyList> {
        std::mem::replace(&mut self.rows, PyList::empty(py).unbind())
    }

    #[inline]
    pub fn push<'py>(&self, py: Python<'py>, values: &mut impl Values<'py>) -> PyResult<()> {
        let object = match &self.shape.get().form {
            Form::Tuples => tuple(py, self.width, values)?.into_any(),
            Form::Rows => {
                let tuple = tuple(py, self.width, values)?;
                match &self.header {
                    Some(header) => Row::new(py, header, tuple)?.into_any(),
                    None => tuple.into_any(),
                }
            }
            Form::Dicts => {
                let dict = PyDict::new(py);
                for (index, name) in self.names.bind(py).iter_borrowed().enumerate() {
                    dict.set_item(name, values.next(index)?)?;
                }
                dict.into_any()
            }
            Form::Column(index) => values.next(*index)?,
            Form::Instances(plan) => plan.instance(py, values)?,
        };
        self.rows.bind(py).append(object)
    }
}

/// A tuple filled in place.
#[inline]
fn tuple<'py>(
    py: Python<'py>,
    width: usize,
    values: &mut impl Values<'py>,
) -> PyResult<Bound<'py, PyTuple>> {
    // SAFETY: the tuple has `width` empty places; each gets one new reference, which it steals. A tuple given up half
    // full is valid: its destructor skips empty places.
    unsafe {
        let tuple =
            Bound::from_owned_ptr_or_err(py, ffi::PyTuple_New(ffi::Py_ssize_t::try_from(width)?))?;
        for index in 0..width {
            let value = values.next(index)?;
            ffi::PyTuple_SET_ITEM(tuple.as_ptr(), index as ffi::Py_ssize_t, value.into_ptr());
        }
        Ok(tuple.cast_into_unchecked())
    }
}

/// Interned column names, so that dict keys and attribute look-ups compare by identity.
pub fn column_names<'a>(
    py: Python<'_>,
    names: impl ExactSizeIterator<Item = &'a str>,
) -> PyResult<Py<PyTuple>> {
    Ok(PyTuple::new(py, names.map(|name| PyString::intern(py, name)))?.unbind())
}
