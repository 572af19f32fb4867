//! What users put in the place of what is built in: two functions, and the form between them and the database.
//!
//! An exception of theirs goes out as it is, with the codec's name as a note.

use pyo3::exceptions::{PyRuntimeError, PyStopAsyncIteration, PyStopIteration, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use pyo3::{PyTraverseError, PyVisit};

use crate::lazy::CODECS;
use crate::raise::Unfit;

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
    /// As the database knows it.
    pub name: Box<str>,
    pub encode: Option<Py<PyAny>>,
    pub decode: Option<Py<PyAny>>,
    pub form: Form,
}

impl Codec {
    /// From a `ferrow.types.Codec`, which has checked itself. `known` gives the name that the database knows the type by.
    pub fn new(codec: &Bound<'_, PyAny>, known: fn(&str) -> Box<str>) -> PyResult<Codec> {
        let py = codec.py();
        let form: String = codec.getattr(intern!(py, "format"))?.extract()?;
        let name: String = codec.getattr(intern!(py, "type_name"))?.extract()?;
        Ok(Codec {
            schema: codec
                .getattr(intern!(py, "schema"))?
                .extract::<Option<String>>()?
                .map(String::into_boxed_str),
            name: known(&name),
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
    pub fn registered(py: Python<'_>, known: fn(&str) -> Box<str>) -> PyResult<Vec<Codec>> {
        CODECS
            .get(py)?
            .call_method0(intern!(py, "values"))?
            .try_iter()?
            .map(|codec| Codec::new(&codec?, known))
            .collect()
    }

    /// Whether there is nothing in it: it stands for what is built in.
    pub fn is_empty(&self) -> bool {
        self.encode.is_none() && self.decode.is_none()
    }

    pub fn label(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.to_string(),
        }
    }

    /// What it makes of a value that was read; the value itself if it leaves reading to what is built in.
    pub fn decoded<'py>(&self, value: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = value.py();
        match &self.decode {
            None => Ok(value),
            Some(function) => function
                .bind(py)
                .call1((value,))
                .map_err(|error| self.noted(py, error, "decode")),
        }
    }

    /// What it makes of a value that is to be written; None if it leaves that to what is built in.
    pub fn encoded<'py>(
        &self,
        value: &Bound<'py, PyAny>,
    ) -> Result<Option<Bound<'py, PyAny>>, Unfit> {
        let py = value.py();
        let Some(function) = &self.encode else {
            return Ok(None);
        };
        match function.bind(py).call1((value,)) {
            Ok(made) => self.check(&made).map(|()| Some(made)),
            Err(error) => Err(Unfit::foreign(self.noted(py, error, "encode"))),
        }
    }

    /// Whether what `encode` made is of the codec's form.
    fn check(&self, made: &Bound<'_, PyAny>) -> Result<(), Unfit> {
        let (right, expected) = match self.form {
            Form::Value if made.is_none() => {
                return Err(Unfit::Because(format!(
                    "`encode` of the codec for {} returned None; NULL never reaches a codec, so None cannot come of it",
                    self.label()
                )));
            }
            Form::Value => return Ok(()),
            Form::Text => (made.is_instance_of::<PyString>(), "str"),
            Form::Binary => (made.is_instance_of::<PyBytes>(), "bytes"),
        };
        if right {
            return Ok(());
        }
        Err(Unfit::Because(format!(
            "`encode` of the codec for {} returns {expected}, not {}",
            self.label(),
            made.get_type().name()?
        )))
    }

    fn noted(&self, py: Python<'_>, error: PyErr, which: &str) -> PyErr {
        let source = format!("raised by `{which}` of the codec for {}", self.label());
        let error = ends_loops(py, error);
        // Without its note the error is still the error.
        let _ = error
            .value(py)
            .call_method1(intern!(py, "add_note"), (source,));
        error
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.encode)?;
        visit.call(&self.decode)
    }
}

/// StopIteration would end whatever loop or coroutine it comes through, as if there were no more rows; PEP 479 says what to
/// raise instead.
fn ends_loops(py: Python<'_>, error: PyErr) -> PyErr {
    let ends = error.is_instance_of::<PyStopIteration>(py)
        || error.is_instance_of::<PyStopAsyncIteration>(py);
    if !ends {
        return error;
    }
    let outer = PyRuntimeError::new_err(format!("a codec raised {}", named(py, &error)));
    outer.set_cause(py, Some(error));
    outer
}

fn named(py: Python<'_>, error: &PyErr) -> String {
    error
        .get_type(py)
        .name()
        .map_or_else(|_| String::new(), |name| name.to_string())
}

fn function(object: Bound<'_, PyAny>) -> Option<Py<PyAny>> {
    (!object.is_none()).then(|| object.unbind())
}
