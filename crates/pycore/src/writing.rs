//! Instances of a model become rows, and get what the database has generated: many of them in one call.

use pyo3::exceptions::{PyAttributeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple, PyType};
use pyo3::{PyTraverseError, PyVisit};

use crate::rows::{FlatRows, set_attribute, tuple};
use crate::watch::Attribute;

/// Reads attributes off instances of one class.
///
/// Args:
///     class: instances of subclasses belong to another one.
///     names: of the attributes, in the order of the rows' values.
///     encoders: for each of them a function of its value (never None), or None.
#[pyclass(frozen, module = "ferrow._core")]
pub struct InstanceReader {
    attributes: Vec<(Attribute, Option<Py<PyAny>>)>,
}

#[pymethods]
impl InstanceReader {
    #[new]
    fn new(
        class: &Bound<'_, PyType>,
        names: Vec<String>,
        encoders: Vec<Option<Py<PyAny>>>,
    ) -> PyResult<InstanceReader> {
        if names.len() != encoders.len() {
            return Err(PyValueError::new_err("an encoder or None for each name"));
        }
        let attributes = names.iter().map(|name| Attribute::new(class, name));
        Ok(InstanceReader {
            attributes: attributes
                .zip(encoders)
                .map(|(attribute, encoder)| Ok((attribute?, encoder)))
                .collect::<PyResult<_>>()?,
        })
    }

    /// Its row.
    fn row<'py>(&self, instance: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
        tuple(instance.py(), self.attributes.len(), |place| {
            self.value(instance, place)
        })
    }

    /// Their rows.
    fn rows<'py>(&self, instances: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyList>> {
        let mut rows = Vec::with_capacity(instances.len());
        for instance in instances.iter() {
            rows.push(self.row(&instance)?);
        }
        PyList::new(instances.py(), rows)
    }

    /// The same rows without a tuple each, for who takes them one after the other.
    fn flat(&self, instances: &Bound<'_, PyList>) -> PyResult<FlatRows> {
        let width = self.attributes.len();
        let mut values = Vec::with_capacity(instances.len() * width);
        for instance in instances.iter() {
            for place in 0..width {
                values.push(self.value(&instance, place)?.unbind());
            }
        }
        Ok(FlatRows::new(values, width))
    }

    /// Whether each attribute is None, or not set, in all of these instances or in none of them.
    fn alike(&self, instances: &Bound<'_, PyList>) -> PyResult<bool> {
        for (attribute, _) in &self.attributes {
            let mut first = None;
            for instance in instances.iter() {
                let absent = is_absent(attribute, &instance)?;
                if *first.get_or_insert(absent) != absent {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        for (attribute, encoder) in &self.attributes {
            attribute.traverse(&visit)?;
            visit.call(encoder)?;
        }
        Ok(())
    }
}

impl InstanceReader {
    #[inline]
    fn value<'py>(
        &self,
        instance: &Bound<'py, PyAny>,
        place: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (attribute, encoder) = &self.attributes[place];
        let value = attribute.of(instance)?;
        match encoder {
            Some(encoder) if !value.is_none() => encoder.bind(instance.py()).call1((value,)),
            _ => Ok(value),
        }
    }
}

fn is_absent(attribute: &Attribute, instance: &Bound<'_, PyAny>) -> PyResult<bool> {
    match attribute.of(instance) {
        Ok(value) => Ok(value.is_none()),
        Err(error) if error.is_instance_of::<PyAttributeError>(instance.py()) => Ok(true),
        Err(error) => Err(error),
    }
}

/// The classes of the elements of a list, in the order of their first ones.
#[pyfunction]
#[pyo3(signature = (instances, /))]
pub fn classes<'py>(instances: &Bound<'py, PyList>) -> Vec<Bound<'py, PyType>> {
    let mut found: Vec<Bound<'py, PyType>> = Vec::new();
    for instance in instances.iter() {
        let class = instance.get_type_ptr();
        if !found.iter().rev().any(|known| known.as_type_ptr() == class) {
            found.push(instance.get_type());
        }
    }
    found
}

/// `object.__setattr__` of one attribute of many instances. Fails, before the first, if there are not as many values.
#[pyfunction]
#[pyo3(signature = (instances, name, values, /))]
pub fn set_each(
    instances: &Bound<'_, PyList>,
    name: &Bound<'_, PyString>,
    values: &Bound<'_, PyList>,
) -> PyResult<()> {
    if instances.len() != values.len() {
        return Err(PyValueError::new_err(format!(
            "{} values for {} instances",
            values.len(),
            instances.len()
        )));
    }
    for (instance, value) in instances.iter().zip(values.iter()) {
        set_attribute(&instance, name, &value)?;
    }
    Ok(())
}
