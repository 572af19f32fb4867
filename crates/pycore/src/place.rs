//! Which part of a value, and which column, an error is about.
//!
//! An error of ours says so in its message, somebody else's exception in a note.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyListMethods};

use crate::raise::{concerns_value, is_data_error};

const ELEMENT: &str = "element [";
const IN: &str = "in ";

/// Words about a part that has a name. Either may be empty.
pub fn of(part: &str, words: &str) -> String {
    let between = if part.is_empty() || words.is_empty() {
        ""
    } else {
        ": "
    };
    format!("{part}{between}{words}")
}

/// Words about an element; of lists in lists its indexes stand together, as Python writes them.
pub fn inside(index: usize, words: &str) -> String {
    match words.strip_prefix(ELEMENT) {
        Some(inner) => format!("{ELEMENT}{index}][{inner}"),
        None => of(&format!("{ELEMENT}{index}]"), words),
    }
}

/// An exception with a note that says where.
pub fn noted(py: Python<'_>, error: PyErr, place: &str) -> PyErr {
    // Without its note the error is still the error.
    let _ = error
        .value(py)
        .call_method1(intern!(py, "add_note"), (format!("{IN}{place}"),));
    error
}

/// An error about a value that was read, which is an element of another one.
#[cold]
pub fn of_element(py: Python<'_>, error: PyErr, index: usize) -> PyErr {
    told(py, error, |words| inside(index, words))
}

/// The same about a field.
#[cold]
pub fn of_field(py: Python<'_>, error: PyErr, name: &str) -> PyErr {
    told(py, error, |words| of(name, words))
}

/// The same about a column of a result.
#[cold]
pub fn of_column(py: Python<'_>, error: PyErr, name: &str) -> PyErr {
    let error = told(py, error, |words| of(&format!("column {name}"), words));
    with_column(py, error, name)
}

/// The same about the attribute of a class that a column was read for.
#[cold]
pub fn of_attribute(py: Python<'_>, error: PyErr, class: &str, name: &str) -> PyErr {
    let place = format!("column {class}.{name}");
    let error = told(py, error, |words| of(&place, words));
    with_column(py, error, name)
}

/// The same about a column of a COPY; `row` counts from 1, `index` from 0.
#[cold]
pub fn of_copied(py: Python<'_>, error: PyErr, row: u64, index: usize, name: &str) -> PyErr {
    let place = format!("row {row}, column {} ({name})", index + 1);
    let error = told(py, error, |words| of(&place, words));
    if is_ours(py, &error) {
        let _ = error.value(py).setattr(intern!(py, "row"), row);
    }
    with_column(py, error, name)
}

fn with_column(py: Python<'_>, error: PyErr, name: &str) -> PyErr {
    if is_ours(py, &error) {
        let _ = error.value(py).setattr(intern!(py, "column"), name);
    }
    error
}

fn told(py: Python<'_>, error: PyErr, words: impl FnOnce(&str) -> String) -> PyErr {
    let told = if is_ours(py, &error) {
        retold(&error, py, words)
    } else if concerns_value(py, &error) {
        renoted(&error, py, words)
    } else {
        Ok(())
    };
    told.err().unwrap_or(error)
}

/// Not what a codec has raised, which may be of the same class.
fn is_ours(py: Python<'_>, error: &PyErr) -> bool {
    is_data_error(py, error)
        && !error
            .value(py)
            .hasattr(intern!(py, "__notes__"))
            .unwrap_or(false)
}

fn retold(error: &PyErr, py: Python<'_>, words: impl FnOnce(&str) -> String) -> PyResult<()> {
    let object = error.value(py);
    let said: String = object
        .getattr(intern!(py, "args"))?
        .get_item(0)?
        .extract()?;
    object.setattr(intern!(py, "args"), (words(&said),))
}

/// One note says the whole way to the value.
fn renoted(error: &PyErr, py: Python<'_>, words: impl FnOnce(&str) -> String) -> PyResult<()> {
    let object = error.value(py);
    let mut inner = String::new();
    if let Some(notes) = object.getattr_opt(intern!(py, "__notes__"))?
        && let Ok(notes) = notes.cast_into::<PyList>()
        && let Some(last) = notes.len().checked_sub(1)
        && let Ok(note) = notes.get_item(last)?.extract::<String>()
        && let Some(place) = note.strip_prefix(IN)
    {
        inner.push_str(place);
        notes.del_item(last)?;
    }
    let place = format!("{IN}{}", words(&inner));
    object
        .call_method1(intern!(py, "add_note"), (place,))
        .map(drop)
}
