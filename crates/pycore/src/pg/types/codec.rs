//! What users put in the place of a built-in codec: two functions and the form between them and the wire.

use pgwire::Format;
use pgwire::types::oid;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use crate::lazy::CODECS;

/// What the functions of a codec take and give.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    Binary,
    /// The Python value that would be there without the codec.
    Value,
}

pub struct Codec {
    pub schema: Option<Box<str>>,
    pub name: Box<str>,
    pub encode: Option<Py<PyAny>>,
    pub decode: Option<Py<PyAny>>,
    pub form: Form,
}

impl Codec {
    /// From a `ferrow.types.Codec`, which has checked itself.
    pub fn new(codec: &Bound<'_, PyAny>) -> PyResult<Codec> {
        let py = codec.py();
        let form: String = codec.getattr(intern!(py, "format"))?.extract()?;
        Ok(Codec {
            schema: codec
                .getattr(intern!(py, "schema"))?
                .extract::<Option<String>>()?
                .map(String::into_boxed_str),
            name: canonical(codec.getattr(intern!(py, "type_name"))?.extract()?),
            encode: function(codec.getattr(intern!(py, "encode"))?),
            decode: function(codec.getattr(intern!(py, "decode"))?),
            form: match form.as_str() {
                "text" => Form::Text,
                "binary" => Form::Binary,
                "value" => Form::Value,
                other => {
                    return Err(PyValueError::new_err(format!(
                        "unknown codec format {other:?}; known: text, binary, value"
                    )));
                }
            },
        })
    }

    /// Those of the whole process, oldest first.
    pub fn registered(py: Python<'_>) -> PyResult<Vec<Codec>> {
        CODECS
            .get(py)?
            .call_method0(intern!(py, "values"))?
            .try_iter()?
            .map(|codec| Codec::new(&codec?))
            .collect()
    }

    pub fn is_for(&self, schema: &str, name: &str) -> bool {
        *self.name == *name && self.schema.as_deref().is_none_or(|own| own == schema)
    }

    /// The same type, as far as can be told from the names.
    pub fn replaces(&self, other: &Codec) -> bool {
        self.name == other.name && self.schema == other.schema
    }

    /// Whether there is nothing in it: it stands for what is built in.
    pub fn is_empty(&self) -> bool {
        self.encode.is_none() && self.decode.is_none()
    }

    /// The form in which `decode` wants what the server sends; None where the built-in codec reads.
    pub fn reads(&self) -> Option<Format> {
        match (&self.decode, self.form) {
            (None, _) | (_, Form::Value) => None,
            (Some(_), Form::Text) => Some(Format::Text),
            (Some(_), Form::Binary) => Some(Format::Binary),
        }
    }

    /// Whether it reads binary, whatever the type can do without it.
    pub fn is_binary(&self) -> bool {
        self.reads() == Some(Format::Binary)
    }

    pub fn label(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.to_string(),
        }
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.encode)?;
        visit.call(&self.decode)
    }
}

/// The name in `pg_type` of what SQL also calls otherwise.
fn canonical(name: String) -> Box<str> {
    match oid::by_name(&name).and_then(oid::name) {
        Some(known) if !known.ends_with("[]") => known.into(),
        _ => name.into_boxed_str(),
    }
}

fn function(object: Bound<'_, PyAny>) -> Option<Py<PyAny>> {
    (!object.is_none()).then(|| object.unbind())
}
