//! What in a document cannot be written as JSON, and where in it that is.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use crate::raise::shown;

/// How far is looked into what may have no end.
pub const DEEPEST: usize = 200;

/// Why the search has ended.
enum Found {
    /// What is wrong, what to do about it, and the way to it, its last step first.
    Fault {
        what: String,
        fix: &'static str,
        steps: Vec<String>,
    },
    /// It goes deeper than it should.
    Nothing,
    Raised(PyErr),
}

impl From<PyErr> for Found {
    fn from(error: PyErr) -> Found {
        Found::Raised(error)
    }
}

type Search = Result<(), Found>;

/// The words for the first value, in the order of the text, that JSON does not have; None if there is none above `deepest`.
pub fn of(value: &Bound<'_, PyAny>, deepest: usize) -> PyResult<Option<String>> {
    match search(value, deepest) {
        Ok(()) | Err(Found::Nothing) => Ok(None),
        Err(Found::Raised(error)) => Err(error),
        Err(Found::Fault {
            what,
            fix,
            mut steps,
        }) => {
            steps.reverse();
            let path = steps.concat();
            let place = if path.is_empty() { "" } else { " at " };
            Ok(Some(format!("{what}{place}{path}; {fix}")))
        }
    }
}

/// For values that are not written by this crate.
#[pyfunction]
pub fn json_fault(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    of(value, DEEPEST)
}

fn search(value: &Bound<'_, PyAny>, deeper: usize) -> Search {
    let Some(deeper) = deeper.checked_sub(1) else {
        return Err(Found::Nothing);
    };
    if let Ok(text) = value.cast::<PyString>() {
        return string(text);
    }
    if value.is_instance_of::<PyDict>() {
        // As the encoder does of a subclass. In Rust, a dict that a member of its own changes meanwhile would be a panic.
        for pair in value
            .call_method0(intern!(value.py(), "items"))?
            .try_iter()?
        {
            let (key, item): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair?.extract()?;
            member(&key, &item, deeper)?;
        }
    } else if let Ok(list) = value.cast::<PyList>() {
        for (index, item) in list.iter().enumerate() {
            search(&item, deeper).map_err(|found| found.under(|| format!("[{index}]")))?;
        }
    } else if let Ok(tuple) = value.cast::<PyTuple>() {
        for (index, item) in tuple.iter_borrowed().enumerate() {
            search(&item, deeper).map_err(|found| found.under(|| format!("[{index}]")))?;
        }
    } else if let Ok(number) = value.cast::<PyFloat>() {
        if !number.value().is_finite() {
            return fault(
                described(value)?,
                "JSON has no NaN and no infinity: use None or a str",
            );
        }
    } else if !value.is_none() && !value.is_instance_of::<PyInt>() {
        return fault(described(value)?, "convert it yourself, e.g. with str()");
    }
    Ok(())
}

fn member(key: &Bound<'_, PyAny>, item: &Bound<'_, PyAny>, deeper: usize) -> Search {
    let Ok(name) = key.cast::<PyString>() else {
        return fault(
            format!("its keys are str, not {}", described(key)?),
            "convert them yourself, e.g. with str()",
        );
    };
    string(name)?;
    search(item, deeper).map_err(|found| found.under(|| format!("[{}]", shown(key))))
}

fn string(text: &Bound<'_, PyString>) -> Search {
    if text.to_str().is_ok() {
        return Ok(());
    }
    fault(
        format!("{} has a lone surrogate", described(text)?),
        "no database can store it: remove it, or encode the str yourself",
    )
}

fn described(value: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(format!("{} {}", value.get_type().name()?, shown(value)))
}

fn fault(what: String, fix: &'static str) -> Search {
    Err(Found::Fault {
        what,
        fix,
        steps: Vec::new(),
    })
}

impl Found {
    fn under(mut self, step: impl FnOnce() -> String) -> Found {
        if let Found::Fault { steps, .. } = &mut self {
            steps.push(step());
        }
        self
    }
}
