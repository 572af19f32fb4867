//! Numbers: whole ones in range, floats without loss, decimals.

use pgwire::types::{float, int, numeric, oid, xid8};
use pyo3::exceptions::PyOverflowError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt};

use super::Encoded;
use super::unwrap::{enum_value, member, refused};
use crate::lazy::DECIMAL;
use crate::pg::types::Scalar;
use crate::plain::number_text;
use crate::raise::{Unfit, shown};

pub(super) fn int2(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let number = integer(Scalar::Int2, value, i16::MIN.into(), i16::MAX.into())?;
    int::encode2(number as i16, out);
    Ok(())
}

pub(super) fn int4(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let number = integer(Scalar::Int4, value, i32::MIN.into(), i32::MAX.into())?;
    int::encode4(number as i32, out);
    Ok(())
}

pub(super) fn int8(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    int::encode8(integer(Scalar::Int8, value, i64::MIN, i64::MAX)?, out);
    Ok(())
}

pub(super) fn oid(scalar: Scalar, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let number = integer(scalar, value, 0, u32::MAX.into())?;
    oid::encode(number as u32, out);
    Ok(())
}

pub(super) fn xid8(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    match value.extract::<u64>() {
        Ok(number) if value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>() => {
            xid8::encode(number, out);
            Ok(())
        }
        _ => member(Scalar::Xid8, value, "an int of 64 bits, not negative", out),
    }
}

pub(super) fn float8(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    float::encode8(number(Scalar::Float8, value)?, out);
    Ok(())
}

pub(super) fn float4(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let wide = number(Scalar::Float4, value)?;
    let narrow = wide as f32;
    // As the server has it for text: no infinity and no zero is made of another number.
    if (wide.is_finite() && narrow.is_infinite()) || (wide != 0.0 && narrow == 0.0) {
        return Err(Unfit::Because(format!("{wide:?} is out of range for real")));
    }
    // A float is rounded to a shorter one, as everywhere; a number that was exact so far is not.
    if !value.is_instance_of::<PyFloat>() && wide.is_finite() && f64::from(narrow) != wide {
        return Err(inexact(Scalar::Float4, value));
    }
    float::encode4(narrow, out);
    Ok(())
}

pub(super) fn numeric(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    // Of a float, the shortest digits that mean it, as PostgreSQL itself converts double precision.
    if let Some(number) = number_text(value)? {
        let text = match number.as_str() {
            "nan" => "NaN",
            "inf" => "Infinity",
            "-inf" => "-Infinity",
            text => text,
        };
        return Ok(numeric::encode(text, out)?);
    }
    member(Scalar::Numeric, value, "Decimal, int or float", out)
}

fn integer(scalar: Scalar, value: &Bound<'_, PyAny>, low: i64, high: i64) -> Result<i64, Unfit> {
    let py = value.py();
    if value.is_instance_of::<PyBool>() {
        return Err(refused(scalar.name(), value, "int"));
    }
    let number = if value.is_instance_of::<PyInt>() {
        value.clone()
    } else if let Some(inner) = enum_value(value)? {
        return integer(scalar, &inner, low, high);
    } else if value.hasattr(intern!(py, "__index__"))? {
        value.call_method0(intern!(py, "__index__"))?
    } else {
        return Err(refused(scalar.name(), value, "int"));
    };
    match number.extract::<i64>() {
        Ok(number) if (low..=high).contains(&number) => Ok(number),
        _ => Err(Unfit::Because(format!(
            "{} is out of range for {} ({low} to {high})",
            // Python refuses to print very long ones.
            number
                .str()
                .map_or_else(|_| "the int".to_owned(), |text| text.to_string()),
            scalar.name()
        ))),
    }
}

fn inexact(scalar: Scalar, value: &Bound<'_, PyAny>) -> Unfit {
    Unfit::Because(format!(
        "{value} is not exact as {}; round it yourself: float(value)",
        scalar.name()
    ))
}

/// A float, or another number that equals one.
pub(super) fn exact_float(scalar: Scalar, value: &Bound<'_, PyAny>) -> Result<f64, Unfit> {
    number(scalar, value)
}

fn number(scalar: Scalar, value: &Bound<'_, PyAny>) -> Result<f64, Unfit> {
    if let Ok(float) = value.cast::<PyFloat>() {
        return Ok(float.value());
    }
    if value.is_instance_of::<PyBool>() {
        return Err(refused(scalar.name(), value, "float or int"));
    }
    let py = value.py();
    if value.is_instance_of::<PyInt>() || value.is_instance(DECIMAL.get(py)?)? {
        let float = as_float(scalar, value)?;
        // 2**53 + 1 and Decimal("0.1") have no float that equals them; NaN never equals anything.
        if float.eq(value)? || value.ne(value)? {
            return Ok(float.extract()?);
        }
        return Err(inexact(scalar, value));
    }
    match enum_value(value)? {
        Some(inner) => number(scalar, &inner),
        // A Fraction, for one: 1/2 is a float, 1/3 is not.
        None if value.hasattr(intern!(py, "__float__"))? => {
            let float = as_float(scalar, value)?;
            if float.eq(value)? || value.ne(value)? {
                return Ok(float.extract()?);
            }
            Err(inexact(scalar, value))
        }
        None => Err(refused(scalar.name(), value, "float or int")),
    }
}

fn as_float<'py>(scalar: Scalar, value: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>, Unfit> {
    let py = value.py();
    let float = value.call_method0(intern!(py, "__float__"));
    float.map_err(|error| {
        if !error.is_instance_of::<PyOverflowError>(py) {
            return error.into();
        }
        // Python refuses to print very long ones.
        let text = Some(shown(value)).filter(|text| !text.is_empty());
        let text = text.as_deref().unwrap_or("the int");
        Unfit::Because(format!(
            "{text} is out of range for {}; only numeric takes numbers of that size",
            scalar.name()
        ))
    })
}
