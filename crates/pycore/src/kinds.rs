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
    Uuid,
    Decimal,
    Json,
    Oid,
    /// A list of values sent as one parameter.
    List(Element),
}

/// The kinds a list may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
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
    Uuid,
    Decimal,
    Json,
    Oid,
}

impl Element {
    fn parse(name: &str) -> Option<Element> {
        Some(match name {
            "any" => Element::Any,
            "bool" => Element::Bool,
            "int" => Element::Int,
            "float" => Element::Float,
            "text" => Element::Text,
            "bytes" => Element::Bytes,
            "date" => Element::Date,
            "time" => Element::Time,
            "timestamp" => Element::Timestamp,
            "timestamptz" => Element::TimestampTz,
            "uuid" => Element::Uuid,
            "decimal" => Element::Decimal,
            "json" => Element::Json,
            "oid" => Element::Oid,
            _ => return None,
        })
    }

    /// The kind of one element of the list.
    pub fn kind(self) -> Kind {
        match self {
            Element::Any => Kind::Any,
            Element::Bool => Kind::Bool,
            Element::Int => Kind::Int,
            Element::Float => Kind::Float,
            Element::Text => Kind::Text,
            Element::Bytes => Kind::Bytes,
            Element::Date => Kind::Date,
            Element::Time => Kind::Time,
            Element::Timestamp => Kind::Timestamp,
            Element::TimestampTz => Kind::TimestampTz,
            Element::Uuid => Kind::Uuid,
            Element::Decimal => Kind::Decimal,
            Element::Json => Kind::Json,
            Element::Oid => Kind::Oid,
        }
    }
}

impl Kind {
    pub fn parse(name: &str) -> Option<Kind> {
        match name.strip_prefix("list:") {
            Some(element) => Element::parse(element).map(Kind::List),
            None => Element::parse(name).map(Element::kind),
        }
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
