//! Arrays, of as many dimensions as the lists are deep.

use pgwire::types::array::{self, Dimension};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyList, PyTuple};

use super::depth::Shape;
use super::{Encoded, encode_binary};
use crate::pg::types::{Array, Scalar, Type};
use crate::raise::Unfit;

pub(super) fn encode(ty: &Array, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if integers(ty, value, out)? {
        return Ok(());
    }
    let shape = Shape::of(ty, value)?;
    if is_vector(ty) && shape.dimensions.len() != 1 {
        return Err(not_a_vector(ty, &shape));
    }
    let mut writer = array::Writer::shaped(ty.element_oid, &shape.dimensions, out)?;
    level(ty, shape.dimensions.len(), value, &mut writer)?;
    Ok(writer.finish()?)
}

/// An `int2vector` or `oidvector` without elements, whose binary form the server writes and does not read.
pub(super) fn is_empty_vector(ty: &Array, value: &Bound<'_, PyAny>) -> bool {
    let list = value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>();
    is_vector(ty) && list && value.len().is_ok_and(|length| length == 0)
}

fn is_vector(ty: &Array) -> bool {
    ty.lower_bound != 1
}

#[cold]
fn not_a_vector(ty: &Array, shape: &Shape) -> Unfit {
    let name = if matches!(ty.element, Type::Scalar(Scalar::Int2)) {
        "int2vector"
    } else {
        "oidvector"
    };
    Unfit::Because(if shape.dimensions.is_empty() {
        format!(
            "PostgreSQL reads no {name} without elements as a part of something: write ''::{name} in the statement"
        )
    } else {
        format!(
            "an {name} has one dimension, not {}",
            shape.dimensions.len()
        )
    })
}

fn level(
    ty: &Array,
    depth: usize,
    value: &Bound<'_, PyAny>,
    writer: &mut array::Writer<'_>,
) -> Encoded {
    for (index, item) in value.try_iter()?.enumerate() {
        let item = item?;
        if depth > 1 {
            level(ty, depth - 1, &item, writer).map_err(|unfit| unfit.inside(index))?;
        } else if item.is_none() {
            writer.push_null();
        } else {
            writer
                .push_with(|out| encode_binary(&ty.element, &item, out))
                .map_err(|error| Unfit::from(error).inside(index))?;
        }
    }
    Ok(())
}

/// A list of nothing but whole numbers that fit, and None: the keys and values that many rows are written by. Whether it was one;
/// else nothing is appended.
fn integers(ty: &Array, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Result<bool, Unfit> {
    let wide = match ty.element {
        Type::Scalar(Scalar::Int4) => false,
        Type::Scalar(Scalar::Int8) => true,
        _ => return Ok(false),
    };
    let Ok(list) = value.cast_exact::<PyList>() else {
        return Ok(false);
    };
    if list.is_empty() {
        return Ok(false);
    }
    let start = out.len();
    out.reserve(list.len().saturating_mul(if wide { 12 } else { 8 }));
    let dimension = Dimension {
        length: list.len(),
        lower_bound: ty.lower_bound,
    };
    let mut writer = array::Writer::shaped(ty.element_oid, &[dimension], out)?;
    for item in list.iter() {
        if item.is_none() {
            writer.push_null();
            continue;
        }
        let number = exact(&item);
        let pushed = match (number, number.map(i32::try_from)) {
            (Some(number), _) if wide => writer.push_with(|out| write(out, &number.to_be_bytes())),
            (_, Some(Ok(number))) => writer.push_with(|out| write(out, &number.to_be_bytes())),
            // The long way says what is wrong with it, or knows what to make of it.
            _ => {
                out.truncate(start);
                return Ok(false);
            }
        };
        pushed?;
    }
    writer.finish()?;
    Ok(true)
}

fn write(out: &mut Vec<u8>, bytes: &[u8]) -> Encoded {
    out.extend_from_slice(bytes);
    Ok(())
}

/// An int, not of a class derived from it, if it has 64 bits.
fn exact(item: &Bound<'_, PyAny>) -> Option<i64> {
    if !item.is_exact_instance_of::<PyInt>() {
        return None;
    }
    let mut overflow = 0;
    // SAFETY: an int: no code of its own runs, and no error is set.
    let number = unsafe { ffi::PyLong_AsLongLongAndOverflow(item.as_ptr(), &raw mut overflow) };
    (overflow == 0).then_some(number)
}
