//! Instances that come to be followed.

use std::iter::repeat;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use super::compare::Watch;
use super::kept::taken;

#[pymethods]
impl Watch {
    /// Put instances into one dict by key, and what their rows hold now into the other.
    fn follow(
        &self,
        keys: &Bound<'_, PyList>,
        followed: &Bound<'_, PyList>,
        instances: &Bound<'_, PyDict>,
        rows: &Bound<'_, PyDict>,
    ) -> PyResult<()> {
        let _pause = self.pause(instances.py());
        for (key, instance) in keys.iter().zip(followed.iter()) {
            let row = self.row(&instance)?;
            instances.set_item(&key, instance)?;
            rows.set_item(key, row)?;
        }
        Ok(())
    }

    /// What the row of an instance holds now, with copies of what can change.
    fn row<'py>(&self, instance: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
        let mut values = Vec::with_capacity(self.columns.len());
        self.read(instance, &mut values)?;
        taken(instance.py(), &mut values, self.kept())
    }

    /// Follow instances that were just read, until there is one whose key is followed already; how many there were before it.
    ///
    /// Args:
    ///     read: the instances.
    ///     values: what their attributes were set to, in the order of the columns, if it is known.
    ///     key: the places of the key's columns.
    fn adopt(
        &self,
        read: &Bound<'_, PyList>,
        values: Option<&Bound<'_, PyList>>,
        key: Vec<usize>,
        instances: &Bound<'_, PyDict>,
        rows: &Bound<'_, PyDict>,
    ) -> PyResult<usize> {
        let py = read.py();
        let _pause = self.pause(py);
        let known = match values {
            Some(values) if values.len() == read.len() && !self.reads_its_own() => Some(values),
            _ => None,
        };
        let mut held = Vec::new();
        for (number, instance) in read.iter().enumerate() {
            let values = match known {
                Some(known) => known.get_item(number)?.cast_into::<PyTuple>()?,
                None => {
                    held.clear();
                    self.read(&instance, &mut held)?;
                    taken(py, &mut held, repeat(false))?
                }
            };
            let key = match *key.as_slice() {
                [place] => values.get_item(place)?,
                _ => {
                    let parts = key.iter().map(|place| values.get_item(*place));
                    PyTuple::new(py, parts.collect::<PyResult<Vec<_>>>()?)?.into_any()
                }
            };
            // Before anything is added: it may fail.
            let row = self.copied_row(values, &mut held)?;
            if !added(instances, &key, &instance)? {
                return Ok(number);
            }
            rows.set_item(key, row)?;
        }
        Ok(read.len())
    }
}

impl Watch {
    /// Appends the values of an instance's attributes.
    fn read<'py>(
        &self,
        instance: &Bound<'py, PyAny>,
        values: &mut Vec<Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        for (attribute, _) in &self.columns {
            values.push(attribute.of(instance)?);
        }
        Ok(())
    }

    /// The values as a snapshot keeps them.
    fn copied_row<'py>(
        &self,
        values: Bound<'py, PyTuple>,
        held: &mut Vec<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        if !self.kept().any(|kept| kept) {
            return Ok(values);
        }
        held.clear();
        held.extend(values.iter());
        taken(values.py(), held, self.kept())
    }
}

/// Whether an item is new to a dict: then it is in it.
fn added(
    dict: &Bound<'_, PyDict>,
    key: &Bound<'_, PyAny>,
    value: &Bound<'_, PyAny>,
) -> PyResult<bool> {
    let before = dict.len();
    // SAFETY: live objects; what comes back is borrowed, or NULL with an error set.
    let found = unsafe { ffi::PyDict_SetDefault(dict.as_ptr(), key.as_ptr(), value.as_ptr()) };
    if found.is_null() {
        return Err(PyErr::fetch(dict.py()));
    }
    Ok(dict.len() > before)
}
