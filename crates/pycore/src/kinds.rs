//! Value kinds: what a parameter or a column holds, where the database itself does not say (SQLite).

use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Decide by the value itself, or by declared type and storage class.
    Any,
    Bool,
    Int,
    Float,
    Text,
    Bytes,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Interval,
    Uuid,
    Decimal,
    Json,
    Oid,
    /// A list of values sent as one parameter, and what each of them is: any kind but a list.
    List(&'static Kind),
    /// What a codec of the user's reads. Only declared types lead to it.
    Custom,
}

impl Kind {
    fn parse(name: &str) -> Option<Kind> {
        match name.strip_prefix("list:") {
            Some(element) => Kind::single(element).map(Kind::List),
            None => Kind::single(name).copied(),
        }
    }

    fn single(name: &str) -> Option<&'static Kind> {
        Some(match name {
            "any" => &Kind::Any,
            "bool" => &Kind::Bool,
            "int" => &Kind::Int,
            "float" => &Kind::Float,
            "text" => &Kind::Text,
            "bytes" => &Kind::Bytes,
            "date" => &Kind::Date,
            "time" => &Kind::Time,
            "timestamp" => &Kind::Timestamp,
            "timestamptz" => &Kind::TimestampTz,
            "interval" => &Kind::Interval,
            "uuid" => &Kind::Uuid,
            "decimal" => &Kind::Decimal,
            "json" => &Kind::Json,
            "oid" => &Kind::Oid,
            _ => return None,
        })
    }
}

/// Kinds of a statement's parameters or of a result's columns, parsed once.
#[pyclass(frozen, module = "ferrow._core")]
pub struct Kinds {
    kinds: Arc<[Kind]>,
    names: Py<PyTuple>,
}

impl Kinds {
    pub fn shared(&self) -> Arc<[Kind]> {
        Arc::clone(&self.kinds)
    }

    pub fn as_slice(&self) -> &[Kind] {
        &self.kinds
    }
}

#[pymethods]
impl Kinds {
    #[new]
    fn new(py: Python<'_>, names: Vec<Option<String>>) -> PyResult<Kinds> {
        let names: Vec<String> = names
            .into_iter()
            .map(|name| name.unwrap_or_else(|| "any".to_owned()))
            .collect();
        let kinds = names
            .iter()
            .map(|name| {
                Kind::parse(name)
                    .ok_or_else(|| PyValueError::new_err(format!("unknown value kind {name:?}")))
            })
            .collect::<PyResult<Vec<Kind>>>()?;
        Ok(Kinds {
            kinds: kinds.into(),
            names: PyTuple::new(py, names)?.unbind(),
        })
    }

    /// The names, `any` for None.
    #[getter]
    fn names(&self, py: Python<'_>) -> Py<PyTuple> {
        self.names.clone_ref(py)
    }

    fn __len__(&self) -> usize {
        self.kinds.len()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("Kinds({})", self.names.bind(py).repr()?))
    }
}
