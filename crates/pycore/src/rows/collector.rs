//! Collects the rows of one result in the asked shape.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::fill::{Looked, Next, append, is_tracked, tuple, tuple_of, untrack};
use super::recorded::Recorded;
use super::row::{Header, Row};
use super::shape::{Form, Shape};
use crate::raise::interface_error;
use crate::thread_end::stay;

/// The values of one row. `next(i)` is called with growing `i`; values in between may be skipped.
pub trait Values<'py> {
    fn next(&mut self, index: usize) -> PyResult<Bound<'py, PyAny>>;
}

/// The fast path has no value; the slow path has it, or the error.
pub struct Miss;

impl From<PyErr> for Miss {
    #[cold]
    fn from(_: PyErr) -> Miss {
        Miss
    }
}

pub struct Collector {
    shape: Py<Shape>,
    width: usize,
    names: Py<PyTuple>,
    header: Option<Py<Header>>,
    rows: Py<PyList>,
    /// What the instances among them were given, if that was asked for.
    values: Option<Py<PyList>>,
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
        stay(py);
        let (shape, values) = match &shape.get().form {
            Form::Remembered(inner) => (inner.clone_ref(py), Some(PyList::empty(py).unbind())),
            _ => (shape, None),
        };
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
            values,
        })
    }

    pub fn names(&self) -> &Py<PyTuple> {
        &self.names
    }

    pub fn rows(&self) -> &Py<PyList> {
        &self.rows
    }

    /// A tuple for each row, in the order of its columns.
    pub fn values(&self) -> Option<&Py<PyList>> {
        self.values.as_ref()
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.rows)?;
        visit.call(self.values.as_ref())
    }

    /// Spares the garbage collector, which may start while the next rows are awaited, to go through those that are here: of
    /// rows made without anybody's code none can be garbage. `show` ends that.
    pub fn hide(&self, py: Python<'_>) {
        for list in self.lists(py) {
            if !list.is_empty() && is_tracked(list) {
                untrack(list);
            }
        }
    }

    /// The rows are about to be somebody's.
    pub fn show(&self, py: Python<'_>) {
        for list in self.lists(py) {
            if !is_tracked(list) {
                // SAFETY: a live list, whole, that the collector does not know.
                unsafe { ffi::PyObject_GC_Track(list.as_ptr().cast()) }
            }
        }
    }

    fn lists<'a, 'py: 'a>(
        &'a self,
        py: Python<'py>,
    ) -> impl Iterator<Item = &'a Bound<'py, PyList>> {
        let values = self.values.as_ref().map(|values| values.bind(py));
        std::iter::once(self.rows.bind(py)).chain(values)
    }

    /// The rows so far; the next ones go into a new list.
    pub fn take_rows(&mut self, py: Python<'_>) -> Py<PyList> {
        if let Some(values) = &mut self.values {
            *values = PyList::empty(py).unbind();
        }
        std::mem::replace(&mut self.rows, PyList::empty(py).unbind())
    }

    /// Whether rows are built without running anybody's Python code.
    pub fn quiet(&self) -> bool {
        match &self.shape.get().form {
            Form::Instances(plan) => plan.quiet(),
            Form::Parts(parts) => parts.quiet(),
            Form::Tuples | Form::Rows | Form::Dicts | Form::Column(_) | Form::Remembered(_) => true,
        }
    }

    #[inline]
    pub fn push<'py>(&self, py: Python<'py>, values: &mut impl Values<'py>) -> PyResult<()> {
        let object = match &self.shape.get().form {
            Form::Tuples => tuple(py, self.width, |index| values.next(index))?.into_any(),
            Form::Rows => match &self.header {
                Some(header) => Row::filled(
                    py,
                    header,
                    self.width,
                    &mut Looked::new(|index| values.next(index)),
                )?
                .into_any(),
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
            Form::Instances(plan) => match &self.values {
                None => plan.instance(py, values)?,
                Some(all) => {
                    let mut recorded = Recorded::new(py, values, self.width)?;
                    let instance = plan.instance(py, &mut recorded)?;
                    all.bind(py).append(recorded.row())?;
                    instance
                }
            },
            Form::Remembered(_) => tuple(py, self.width, |index| values.next(index))?.into_any(),
            Form::Parts(parts) => {
                let mut elements = parts.elements(&self.names, values);
                tuple(py, parts.len(), |_| elements.next(py))?.into_any()
            }
        };
        append(self.rows.bind(py), object)
    }

    /// Whether rows are tuples or `Row`s, which [`made`](Collector::made) can build.
    pub fn makes_rows(&self) -> bool {
        matches!(self.shape.get().form, Form::Tuples | Form::Rows)
    }

    /// A row of the next values, for [`append`](Collector::append).
    #[inline(always)]
    pub fn made<'py>(
        &self,
        py: Python<'py>,
        values: &mut impl Next<'py, Miss>,
    ) -> Result<Bound<'py, PyAny>, Miss> {
        match (&self.shape.get().form, &self.header) {
            (Form::Rows, Some(header)) => {
                Row::filled(py, header, self.width, values).map(Bound::into_any)
            }
            _ => tuple_of(py, self.width, values).map(Bound::into_any),
        }
    }

    #[inline(always)]
    pub fn append(&self, row: Bound<'_, PyAny>) -> PyResult<()> {
        append(self.rows.bind(row.py()), row)
    }
}

/// Interned column names, so that dict keys and attribute look-ups compare by identity.
pub fn column_names<'a>(
    py: Python<'_>,
    names: impl ExactSizeIterator<Item = &'a str>,
) -> PyResult<Py<PyTuple>> {
    Ok(PyTuple::new(py, names.map(|name| PyString::intern(py, name)))?.unbind())
}
