//! The fast path of values of the usual Python type that is nothing else besides: most of those that are copied.

use pgwire::types::timestamp::Timestamp;
use pgwire::types::{float, timestamp};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDateTime, PyFloat, PyString, PyTzInfo, PyTzInfoAccess};

use super::sure::whole;
use super::time::micros;
use crate::pg::types::{Scalar, Type};

/// Appends the length of the value and its binary form. False, and nothing is appended: it goes the long way, which also says
/// what is wrong with it.
#[inline]
pub fn append(ty: &Type, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> bool {
    let Type::Scalar(scalar) = ty else {
        return false;
    };
    match scalar {
        Scalar::Bool => match value.cast_exact::<PyBool>() {
            Ok(value) => out.extend_from_slice(&[0, 0, 0, 1, u8::from(value.is_true())]),
            Err(_) => return false,
        },
        Scalar::Int4 => match whole(value).map(i32::try_from) {
            Some(Ok(number)) => out.extend_from_slice(&number_of_four(number)),
            _ => return false,
        },
        Scalar::Int8 => match whole(value) {
            Some(number) => eight(number.to_be_bytes(), out),
            None => return false,
        },
        Scalar::Float8 => match value.cast_exact::<PyFloat>() {
            Ok(number) => {
                out.extend_from_slice(&[0, 0, 0, 8]);
                float::encode8(number.value(), out);
            }
            Err(_) => return false,
        },
        Scalar::Text => return text(value, out),
        Scalar::TimestampTz => return moment(value, out),
        _ => return false,
    }
    true
}

fn number_of_four(number: i32) -> [u8; 8] {
    let [a, b, c, d] = number.to_be_bytes();
    [0, 0, 0, 4, a, b, c, d]
}

fn eight(bytes: [u8; 8], out: &mut Vec<u8>) {
    out.extend_from_slice(&[0, 0, 0, 8]);
    out.extend_from_slice(&bytes);
}

fn text(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> bool {
    let Ok(text) = value.cast_exact::<PyString>() else {
        return false;
    };
    let Ok(text) = text.to_str() else {
        return false;
    };
    let Ok(length) = i32::try_from(text.len()) else {
        return false;
    };
    if text.contains('\0') {
        return false;
    }
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(text.as_bytes());
    true
}

fn moment(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> bool {
    let Ok(at) = value.cast_exact::<PyDateTime>() else {
        return false;
    };
    let in_utc = at
        .get_tzinfo()
        .is_some_and(|zone| PyTzInfo::utc(value.py()).is_ok_and(|utc| zone.is(utc)));
    if !in_utc {
        return false;
    }
    let Ok(micros) = micros(at) else {
        return false;
    };
    let start = out.len();
    out.extend_from_slice(&[0, 0, 0, 8]);
    let written = timestamp::encode(Timestamp::Finite(micros), out).is_ok();
    if !written {
        out.truncate(start);
    }
    written
}
