//! One row: values by position, by slice and by column name.

use pyo3::basic::CompareOp;
use pyo3::exceptions::{PyIndexError, PyKeyError, PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyList, PySlice, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit, ffi, intern};

use super::fill::Looked;

/// Column names of a result, shared by its rows.
#[pyclass(frozen, module = "ferrow._core")]
pub struct Header {
    names: Py<PyTuple>,
    /// Name to position; of equal names the last wins.
    positions: Py<PyDict>,
}

impl Header {
    pub fn new(py: Python<'_>, names: &Py<PyTuple>) -> PyResult<Py<Header>> {
        let positions = PyDict::new(py);
        for (index, name) in names.bind(py).iter().enumerate() {
            positions.set_item(name, index)?;
        }
        Py::new(
            py,
            Header {
                names: names.clone_ref(py),
                positions: positions.unbind(),
            },
        )
    }

    pub fn names(&self) -> &Py<PyTuple> {
        &self.names
    }

    fn position(&self, name: &Bound<'_, PyString>) -> PyResult<Option<usize>> {
        let py = name.py();
        if let Some(position) = self.positions.bind(py).get_item(name)? {
            return Ok(Some(position.extract()?));
        }
        // A lone surrogate, which is in no column's name.
        let Ok(wanted) = name.to_str() else {
            return Ok(None);
        };
        let wanted = wanted.to_lowercase();
        let names = self.names.bind(py);
        for (index, candidate) in names.iter().enumerate().rev() {
            if candidate.cast::<PyString>()?.to_str()?.to_lowercase() == wanted {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }
}

/// One row: values by position, by slice and by column name. Iterates over values.
///
/// A name is looked up exactly, then without regard to case; of columns with the same name the last wins.
/// Rows compare and hash like the tuple of their values, and can be pickled.
#[pyclass(frozen, sequence, module = "ferrow._core")]
#[repr(C)]
pub struct Row {
    /// How many values lie behind the row, where `row_memory` puts them. First, because that is where CPython looks for it.
    pub(super) count: ffi::Py_ssize_t,
    pub(super) header: Py<Header>,
}

impl Row {
    /// A row of these values.
    pub fn new<'py>(
        py: Python<'py>,
        header: &Py<Header>,
        values: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, Row>> {
        Row::filled(
            py,
            header,
            values.len(),
            &mut Looked::new(|index| values.get_item(index)),
        )
    }

    /// The values, in order, as a tuple.
    fn tuple<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.objects())
    }

    fn position(&self, name: &Bound<'_, PyString>) -> PyResult<usize> {
        let py = name.py();
        let header = self.header.get();
        header.position(name)?.ok_or_else(|| {
            let known = header.names.bind(py).as_any().repr();
            let known = known.map_or_else(|_| String::new(), |text| text.to_string());
            PyKeyError::new_err(format!("no column {name:?}; the row has {known}"))
        })
    }

    fn at<'py>(&self, py: Python<'py>, index: isize) -> PyResult<Bound<'py, PyAny>> {
        let values = self.objects();
        let length = values.len();
        let position = if index < 0 {
            index.checked_add_unsigned(length)
        } else {
            Some(index)
        };
        position
            .and_then(|position| usize::try_from(position).ok())
            .and_then(|position| values.get(position))
            .map(|value| value.bind(py).clone())
            .ok_or_else(|| {
                PyIndexError::new_err(format!(
                    "index {index} is out of range for a row of {length} columns"
                ))
            })
    }
}

#[pymethods]
impl Row {
    // A value may be a dict, list or whatever a converter made, and lead back to the row.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.objects()
            .iter()
            .try_for_each(|value| visit.call(value))
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = key.py();
        if let Ok(name) = key.cast::<PyString>() {
            return self.at(py, isize::try_from(self.position(name)?)?);
        }
        if key.is_instance_of::<PySlice>() {
            return self.tuple(py)?.as_any().get_item(key);
        }
        match key.extract::<isize>() {
            Ok(index) => self.at(py, index),
            Err(error) if error.is_instance_of::<PyOverflowError>(py) => {
                Err(PyIndexError::new_err(format!(
                    "index {} is out of range for a row of {} columns",
                    key.str()?,
                    self.objects().len()
                )))
            }
            Err(_) => Err(PyTypeError::new_err(format!(
                "a row is indexed by position, slice or column name, not by {}",
                key.get_type().name()?
            ))),
        }
    }

    fn __len__(&self) -> usize {
        self.objects().len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.tuple(py)?.try_iter()
    }

    fn __contains__(&self, value: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.tuple(value.py())?.contains(value)
    }

    /// The position of the first value that equals `value`. Raises ValueError if there is none.
    #[pyo3(signature = (value, /, *range))]
    fn index<'py>(
        &self,
        value: &Bound<'py, PyAny>,
        range: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = value.py();
        let mut arguments = vec![value.clone()];
        arguments.extend(range.iter());
        self.tuple(py)?
            .call_method1(intern!(py, "index"), PyTuple::new(py, arguments)?)
    }

    /// How many values equal `value`.
    #[pyo3(signature = (value, /))]
    fn count<'py>(&self, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = value.py();
        self.tuple(py)?.call_method1(intern!(py, "count"), (value,))
    }

    /// The value of a column by name or position, or `default` if there is no such column.
    #[pyo3(signature = (key, default=None))]
    fn get<'py>(
        &self,
        key: &Bound<'py, PyAny>,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = key.py();
        match self.__getitem__(key) {
            Err(error)
                if error.is_instance_of::<PyKeyError>(py)
                    || error.is_instance_of::<PyIndexError>(py) =>
            {
                Ok(default.unwrap_or_else(|| py.None().into_bound(py)))
            }
            other => other,
        }
    }

    /// The names of the columns, in order.
    fn keys<'py>(&self, py: Python<'py>) -> Bound<'py, PyList> {
        self.header.get().names.bind(py).to_list()
    }

    /// The values, in order.
    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.objects())
    }

    /// Pairs of name and value, in order.
    fn items<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let names = self.header.get().names.bind(py);
        PyList::new(py, names.iter().zip(self.objects()).collect::<Vec<_>>())
    }

    /// The values by name.
    pub fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        let names = self.header.get().names.bind(py);
        for (name, value) in names.iter().zip(self.objects()) {
            dict.set_item(name, value)?;
        }
        Ok(dict)
    }

    fn __richcmp__<'py>(
        &self,
        other: &Bound<'py, PyAny>,
        operation: CompareOp,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = other.py();
        match other.cast::<Row>() {
            Ok(row) => self
                .tuple(py)?
                .as_any()
                .rich_compare(row.get().tuple(py)?, operation),
            Err(_) if other.is_instance_of::<PyTuple>() => {
                self.tuple(py)?.as_any().rich_compare(other, operation)
            }
            Err(_) => Ok(py.NotImplemented().into_bound(py)),
        }
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.tuple(py)?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let names = self.header.get().names.bind(py);
        let mut fields = Vec::with_capacity(names.len());
        for (name, value) in names.iter().zip(self.objects()) {
            fields.push(format!("{}={}", name.str()?, value.bind(py).repr()?));
        }
        Ok(format!("Row({})", fields.join(", ")))
    }

    /// For notebooks: a line for each column.
    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import(intern!(py, "ferrow.notebook"))?
            .getattr(intern!(py, "record"))?
            .call1(("Row", &self.header.get().names, self.tuple(py)?))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let restore = py
            .import(intern!(py, "ferrow._core"))?
            .getattr(intern!(py, "restore_row"))?;
        let arguments = (&self.header.get().names, self.tuple(py)?);
        Ok((restore, arguments).into_pyobject(py)?.into_any())
    }
}

/// Rebuilds a pickled row.
#[pyfunction]
pub fn restore_row<'py>(
    py: Python<'py>,
    names: Py<PyTuple>,
    values: Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, Row>> {
    Row::new(py, &Header::new(py, &names)?, &values)
}
