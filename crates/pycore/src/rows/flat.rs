//! Rows that are sent together: their values one after the other, without a tuple for each.

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PySlice, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

/// Rows of as many values each.
#[pyclass(frozen, sequence, module = "ferrow._core")]
pub struct FlatRows {
    values: Vec<Py<PyAny>>,
    #[pyo3(get)]
    width: usize,
}

impl FlatRows {
    pub fn new(values: Vec<Py<PyAny>>, width: usize) -> FlatRows {
        FlatRows { values, width }
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn row(&self, place: usize) -> &[Py<PyAny>] {
        &self.values[place * self.width..(place + 1) * self.width]
    }

    fn tuple<'py>(&self, py: Python<'py>, place: usize) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.row(place))
    }
}

#[pymethods]
impl FlatRows {
    /// Those of a list, or None if one of them is no list or tuple of so many values.
    #[staticmethod]
    fn of(rows: &Bound<'_, PyList>, width: usize) -> PyResult<Option<FlatRows>> {
        let mut values = Vec::with_capacity(rows.len() * width);
        for row in rows.iter() {
            let before = values.len();
            if let Ok(row) = row.cast::<PyTuple>() {
                values.extend(row.iter_borrowed().map(|value| value.to_owned().unbind()));
            } else if let Ok(row) = row.cast::<PyList>() {
                values.extend(row.iter().map(Bound::unbind));
            } else {
                return Ok(None);
            }
            if values.len() - before != width {
                return Ok(None);
            }
        }
        Ok(Some(FlatRows::new(values, width)))
    }

    fn __len__(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    fn __getitem__<'py>(
        &self,
        py: Python<'py>,
        place: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let count = self.__len__();
        if let Ok(slice) = place.cast::<PySlice>() {
            let found = PyList::empty(py);
            let range = slice.indices(isize::try_from(count)?)?;
            for step in 0..range.slicelength {
                let place = range.start + range.step * isize::try_from(step)?;
                found.append(self.tuple(py, usize::try_from(place)?)?)?;
            }
            return Ok(found.into_any());
        }
        let place: isize = place.extract()?;
        let place = if place < 0 {
            place + isize::try_from(count)?
        } else {
            place
        };
        match usize::try_from(place) {
            Ok(place) if place < count => Ok(self.tuple(py, place)?.into_any()),
            _ => Err(PyIndexError::new_err("there is no such row")),
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.values.iter().try_for_each(|value| visit.call(value))
    }
}
