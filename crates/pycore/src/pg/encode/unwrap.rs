//! Values of another type than expected: enum members and NumPy scalars are converted, others are refused.

use pyo3::intern;
use pyo3::prelude::*;

use super::{Encoded, scalar};
use crate::lazy::ENUM;
use crate::numpy;
use crate::pg::types::Scalar;
use crate::raise::{Unfit, shown};

/// The value of an enum member, or the Python number of a NumPy scalar; an error for anything else.
pub(super) fn member(
    ty: Scalar,
    value: &Bound<'_, PyAny>,
    expected: &str,
    out: &mut Vec<u8>,
) -> Encoded {
    if let Some(inner) = enum_value(value)? {
        return scalar::encode(ty, &inner, out);
    }
    match numpy::number(value)? {
        Some(inner) => scalar::encode(ty, &inner, out),
        None => Err(refused(ty.name(), value, expected)),
    }
}

pub(super) fn enum_value<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if value.is_instance(ENUM.get(value.py())?)? {
        return value.getattr(intern!(value.py(), "value")).map(Some);
    }
    Ok(None)
}

pub(super) fn refused(name: &str, value: &Bound<'_, PyAny>, expected: &str) -> Unfit {
    let kind = value
        .get_type()
        .name()
        .map_or_else(|_| "object".to_owned(), |name| name.to_string());
    let shown = shown(value);
    Unfit::Because(format!("{name} takes {expected}, not {kind} {shown}"))
}
