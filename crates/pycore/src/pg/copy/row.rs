//! One row of a COPY: its values by position, by name or by attribute.

use pyo3::prelude::*;
use pyo3::types::{
    PyByteArray, PyBytes, PyDict, PyList, PyMapping, PySequence, PyString, PyTuple, PyType,
};
use pyo3::{PyTraverseError, PyVisit};

use crate::raise::{copy_error, data_error};
use crate::rows::Row;

/// How the values of rows of a class are found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Tuple,
    List,
    Dict,
    Row,
    Sequence,
    Mapping,
    Attributes,
}

/// Finds the values of rows; asks each class once as long as it does not change.
pub struct RowReader {
    names: Vec<Py<PyString>>,
    /// Says of a class which attributes have the columns of these names.
    called: Option<Py<PyAny>>,
    attributes: Option<Vec<Py<PyString>>>,
    last: Option<(Py<PyType>, Way)>,
}

impl RowReader {
    pub fn new(names: Vec<Py<PyString>>, called: Option<Py<PyAny>>) -> RowReader {
        RowReader {
            names,
            called,
            attributes: None,
            last: None,
        }
    }

    pub fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.called
            .as_ref()
            .map_or(Ok(()), |called| visit.call(called))
    }

    pub fn name(&self, py: Python<'_>, index: usize) -> String {
        self.names
            .get(index)
            .map_or_else(String::new, |name| name.bind(py).to_string())
    }

    /// Hands each value of the row to `each`, from left to right.
    #[inline]
    pub fn read<'py>(
        &mut self,
        row: &Bound<'py, PyAny>,
        number: u64,
        each: impl FnMut(usize, &Bound<'py, PyAny>) -> PyResult<()>,
    ) -> PyResult<()> {
        let py = row.py();
        let way = match &self.last {
            Some((class, way)) if row.get_type().is(class) => *way,
            _ => self.way(row, number)?,
        };
        match way {
            Way::Tuple => self.tuple(py, row.cast()?, number, each),
            Way::List => self.list(py, row.cast()?, number, each),
            Way::Row => self.row(py, row.cast()?, number, each),
            Way::Dict => self.dict(row.cast()?, number, each),
            Way::Mapping => self.mapping(row.cast()?, number, each),
            Way::Sequence => self.sequence(py, row.cast()?, number, each),
            Way::Attributes => self.attributes(row, number, each),
        }
    }

    #[inline]
    fn tuple<'py>(
        &self,
        py: Python<'py>,
        tuple: &Bound<'py, PyTuple>,
        number: u64,
        mut each: impl FnMut(usize, &Bound<'py, PyAny>) -> PyResult<()>,
    ) -> PyResult<()> {
        self.check_width(py, tuple.len(), number)?;
        for (index, value) in tuple.iter_borrowed().enumerate() {
            each(index, &value)?;
        }
        Ok(())
    }

    #[inline]
    fn list<'py>(
        &self,
        py: Python<'py>,
        list: &Bound<'py, PyList>,
        number: u64,
        mut each: impl FnMut(usize, &Bound<'py, PyAny>) -> PyResult<()>,
    ) -> PyResult<()> {
        self.check_width(py, list.len(), number)?;
        for index in 0..self.names.len() {
            each(index, &list.get_item(index)?)?;
        }
        Ok(())
    }

    #[inline]
    fn row<'py>(
        &self,
        py: Python<'py>,
        row: &Bound<'py, Row>,
        number: u64,
        mut each: impl FnMut(usize, &Bound<'py, PyAny>) -> PyResult<()>,
    ) -> PyResult<()> {
        let values = row.get().objects();
        self.check_width(py, values.len(), number)?;
        for (index, value) in values.iter().enumerate() {
            each(index, value.bind(py))?;
        }
        Ok(())
    }

    #[inline]
    fn dict<'py>(
        &self,
        dict: &Bound<'py, PyDict>,
        number: u64,
        mut each: impl FnMut(usize, &Bound<'py, PyAny>) -> PyResult<()>,
    ) -> PyResult<()> {
        for (index, name) in self.names.iter().enumerate() {
            match dict.get_item(name)? {
                Some(value) => each(index, &value)?,
                None => return Err(self.missing(dict, number, index)),
            }
        }
        match dict.len() == self.names.len() {
            true => Ok(()),
            false => Err(self.surplus(dict.as_mapping(), number)),
        }
    }

    fn mapping<'py>(
        &self,
        mapping: &Bound<'py, PyMapping>,
        number: u64,
        mut each: impl FnMut(usize, &Bound<'py, PyAny>) -> PyResult<()>,
    ) -> PyResult<()> {
        for (index, name) in self.names.iter().enumerate() {
            if !mapping.contains(name)? {
                return Err(self.missing(mapping, number, index));
            }
            each(index, &mapping.get_item(name)?)?;
        }
        match mapping.len()? == self.names.len() {
            true => Ok(()),
            false => Err(self.surplus(mapping, number)),
        }
    }

    fn sequence<'py>(
        &self,
        py: Python<'py>,
        sequence: &Bound<'py, PySequence>,
        number: u64,
        mut each: impl FnMut(usize, &Bound<'py, PyAny>) -> PyResult<()>,
    ) -> PyResult<()> {
        self.check_width(py, sequence.len()?, number)?;
        for index in 0..self.names.len() {
            each(index, &sequence.get_item(index)?)?;
        }
        Ok(())
    }

    fn attributes<'py>(
        &self,
        row: &Bound<'py, PyAny>,
        number: u64,
        mut each: impl FnMut(usize, &Bound<'py, PyAny>) -> PyResult<()>,
    ) -> PyResult<()> {
        let names = self.attributes.as_ref().unwrap_or(&self.names);
        for (index, name) in names.iter().enumerate() {
            match row.getattr_opt(name.bind(row.py()))? {
                Some(value) => each(index, &value)?,
                None => return Err(self.missing(row, number, index)),
            }
        }
        Ok(())
    }

    #[cold]
    fn way(&mut self, row: &Bound<'_, PyAny>, number: u64) -> PyResult<Way> {
        let way = if row.is_instance_of::<PyTuple>() {
            Way::Tuple
        } else if row.is_instance_of::<PyList>() {
            Way::List
        } else if row.is_instance_of::<PyDict>() {
            Way::Dict
        } else if row.is_instance_of::<Row>() {
            Way::Row
        } else if row.is_instance_of::<PyString>()
            || row.is_instance_of::<PyBytes>()
            || row.is_instance_of::<PyByteArray>()
            || row.is_none()
        {
            return Err(data_error(
                row.py(),
                format!(
                    "row {number} is {}; a row is a tuple, a list, a dict or an object with attributes \
                     (text and bytes go with format=\"text\" or \"csv\")",
                    row.get_type().name()?
                ),
            ));
        } else if row.cast::<PyMapping>().is_ok() {
            Way::Mapping
        } else if row.cast::<PySequence>().is_ok() {
            Way::Sequence
        } else {
            Way::Attributes
        };
        if let (Way::Attributes, Some(called)) = (way, &self.called) {
            let py = row.py();
            let names: Vec<Py<PyString>> = called
                .call1(py, (row.get_type(), PyTuple::new(py, &self.names)?))?
                .extract(py)?;
            self.attributes = (names.len() == self.names.len()).then_some(names);
        }
        self.last = Some((row.get_type().unbind(), way));
        Ok(way)
    }

    #[inline]
    fn check_width(&self, py: Python<'_>, width: usize, number: u64) -> PyResult<()> {
        if width == self.names.len() {
            return Ok(());
        }
        let names: Vec<String> = (0..self.names.len()).map(|at| self.name(py, at)).collect();
        Err(data_error(
            py,
            format!(
                "row {number} has {width} values, the COPY has {} columns: {}",
                names.len(),
                names.join(", ")
            ),
        ))
    }

    #[cold]
    fn missing(&self, row: &Bound<'_, PyAny>, number: u64, index: usize) -> PyErr {
        let kind = row
            .get_type()
            .name()
            .map_or_else(|_| "object".to_owned(), |name| name.to_string());
        let reason = format!(
            "the {kind} has no value for it; give None for NULL, or name the columns to copy with columns="
        );
        let name = self.name(row.py(), index);
        copy_error(row.py(), number, index, &name, reason)
    }

    #[cold]
    fn surplus(&self, mapping: &Bound<'_, PyMapping>, number: u64) -> PyErr {
        let py = mapping.py();
        let names: Vec<String> = (0..self.names.len()).map(|at| self.name(py, at)).collect();
        let keys = mapping.keys().map(|keys| {
            keys.iter()
                .map(|key| key.to_string())
                .filter(|key| !names.contains(key))
                .collect::<Vec<_>>()
                .join(", ")
        });
        match keys {
            Ok(keys) => data_error(
                py,
                format!(
                    "row {number} has keys that are no columns of this COPY: {keys}; it copies {}",
                    names.join(", ")
                ),
            ),
            Err(error) => error,
        }
    }
}
