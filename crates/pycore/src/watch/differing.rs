//! Whether one value differs from what is remembered of it.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyFloat, PyList, PyTime, PyTuple};

use super::kept::same;

/// Whether a relation holds what is remembered; what cannot be told here is for the caller to look at.
pub fn is_as_it_was(
    instance: &Bound<'_, PyAny>,
    value: &Bound<'_, PyAny>,
    was: Option<&Bound<'_, PyAny>>,
) -> PyResult<bool> {
    let list = value.cast_exact::<PyList>();
    let Some(was) = was else {
        return Ok(list.is_ok_and(|list| list.is_empty()));
    };
    let was = was.cast::<PyTuple>()?;
    if !was.get_borrowed_item(0)?.is(instance) {
        return Ok(false);
    }
    let was = was.get_item(1)?;
    if value.is(&was) {
        return Ok(true);
    }
    let (Ok(list), Ok(was)) = (list, was.cast_exact::<PyTuple>()) else {
        return Ok(false);
    };
    Ok(list.len() == was.len()
        && list
            .iter()
            .zip(was.iter_borrowed())
            .all(|(one, other)| one.is(&*other)))
}

/// Whether the value of an attribute is another one than that of its row. `kept`: it may have been changed in place.
pub fn differs(value: &Bound<'_, PyAny>, was: &Bound<'_, PyAny>, kept: bool) -> PyResult<bool> {
    if value.is(was) {
        return Ok(false);
    }
    if kept {
        return same(value, was).map(|same| !same);
    }
    match value.ne(was) {
        // An expression that was assigned has no truth.
        Err(error) if error.is_instance_of::<PyTypeError>(value.py()) => Ok(true),
        Ok(false) => hides(value, was),
        found => found,
    }
}

/// Whether values that are equal are stored differently: the two hours that a clock shows twice, and zeros of two signs.
fn hides(value: &Bound<'_, PyAny>, was: &Bound<'_, PyAny>) -> PyResult<bool> {
    if let (Ok(value), Ok(was)) = (value.cast_exact::<PyFloat>(), was.cast_exact::<PyFloat>()) {
        return Ok(value.value().to_bits() != was.value().to_bits());
    }
    if value.is_instance_of::<PyDateTime>() || value.is_instance_of::<PyTime>() {
        let name = intern!(value.py(), "fold");
        return value.getattr(name)?.ne(was.getattr(name)?);
    }
    Ok(false)
}
