//! JSON text to Python objects and back.

use jiter::{FloatMode, PartialMode, PythonParse, StringCacheMode, map_json_error};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::lazy::JSON_DUMPS;
use crate::raise::data_error;

/// Numbers become int or float as `json.loads` makes them; integers of any size stay exact.
pub fn decode<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    PythonParse {
        allow_inf_nan: false,
        cache_mode: StringCacheMode::Keys,
        partial_mode: PartialMode::Off,
        catch_duplicate_keys: false,
        float_mode: FloatMode::Float,
    }
    .python_parse(py, text)
    .map_err(|error| {
        let reason = map_json_error(text, &error);
        data_error(
            py,
            format!("the database sent a JSON value that does not parse: {reason}"),
        )
    })
}

/// JSON text of a Python value, by the standard library's encoder. NaN and infinity are not JSON and are refused.
pub fn encode<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
    let py = value.py();
    let options = PyDict::new(py);
    options.set_item(intern!(py, "ensure_ascii"), false)?;
    options.set_item(intern!(py, "allow_nan"), false)?;
    options.set_item(intern!(py, "separators"), (",", ":"))?;
    JSON_DUMPS
        .get(py)?
        .call((value,), Some(&options))
        .and_then(|text| Ok(text.cast_into::<PyString>()?))
        .map_err(|error| {
            data_error(
                py,
                format!("cannot be written as JSON: {}", error.value(py)),
            )
        })
}
