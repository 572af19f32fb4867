//! One model's followed instances, compared as a whole.

use std::collections::HashMap;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple, PyType};
use pyo3::{PyTraverseError, PyVisit};

use super::kept::{copied, is_alone, same};
use super::read::{Attribute, Relation};
use super::side::{Entry, Followed};

/// Compares instances of one model with what their rows hold.
///
/// Args:
///     class: the model; instances of subclasses belong to another one.
///     columns: names of the attributes, in the order of the rows' values.
///     kept: places among them whose values can change without being assigned. Rows hold copies of those.
///     relations: names of the attributes of relations, each with its slot if it has one.
///     unset: the class of values that stand for a relation nobody has set.
#[pyclass(frozen, module = "ferrow._core")]
pub struct Watch {
    columns: Vec<(Attribute, bool)>,
    relations: Vec<Relation>,
    /// The class of what stands for a relation that nobody has set.
    unset: Py<PyType>,
    /// Whether a reference count tells who holds an object; without a GIL it does not.
    counted: bool,
}

#[pymethods]
impl Watch {
    #[new]
    fn new(
        class: &Bound<'_, PyType>,
        columns: Vec<String>,
        kept: Vec<usize>,
        relations: Vec<(String, Option<Py<PyAny>>)>,
        unset: Py<PyType>,
    ) -> PyResult<Watch> {
        let py = class.py();
        let version: String = py.import("sys")?.getattr("version")?.extract()?;
        Ok(Watch {
            columns: columns
                .iter()
                .enumerate()
                .map(|(place, name)| Ok((Attribute::new(class, name)?, kept.contains(&place))))
                .collect::<PyResult<_>>()?,
            relations: relations
                .into_iter()
                .map(|(name, slot)| Relation::new(py, &name, slot))
                .collect(),
            unset,
            counted: !version.contains("free-threading"),
        })
    }

    /// What rows of these instances hold now, with copies of what can change.
    fn rows<'py>(&self, instances: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyList>> {
        let made = PyList::empty(instances.py());
        for instance in instances.iter() {
            made.append(self.row(&instance)?)?;
        }
        Ok(made)
    }

    /// The same for one.
    fn row<'py>(&self, instance: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
        let mut values = Vec::with_capacity(self.columns.len());
        for (attribute, kept) in &self.columns {
            let value = attribute.of(instance)?;
            values.push(if *kept { copied(&value)? } else { value });
        }
        PyTuple::new(instance.py(), values)
    }

    /// Whether any instance differs from its row, and if none does, the keys of those that nobody can change any more.
    ///
    /// Both dicts have the same keys in the same order. Those are instances that only the dict itself holds, without anything that
    /// somebody could hold by itself and change: documents, collections of relations.
    fn changed(
        &self,
        instances: &Bound<'_, PyDict>,
        rows: &Bound<'_, PyDict>,
    ) -> PyResult<(bool, Vec<Py<PyAny>>)> {
        let mut alone = Vec::new();
        for entry in Followed::new(instances, rows) {
            let Entry {
                key,
                instance,
                row,
                held,
            } = entry?;
            let mut loose = self.counted && !held;
            for (place, (attribute, kept)) in self.columns.iter().enumerate() {
                let value = attribute.of(&instance)?;
                if differs(&value, &row.get_item(place)?, *kept)? {
                    return Ok((true, Vec::new()));
                }
                loose = loose && (!*kept || is_alone(&value, 0));
            }
            if loose && self.says_nothing(&instance)? {
                alone.push(key.unbind());
            }
        }
        Ok((false, alone))
    }

    /// The keys of the instances that differ from their rows, by the places where they do.
    fn changes<'py>(
        &self,
        instances: &Bound<'py, PyDict>,
        rows: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let py = instances.py();
        let found = PyDict::new(py);
        let mut lists: HashMap<Vec<usize>, Bound<'py, PyList>> = HashMap::new();
        let mut places = Vec::new();
        for entry in Followed::new(instances, rows) {
            let entry = entry?;
            places.clear();
            for (place, (attribute, kept)) in self.columns.iter().enumerate() {
                let value = attribute.of(&entry.instance)?;
                if differs(&value, &entry.row.get_item(place)?, *kept)? {
                    places.push(place);
                }
            }
            if places.is_empty() {
                continue;
            }
            if let Some(keys) = lists.get(&places) {
                keys.append(entry.key)?;
            } else {
                let keys = PyList::new(py, [entry.key])?;
                found.set_item(PyTuple::new(py, &places)?, &keys)?;
                lists.insert(places.clone(), keys);
            }
        }
        Ok(found)
    }

    /// Instances and the names of relations that hold something else than `remembered` says: by id of the instance and name, the
    /// instance itself and the value, a tuple for a collection.
    fn said<'py>(
        &self,
        instances: &Bound<'py, PyDict>,
        remembered: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyList>> {
        let py = instances.py();
        let found = PyList::empty(py);
        if self.relations.is_empty() {
            return Ok(found);
        }
        for entry in Followed::new(instances, instances) {
            let instance = entry?.instance;
            for relation in &self.relations {
                let Some(value) = relation.of(&instance)? else {
                    continue;
                };
                let name = relation.name(py);
                if value.get_type().is(self.unset.bind(py)) {
                    continue;
                }
                let was = remembered.get_item((instance.as_ptr() as usize, name))?;
                if !is_as_it_was(&instance, &value, was.as_ref())? {
                    found.append((&instance, name))?;
                }
            }
        }
        Ok(found)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        for (attribute, _) in &self.columns {
            attribute.traverse(&visit)?;
        }
        self.relations
            .iter()
            .try_for_each(|relation| relation.traverse(&visit))?;
        visit.call(&self.unset)
    }
}

impl Watch {
    fn says_nothing(&self, instance: &Bound<'_, PyAny>) -> PyResult<bool> {
        for relation in &self.relations {
            if let Some(value) = relation.of(instance)?
                && !value.get_type().is(self.unset.bind(instance.py()))
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether a relation holds what is remembered; what cannot be told here is for the caller to look at.
fn is_as_it_was(
    instance: &Bound<'_, PyAny>,
    value: &Bound<'_, PyAny>,
    was: Option<&Bound<'_, PyAny>>,
) -> PyResult<bool> {
    let list = value.cast_exact::<PyList>();
    let Some(was) = was else {
        return Ok(list.is_ok_and(|list| list.is_empty()));
    };
    let was = was.cast::<PyTuple>()?;
    if !was.get_borrowed_item(0)?.is(instance) {
        return Ok(false);
    }
    let was = was.get_item(1)?;
    if value.is(&was) {
        return Ok(true);
    }
    let (Ok(list), Ok(was)) = (list, was.cast_exact::<PyTuple>()) else {
        return Ok(false);
    };
    Ok(list.len() == was.len()
        && list
            .iter()
            .zip(was.iter_borrowed())
            .all(|(one, other)| one.is(&*other)))
}

fn differs(value: &Bound<'_, PyAny>, was: &Bound<'_, PyAny>, kept: bool) -> PyResult<bool> {
    if value.is(was) {
        return Ok(false);
    }
    if kept {
        return same(value, was).map(|same| !same);
    }
    match value.ne(was) {
        // An expression that was assigned has no truth.
        Err(error) if error.is_instance_of::<PyTypeError>(value.py()) => Ok(true),
        found => found,
    }
}
