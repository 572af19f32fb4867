//! One model's followed instances, compared as a whole.

use std::iter::repeat;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple, PyType};
use pyo3::{PyTraverseError, PyVisit};

use super::by_places::ByPlaces;
use super::differing::{differs, is_as_it_was};
use super::kept::taken;
use super::nobody::Nobody;
use super::read::{Attribute, Relation};
use super::side::{Entry, Followed, is_held};
use crate::rows::Pause;

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
    pub(super) columns: Vec<(Attribute, bool)>,
    relations: Vec<Relation>,
    /// The class of what stands for a relation that nobody has set.
    unset: Py<PyType>,
    nobody: Nobody,
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
        let columns = columns
            .iter()
            .enumerate()
            .map(|(place, name)| Ok((Attribute::new(class, name)?, kept.contains(&place))))
            .collect::<PyResult<Vec<_>>>()?;
        let relations = relations
            .into_iter()
            .map(|(name, slot)| Relation::new(py, &name, slot))
            .collect::<Vec<_>>();
        Ok(Watch {
            nobody: Nobody::new(class, &columns, &relations)?,
            columns,
            relations,
            unset,
        })
    }

    /// The places where two rows differ, of which the first may hold the instance's own values.
    fn differing(
        &self,
        now: &Bound<'_, PyTuple>,
        was: &Bound<'_, PyTuple>,
    ) -> PyResult<Vec<usize>> {
        let mut found = Vec::new();
        for (place, (_, kept)) in self.columns.iter().enumerate() {
            if differs(&now.get_item(place)?, &was.get_item(place)?, *kept)? {
                found.push(place);
            }
        }
        Ok(found)
    }

    /// Whether any instance differs from its row. If none does, those that nobody can change any more are let go of.
    ///
    /// Instances and rows are dicts with the same keys in the same order; `places` has the keys by the ids of the instances.
    fn changed(
        &self,
        instances: &Bound<'_, PyDict>,
        rows: &Bound<'_, PyDict>,
        places: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<bool> {
        let mut loose = Vec::new();
        for entry in Followed::new(instances, rows) {
            let Entry {
                key,
                instance,
                row,
                held,
            } = entry?;
            if self.is_changed(&instance, &row)? {
                return Ok(true);
            }
            if !held {
                loose.push(key.unbind());
            }
        }
        for key in loose {
            self.let_go(instances, rows, places, key.bind(instances.py()))?;
        }
        Ok(false)
    }

    /// Let go of the instances with these keys that are as their rows are, and that nobody can change any more.
    fn passed(
        &self,
        instances: &Bound<'_, PyDict>,
        rows: &Bound<'_, PyDict>,
        places: Option<&Bound<'_, PyDict>>,
        keys: &Bound<'_, PyList>,
    ) -> PyResult<()> {
        for key in keys.iter() {
            let (Some(instance), Some(row)) = (instances.get_item(&key)?, rows.get_item(&key)?)
            else {
                continue;
            };
            let same =
                !is_held(&instance) && !self.is_changed(&instance, row.cast::<PyTuple>()?)?;
            drop(instance);
            if same {
                self.let_go(instances, rows, places, &key)?;
            }
        }
        Ok(())
    }

    /// What the instances that differ from their rows hold (the values themselves), by key, by the places where they differ.
    fn changes<'py>(
        &self,
        instances: &Bound<'py, PyDict>,
        rows: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let py = instances.py();
        let _pause = self.pause(py);
        let mut found = ByPlaces::new(py);
        let (mut places, mut values) = (Vec::new(), Vec::with_capacity(self.columns.len()));
        for entry in Followed::new(instances, rows) {
            let entry = entry?;
            places.clear();
            values.clear();
            for (place, (attribute, kept)) in self.columns.iter().enumerate() {
                let value = attribute.of(&entry.instance)?;
                if differs(&value, &*entry.row.get_borrowed_item(place)?, *kept)? {
                    places.push(place);
                }
                values.push(value);
            }
            if !places.is_empty() {
                found.add(&places, entry.key, taken(py, &mut values, repeat(false))?)?;
            }
        }
        Ok(found.done())
    }

    /// Instances and the names of relations that hold something else than `remembered` says: by id of the instance and name, the
    /// instance itself and the value, a tuple for a collection.
    fn changed_relations<'py>(
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

    /// Whether any instance says something through a relation. An empty list and None, which are defaults, do not count.
    fn any_has_related(&self, instances: &Bound<'_, PyList>) -> PyResult<bool> {
        for instance in instances.iter() {
            for relation in &self.relations {
                if let Some(value) = relation.of(&instance)?
                    && !value.is_none()
                    && !value.get_type().is(self.unset.bind(instance.py()))
                    && !value.cast::<PyList>().is_ok_and(|list| list.is_empty())
                {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        for (attribute, _) in &self.columns {
            attribute.traverse(&visit)?;
        }
        self.nobody.traverse(&visit)?;
        self.relations
            .iter()
            .try_for_each(|relation| relation.traverse(&visit))?;
        visit.call(&self.unset)
    }
}

impl Watch {
    /// Where nothing but values is asked: as long as what is read off an instance is what it holds.
    pub(super) fn pause<'py>(&self, py: Python<'py>) -> Option<Pause<'py>> {
        (!self.reads_its_own()).then(|| Pause::begin(py))
    }

    /// Whether the class decides by itself what is read of an attribute.
    pub(super) fn reads_its_own(&self) -> bool {
        self.columns.iter().any(|(attribute, _)| attribute.is_own())
    }

    pub(super) fn kept(&self) -> impl Iterator<Item = bool> {
        self.columns.iter().map(|(_, kept)| *kept)
    }

    fn is_changed(&self, instance: &Bound<'_, PyAny>, row: &Bound<'_, PyTuple>) -> PyResult<bool> {
        for (place, (attribute, kept)) in self.columns.iter().enumerate() {
            if differs(&attribute.of(instance)?, &row.get_item(place)?, *kept)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Follow an instance no longer, if nobody can have it or anything of it. No code of the program runs between look and leap.
    fn let_go(
        &self,
        instances: &Bound<'_, PyDict>,
        rows: &Bound<'_, PyDict>,
        places: Option<&Bound<'_, PyDict>>,
        key: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let Some(instance) = instances.get_item(key)? else {
            return Ok(());
        };
        if !self.says_nothing(&instance)? || !self.nobody.has(&instance, &self.columns)? {
            return Ok(());
        }
        instances.del_item(key)?;
        rows.del_item(key)?;
        if let Some(places) = places {
            let place = instance.as_ptr() as usize;
            if let Some(known) = places.get_item(place)?
                && known.eq(key)?
            {
                places.del_item(place)?;
            }
        }
        Ok(())
    }

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
