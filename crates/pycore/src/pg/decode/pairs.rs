//! `hstore`, as a dict of texts.

use pgwire::types::hstore;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::malformed;

pub(super) fn decode<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let pairs = hstore::decode(bytes).map_err(|error| malformed(py, &error))?;
    let dict = PyDict::new(py);
    for (key, value) in pairs.iter() {
        dict.set_item(key, value)?;
    }
    Ok(dict.into_any())
}
