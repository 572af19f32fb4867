//! Python objects to the bytes of the type that the server described.
//!
//! `scalar` finds the file for a type, `array` and `other` are what is not a scalar, `unwrap` says what becomes of a value
//! of another Python type.

mod array;
mod bytes;
mod number;
mod other;
mod scalar;
mod text;
mod time;
mod unwrap;
mod uuid;

use pgwire::{EncodeError, Format, Params, PushError};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::ty::{Scalar, Type};
use crate::raise::Unfit;

impl From<EncodeError> for Unfit {
    fn from(error: EncodeError) -> Unfit {
        Unfit::Because(error.to_string())
    }
}

pub(super) type Encoded = Result<(), Unfit>;

/// Adds one parameter.
pub(super) fn encode(
    ty: Type,
    value: &Bound<'_, PyAny>,
    params: &mut Params,
) -> Result<(), PushError<Unfit>> {
    if value.is_none() {
        return params.push_null().map_err(PushError::Refused);
    }
    match ty {
        Type::Scalar(scalar) => {
            if takes_text(scalar)
                && let Ok(text) = value.cast::<PyString>()
            {
                return push_text(params, text);
            }
            params.push_with(Format::Binary, |out| scalar::encode(scalar, value, out))
        }
        Type::Array {
            element,
            element_oid,
        } => params.push_with(Format::Binary, |out| {
            array::encode(element, element_oid, value, out)
        }),
        Type::Void => params.push_with(Format::Text, |_| {
            Err(Unfit::Because("void takes no value; pass None".to_owned()))
        }),
        Type::Other(type_oid) => {
            params.push_with(Format::Text, |out| other::encode(type_oid, value, out))
        }
    }
}

/// Appends one value, not None, in binary: what a field of a COPY must be.
pub(super) fn encode_binary(ty: Type, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    match ty {
        Type::Scalar(scalar) => array::encode_item(scalar, value, out),
        Type::Array {
            element,
            element_oid,
        } => array::encode(element, element_oid, value, out),
        Type::Void | Type::Other(_) => Err(Unfit::Because(
            "the type has no binary form here; use format=\"text\" or \"csv\"".to_owned(),
        )),
    }
}

/// Types whose text form the server parses strictly, so that a str is as good as the Python type.
fn takes_text(scalar: Scalar) -> bool {
    matches!(
        scalar,
        Scalar::Date | Scalar::Time | Scalar::Timestamp | Scalar::TimestampTz | Scalar::Uuid
    )
}

fn push_text(params: &mut Params, text: &Bound<'_, PyString>) -> Result<(), PushError<Unfit>> {
    params.push_with(Format::Text, |out| {
        out.extend_from_slice(text.to_str()?.as_bytes());
        Ok(())
    })
}
