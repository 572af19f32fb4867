//! NumPy's scalars as parameters, recognised by their attributes: NumPy itself is never imported.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt};

/// The bool, int or float for a NumPy scalar; None for arrays and for floats wider than a double. A float is the one with the
/// same digits: `float32(0.1)` is 0.1.
pub fn number<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = value.py();
    let Some(dtype) = value.getattr_opt(intern!(py, "dtype"))? else {
        return Ok(None);
    };
    let Some(kind) = dtype.getattr_opt(intern!(py, "kind"))? else {
        return Ok(None);
    };
    let one = value
        .getattr_opt(intern!(py, "ndim"))?
        .is_some_and(|dimensions| dimensions.extract().is_ok_and(|count: usize| count == 0));
    match kind.extract::<&str>() {
        Ok("b" | "i" | "u") if one => {
            let item = value.call_method0(intern!(py, "item"))?;
            // Not another object that would have to be converted in turn.
            let plain = item.is_exact_instance_of::<PyInt>() || item.is_instance_of::<PyBool>();
            Ok(plain.then_some(item))
        }
        Ok("f") if one && dtype.getattr(intern!(py, "itemsize"))?.le(8)? => {
            let digits = value.str()?;
            py.get_type::<PyFloat>().call1((digits,)).map(Some)
        }
        _ => Ok(None),
    }
}
