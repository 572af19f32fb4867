//! pgvector's types, from any sequence of numbers; arrays of floats lend their memory.

use pgwire::types::{sparsevec, vector};
use pyo3::buffer::{Element, PyBuffer};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyFrozenSet, PyList, PyMapping, PySet, PyString, PyTuple};

use super::Encoded;
use super::unwrap::refused;
use crate::lazy::SPARSE_VECTOR;
use crate::pg::types::Scalar;
use crate::raise::Unfit;

pub(super) fn encode(scalar: Scalar, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let numbers = numbers(scalar, value)?;
    if scalar == Scalar::Vector {
        vector::encode(&numbers, out)?;
    } else {
        vector::encode_half(&numbers, out)?;
    }
    Ok(())
}

pub(super) fn encode_sparse(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let py = value.py();
    if !value.is_instance(SPARSE_VECTOR.get(py)?)? {
        return Err(refused("sparsevec", value, "a ferrow.types.SparseVector"));
    }
    let dimensions: u32 = value
        .getattr(intern!(py, "dimensions"))?
        .extract()
        .unwrap_or(u32::MAX);
    let items = value
        .getattr(intern!(py, "values"))?
        .call_method0(intern!(py, "items"))?;
    let mut entries = Vec::new();
    for pair in items.try_iter()? {
        let (index, number): (u32, f64) = pair?.extract()?;
        entries.push((index.saturating_sub(1), number as f32));
    }
    Ok(sparsevec::encode(dimensions, &entries, out)?)
}

fn numbers(scalar: Scalar, value: &Bound<'_, PyAny>) -> Result<Vec<f32>, Unfit> {
    let is_list = value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>();
    if !is_list {
        if let Some(numbers) = lent::<f32>(value)? {
            return Ok(numbers);
        }
        if let Some(numbers) = lent::<f64>(value)? {
            return Ok(numbers.into_iter().map(|number| number as f32).collect());
        }
        let iterable = value.hasattr(intern!(value.py(), "__iter__"))?
            && value.hasattr(intern!(value.py(), "__len__"))?;
        let other = value.is_instance_of::<PyString>()
            || value.is_instance_of::<PyBytes>()
            || value.is_instance_of::<PySet>()
            || value.is_instance_of::<PyFrozenSet>()
            || value.cast::<PyMapping>().is_ok();
        if !iterable || other {
            return Err(refused(scalar.name(), value, "a list of numbers"));
        }
    }
    let mut numbers = Vec::with_capacity(value.len()?);
    for (index, item) in value.try_iter()?.enumerate() {
        let item = item?;
        match item.extract::<f64>() {
            // The database has singles: rounding is what it does, too.
            Ok(number) if !item.is_instance_of::<PyBool>() => numbers.push(number as f32),
            _ => return Err(refused(scalar.name(), &item, "numbers").inside(index)),
        }
    }
    Ok(numbers)
}

/// The items of an array of one dimension, by its memory.
fn lent<T: Element>(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<T>>> {
    match PyBuffer::<T>::get(value) {
        Ok(buffer) if buffer.dimensions() == 1 => buffer.to_vec(value.py()).map(Some),
        _ => Ok(None),
    }
}
