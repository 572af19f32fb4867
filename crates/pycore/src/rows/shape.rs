//! What the rows of a result become.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyType;
use pyo3::{PyTraverseError, PyVisit};

use super::parts::Parts;
use super::plan::Plan;
use crate::kinds::{Kind, Kinds};

pub enum Form {
    Tuples,
    Rows,
    Dicts,
    Column(usize),
    Instances(Box<Plan>),
    /// Those of a shape of instances, and their values besides.
    Remembered(Py<Shape>),
    Parts(Box<Parts>),
}

/// Columns that no codec of users reads, since their values are the library's own: numbers of rows, versions.
#[derive(Clone, FromPyObject)]
pub enum Plain {
    All(bool),
    These(Vec<usize>),
}

impl Plain {
    pub fn has(&self, index: usize) -> bool {
        match self {
            Plain::All(all) => *all,
            Plain::These(these) => these.contains(&index),
        }
    }
}

/// A plan built once per statement or model and used for many results.
#[pyclass(frozen, generic, module = "ferrow._core")]
pub struct Shape {
    pub form: Form,
    kinds: Option<Arc<[Kind]>>,
    /// The same for wires that read values in Python.
    #[pyo3(get, name = "kinds")]
    named: Option<Py<Kinds>>,
    plain: Option<Box<Plain>>,
}

impl Shape {
    fn of(form: Form, kinds: Option<&Bound<'_, Kinds>>) -> Shape {
        Shape {
            form,
            kinds: kinds.map(|kinds| kinds.get().shared()),
            named: kinds.map(|kinds| kinds.clone().unbind()),
            plain: None,
        }
    }

    fn with(mut self, plain: Option<Plain>) -> Shape {
        self.plain = plain.map(Box::new);
        self
    }

    /// Columns that are read without codecs; None: there are none.
    pub fn plain(&self) -> Option<&Plain> {
        self.plain.as_deref()
    }

    /// Kinds of the columns, where the database does not describe them.
    pub fn kinds(&self) -> Option<&Arc<[Kind]>> {
        self.kinds.as_ref()
    }
}

#[pymethods]
impl Shape {
    /// Rows as tuples.
    #[staticmethod]
    #[pyo3(signature = (kinds=None, plain=None))]
    pub(crate) fn tuples(kinds: Option<&Bound<'_, Kinds>>, plain: Option<Plain>) -> Shape {
        Shape::of(Form::Tuples, kinds).with(plain)
    }

    /// Rows as `Row`s.
    #[staticmethod]
    #[pyo3(signature = (kinds=None, plain=None))]
    fn rows(kinds: Option<&Bound<'_, Kinds>>, plain: Option<Plain>) -> Shape {
        Shape::of(Form::Rows, kinds).with(plain)
    }

    /// Rows as dicts; of columns with the same name the last wins.
    #[staticmethod]
    #[pyo3(signature = (kinds=None))]
    fn dicts(kinds: Option<&Bound<'_, Kinds>>) -> Shape {
        Shape::of(Form::Dicts, kinds)
    }

    /// The value of one column instead of each row; `index` counts from 0.
    #[staticmethod]
    #[pyo3(signature = (index=0, kinds=None, plain=None))]
    fn column(index: usize, kinds: Option<&Bound<'_, Kinds>>, plain: Option<Plain>) -> Shape {
        Shape::of(Form::Column(index), kinds).with(plain)
    }

    /// Rows as instances of `cls`; `names` are its attributes, one per column.
    ///
    /// build: "call" calls `factory` (default: `cls`) with keywords; "dict", "slots" and "pydantic" put the values straight
    /// into an object, without its constructor. convert: per column a function of its value (never None), or None.
    /// A result with another number of columns than names is an InterfaceError.
    #[staticmethod]
    #[pyo3(signature = (cls, names, *, build, kinds=None, convert=None, factory=None, plain=None))]
    fn instances(
        cls: &Bound<'_, PyType>,
        names: Vec<String>,
        build: &str,
        kinds: Option<&Bound<'_, Kinds>>,
        convert: Option<Vec<Option<Py<PyAny>>>>,
        factory: Option<Py<PyAny>>,
        plain: Option<Plain>,
    ) -> PyResult<Shape> {
        let plan = Plan::new(cls, names, build, convert, factory)?;
        Ok(Shape::of(Form::Instances(Box::new(plan)), kinds).with(plain))
    }

    /// Rows as tuples of `parts`: None for a column as it is, a function of a column's value (never None), a
    /// `Shape.instances` over as many columns as it has names, or a pair of that and the positions of its key's columns,
    /// counted from its first one: where they are all NULL (all columns, if there are none), there is None instead.
    /// A result with another number of columns is an InterfaceError. What is plain in its instances is here, too.
    #[staticmethod]
    #[pyo3(signature = (parts, *, kinds=None, plain=Vec::new()))]
    fn row(
        parts: Vec<Bound<'_, PyAny>>,
        kinds: Option<&Bound<'_, Kinds>>,
        mut plain: Vec<usize>,
    ) -> PyResult<Shape> {
        let parts = Parts::new(&parts)?;
        plain.extend(parts.plain());
        let plain = (!plain.is_empty()).then_some(Plain::These(plain));
        Ok(Shape::of(Form::Parts(Box::new(parts)), kinds).with(plain))
    }

    /// The same, where results have the `values` of their instances as well; None if they cannot be told: what rows become is
    /// something else, or is made or changed by the model's own code.
    fn with_values(slf: &Bound<'_, Self>) -> Option<Shape> {
        match &slf.get().form {
            Form::Instances(plan) if plan.quiet() => Some(Shape {
                form: Form::Remembered(slf.clone().unbind()),
                kinds: slf.get().kinds.clone(),
                named: slf
                    .get()
                    .named
                    .as_ref()
                    .map(|kinds| kinds.clone_ref(slf.py())),
                plain: slf.get().plain.clone(),
            }),
            _ => None,
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match &self.form {
            Form::Instances(plan) => plan.traverse(&visit),
            Form::Parts(parts) => parts.traverse(&visit),
            Form::Remembered(shape) => visit.call(shape),
            _ => Ok(()),
        }
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(match &self.form {
            Form::Tuples => "Shape.tuples()".to_owned(),
            Form::Rows => "Shape.rows()".to_owned(),
            Form::Dicts => "Shape.dicts()".to_owned(),
            Form::Column(index) => format!("Shape.column({index})"),
            Form::Instances(plan) => {
                format!("Shape.instances({})", plan.class(py).name()?)
            }
            Form::Parts(parts) => format!("Shape.row({})", parts.describe(py)?),
            Form::Remembered(shape) => format!("{}.with_values()", shape.bind(py).repr()?),
        })
    }
}
