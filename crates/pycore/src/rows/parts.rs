//! A row of several things side by side: instances and single values.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use pyo3::{PyTraverseError, PyVisit};

use super::collector::Values;
use super::plan::Plan;
use super::shape::{Form, Shape};
use crate::place;

/// What one element of the tuple is made of.
enum Part {
    /// One column; what is done to its value, unless that is None.
    Value(Option<Py<PyAny>>),
    /// So many columns as the plan has, which may be missing as a whole.
    Instance(Py<Shape>, Option<Missing>),
}

/// The columns of an instance, counted from its first, that are all NULL when there is none.
struct Missing(Vec<usize>);

/// Built once per statement, run row by row.
pub struct Parts {
    parts: Vec<Part>,
    width: usize,
    quiet: bool,
}

impl Parts {
    /// Each of `given` is None or a callable (a column), a `Shape.instances`, or a pair of such a shape and its key's columns.
    pub fn new(given: &[Bound<'_, PyAny>]) -> PyResult<Parts> {
        let mut made = Parts {
            parts: Vec::with_capacity(given.len()),
            width: 0,
            quiet: true,
        };
        for one in given {
            let part = Part::new(one)?;
            made.width = made.width.saturating_add(part.width()?);
            made.quiet &= match &part {
                Part::Value(convert) => convert.is_none(),
                Part::Instance(shape, _) => plan(shape)?.quiet(),
            };
            made.parts.push(part);
        }
        Ok(made)
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.parts.iter().try_for_each(|part| match part {
            Part::Value(Some(convert)) => visit.call(convert),
            Part::Value(None) => Ok(()),
            Part::Instance(shape, _) => visit.call(shape),
        })
    }

    /// The number of elements of a row.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// The number of columns they are made of.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Which of those are plain in an instance.
    pub fn plain(&self) -> Vec<usize> {
        let mut found = Vec::new();
        let mut first = 0_usize;
        for part in &self.parts {
            let width = part.width().unwrap_or(0);
            if let Part::Instance(shape, _) = part
                && let Some(plain) = shape.get().plain()
            {
                let of_it = (0..width).filter(|index| plain.has(*index));
                found.extend(of_it.map(|index| first.saturating_add(index)));
            }
            first = first.saturating_add(width);
        }
        found
    }

    /// Whether rows are built without running the models' code or a converter.
    pub fn quiet(&self) -> bool {
        self.quiet
    }

    /// The elements by name, for messages: `User, a column, Post | None`.
    pub fn describe(&self, py: Python<'_>) -> PyResult<String> {
        let mut said = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            said.push(match part {
                Part::Value(_) => "a column".to_owned(),
                Part::Instance(shape, missing) => {
                    let name = plan(shape)?.class(py).name()?;
                    let end = if missing.is_some() { " | None" } else { "" };
                    format!("{name}{end}")
                }
            });
        }
        Ok(said.join(", "))
    }

    /// The elements of one row, in order.
    pub fn elements<'a, 'py, V: Values<'py>>(
        &'a self,
        names: &'a Py<PyTuple>,
        values: &'a mut V,
    ) -> Elements<'a, V> {
        Elements {
            parts: self.parts.iter(),
            names,
            values,
            start: 0,
        }
    }
}

/// The elements of one row, made as they are asked for.
pub struct Elements<'a, V> {
    parts: std::slice::Iter<'a, Part>,
    /// Of the columns.
    names: &'a Py<PyTuple>,
    values: &'a mut V,
    start: usize,
}

impl<'py, V: Values<'py>> Elements<'_, V> {
    pub fn next(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let start = self.start;
        match self.parts.next() {
            None => Ok(py.None().into_bound(py)),
            Some(Part::Value(convert)) => {
                self.start = start.saturating_add(1);
                let value = self.values.next(start)?;
                match convert {
                    Some(convert) if !value.is_none() => convert
                        .bind(py)
                        .call1((value,))
                        .map_err(|error| unfit(self.names.bind(py), start, error)),
                    _ => Ok(value),
                }
            }
            Some(Part::Instance(shape, missing)) => {
                let plan = plan(shape)?;
                self.start = start.saturating_add(plan.width());
                let mut own = Own {
                    values: &mut *self.values,
                    start,
                };
                match missing {
                    None => plan.instance(py, &mut own),
                    Some(missing) => optional(py, plan, missing, &mut own),
                }
            }
        }
    }
}

#[cold]
fn unfit(names: &Bound<'_, PyTuple>, index: usize, error: PyErr) -> PyErr {
    let name = names.get_item(index);
    let name = name.map_or_else(|_| String::new(), |name| name.to_string());
    place::of_column(names.py(), error, &name)
}

fn optional<'py>(
    py: Python<'py>,
    plan: &Plan,
    missing: &Missing,
    values: &mut impl Values<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let mut held = Vec::with_capacity(plan.width());
    for index in 0..plan.width() {
        held.push(values.next(index)?);
    }
    let is_null = |index: &usize| held.get(*index).is_none_or(|value| value.is_none());
    if missing.0.iter().all(is_null) {
        return Ok(py.None().into_bound(py));
    }
    plan.instance(py, &mut Held(held))
}

/// The columns from `start` on, counted from 0.
struct Own<'a, V> {
    values: &'a mut V,
    start: usize,
}

impl<'py, V: Values<'py>> Values<'py> for Own<'_, V> {
    #[inline]
    fn next(&mut self, index: usize) -> PyResult<Bound<'py, PyAny>> {
        self.values.next(self.start.saturating_add(index))
    }
}

/// Values that were taken before it was known whether they are wanted.
struct Held<'py>(Vec<Bound<'py, PyAny>>);

impl<'py> Values<'py> for Held<'py> {
    fn next(&mut self, index: usize) -> PyResult<Bound<'py, PyAny>> {
        match self.0.get(index) {
            Some(value) => Ok(value.clone()),
            None => Err(PyValueError::new_err(format!(
                "the instance has no column {index}"
            ))),
        }
    }
}

impl Part {
    fn new(given: &Bound<'_, PyAny>) -> PyResult<Part> {
        if given.is_none() {
            return Ok(Part::Value(None));
        }
        if let Ok(shape) = given.cast::<Shape>() {
            return Ok(Part::Instance(shape.clone().unbind(), None));
        }
        if given.is_instance_of::<PyTuple>() {
            let (shape, key): (Py<Shape>, Vec<usize>) = given.extract()?;
            let width = plan(&shape)?.width();
            if let Some(index) = key.iter().find(|index| **index >= width) {
                return Err(PyValueError::new_err(format!(
                    "key column {index} of an instance of {width} columns"
                )));
            }
            let all = || (0..width).collect();
            let key = if key.is_empty() { all() } else { key };
            return Ok(Part::Instance(shape, Some(Missing(key))));
        }
        if given.is_callable() {
            return Ok(Part::Value(Some(given.clone().unbind())));
        }
        Err(PyTypeError::new_err(format!(
            "a part of a row is None, a callable, a Shape.instances or a pair of that and its key's columns, not {}",
            given.repr()?
        )))
    }

    fn width(&self) -> PyResult<usize> {
        match self {
            Part::Value(_) => Ok(1),
            Part::Instance(shape, _) => Ok(plan(shape)?.width()),
        }
    }
}

/// The plan of a shape. Only `Shape.instances` has one.
fn plan(shape: &Py<Shape>) -> PyResult<&Plan> {
    match &shape.get().form {
        Form::Instances(plan) => Ok(plan),
        _ => Err(PyTypeError::new_err(
            "a part of a row with several columns is a Shape.instances",
        )),
    }
}
