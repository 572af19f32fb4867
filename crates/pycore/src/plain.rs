//! What a parameter holds, whatever a subclass makes of its methods, for both databases.

use pyo3::buffer::PyBuffer;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyByteArray, PyDateTime, PyFloat, PyInt, PyMemoryView};

use crate::lazy::DECIMAL;
use crate::raise::Unfit;

/// The text of an int, float or Decimal; None for other types and for bool. A subclass may print itself otherwise: an
/// Enum as its name, `numpy.float64` as a call.
pub fn number_text(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let py = value.py();
    if let Ok(float) = value.cast::<PyFloat>() {
        return Ok(Some(
            PyFloat::new(py, float.value()).repr()?.to_str()?.to_owned(),
        ));
    }
    if value.is_instance_of::<PyInt>() {
        if value.is_instance_of::<PyBool>() {
            return Ok(None);
        }
        if let Ok(number) = value.extract::<i64>() {
            return Ok(Some(number.to_string()));
        }
    } else if !value.is_instance(DECIMAL.get(py)?)? {
        return Ok(None);
    }
    // Of an int too: Python itself refuses to print one of more than 4,300 digits.
    Ok(Some(decimal(value)?.str()?.to_str()?.to_owned()))
}

/// An int or Decimal as a Decimal that is of no subclass.
pub fn decimal<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let class = DECIMAL.get(value.py())?;
    if value.get_type().is(class) {
        return Ok(value.clone());
    }
    class.call1((value,))
}

/// The bytes of a bytearray or memoryview; None for other types.
pub fn octets(value: &Bound<'_, PyAny>) -> Result<Option<Vec<u8>>, Unfit> {
    if !value.is_instance_of::<PyByteArray>() && !value.is_instance_of::<PyMemoryView>() {
        return Ok(None);
    }
    match PyBuffer::<u8>::get(value) {
        Ok(buffer) => Ok(Some(buffer.to_vec(value.py())?)),
        // The machine decides how other items lie in memory; and a released view has none.
        Err(error) if error.is_instance_of::<pyo3::exceptions::PyBufferError>(value.py()) => Err(
            Unfit::Because("the items of this memoryview are not bytes; use .cast('B')".to_owned()),
        ),
        Err(error) => Err(error.into()),
    }
}

/// Refuses what is more than a datetime: a `pandas.Timestamp` with nanoseconds would lose them, and `pandas.NaT`, which
/// is one to `isinstance`, would be stored as a day of the year 1.
pub fn check_moment(at: &Bound<'_, PyDateTime>) -> Result<(), Unfit> {
    if at.is_exact_instance_of::<PyDateTime>() {
        return Ok(());
    }
    let Some(nanosecond) = at.getattr_opt(intern!(at.py(), "nanosecond"))? else {
        return Ok(());
    };
    if nanosecond.eq(0)? {
        return Ok(());
    }
    Err(Unfit::Because(
        "the value is no moment, or one with nanoseconds, which a datetime cannot hold".to_owned(),
    ))
}
