//! Half of a surrogate pair in a text, which UTF-8 cannot write.

use pyo3::exceptions::PyUnicodeEncodeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::raise::Unfit;

/// What is wrong with a value that is such a text; None where the error is about something else.
#[cold]
pub fn fault(py: Python<'_>, error: &PyErr) -> Option<String> {
    Some(format!(
        "the text has {}; remove it, or store bytes",
        found(py, error)?
    ))
}

/// An error of a value's own, made of what the text of it raised.
#[cold]
pub fn unfit(py: Python<'_>, error: PyErr) -> Unfit {
    match fault(py, &error) {
        Some(fault) => Unfit::Because(fault),
        None => error.into(),
    }
}

/// For values that are not written by this crate: None if there is nothing wrong with the text.
#[pyfunction]
pub fn text_fault(text: &Bound<'_, PyString>) -> Option<String> {
    let error = text.to_str().err()?;
    fault(text.py(), &error)
}

/// Words for the surrogate that UTF-8 stumbled over.
#[cold]
pub fn found(py: Python<'_>, error: &PyErr) -> Option<String> {
    if !error.is_instance_of::<PyUnicodeEncodeError>(py) {
        return None;
    }
    let error = error.value(py);
    let reason: String = error.getattr(intern!(py, "reason")).ok()?.extract().ok()?;
    if reason != "surrogates not allowed" {
        return None;
    }
    let index: usize = error.getattr(intern!(py, "start")).ok()?.extract().ok()?;
    let text = error.getattr(intern!(py, "object")).ok()?;
    let lone = text.get_item(index).ok()?.repr().ok()?;
    Some(format!(
        "a lone surrogate ({lone} at index {index}), which UTF-8 cannot write"
    ))
}
