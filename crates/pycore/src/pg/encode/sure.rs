//! Which values are encoded without fail. Saying no is always right.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDate, PyDateTime, PyFloat, PyInt, PyString, PyTzInfo, PyTzInfoAccess};

use crate::pg::types::{Scalar, Type};

/// No text is longer, so that as many as a statement can have are less than a message can hold.
const LONGEST: usize = 16 * 1024;

/// Whether `encode` is certain to take the value: one of the usual Python type that is nothing else besides.
#[inline]
pub fn fits(ty: &Type, value: &Bound<'_, PyAny>) -> bool {
    if value.is_none() {
        return true;
    }
    let Type::Scalar(scalar) = ty else {
        return false;
    };
    match scalar {
        Scalar::Bool => value.is_exact_instance_of::<PyBool>(),
        Scalar::Int4 => whole(value).is_some_and(|number| i32::try_from(number).is_ok()),
        Scalar::Int8 => whole(value).is_some(),
        Scalar::Int2 => whole(value).is_some_and(|number| i16::try_from(number).is_ok()),
        Scalar::Float8 => value.is_exact_instance_of::<PyFloat>(),
        Scalar::Text => text(value),
        Scalar::TimestampTz => zone(value).is_some_and(|zone| {
            zone.is_some_and(|zone| PyTzInfo::utc(value.py()).is_ok_and(|utc| zone.is(utc)))
        }),
        Scalar::Timestamp => zone(value).is_some_and(|zone| zone.is_none()),
        Scalar::Date => value.is_exact_instance_of::<PyDate>(),
        _ => false,
    }
}

#[inline]
pub fn whole(value: &Bound<'_, PyAny>) -> Option<i64> {
    let number = value.cast_exact::<PyInt>().ok()?;
    number.extract().ok()
}

fn text(value: &Bound<'_, PyAny>) -> bool {
    let Ok(text) = value.cast_exact::<PyString>() else {
        return false;
    };
    text.to_str()
        .is_ok_and(|text| text.len() <= LONGEST && !text.contains('\0'))
}

/// The zone of a datetime, if it is one.
fn zone<'py>(value: &Bound<'py, PyAny>) -> Option<Option<Bound<'py, PyTzInfo>>> {
    let moment = value.cast_exact::<PyDateTime>().ok()?;
    Some(moment.get_tzinfo())
}
