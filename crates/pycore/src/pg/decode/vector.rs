//! pgvector's types: lists of floats, each of which has the exact value of the single that is stored.

use pgwire::types::{sparsevec, vector};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::malformed;
use crate::lazy::SPARSE_VECTOR;
use crate::pg::types::Scalar;

pub(super) fn decode<'py>(
    py: Python<'py>,
    scalar: Scalar,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let numbers = if scalar == Scalar::Vector {
        vector::decode(bytes)
    } else {
        vector::decode_half(bytes)
    }
    .map_err(|error| malformed(py, &error))?;
    Ok(PyList::new(py, numbers.map(f64::from))?.into_any())
}

pub(super) fn decode_sparse<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let vector = sparsevec::decode(bytes).map_err(|error| malformed(py, &error))?;
    let values = PyDict::new(py);
    for (index, value) in vector.iter() {
        values.set_item(u64::from(index) + 1, f64::from(value))?;
    }
    SPARSE_VECTOR.get(py)?.call1((vector.dimensions(), values))
}
