//! Python objects to the bytes of the type that the server described.
//!
//! `scalar` finds the file for a type without parts; `array`, `composite` and `range` are what has some, `custom` is what users
//! put in their place, `text_form` what travels as text, `unwrap` says what becomes of a value of another Python type, `sure` which values
//! cannot be refused, `usual` is a fast path for most.

mod array;
mod bytes;
mod composite;
mod custom;
mod depth;
mod geometry;
mod interval;
mod network;
mod number;
mod pairs;
mod plain_text;
mod range;
mod scalar;
pub(super) mod sure;
mod text;
mod text_form;
mod time;
pub mod transpose;
mod unwrap;
pub(super) mod usual;
mod uuid;
mod vector;

pub(super) use depth::may_be_lists;
pub(super) use text_form::part;

use pgwire::{EncodeError, Format, Params, PushError, Refused};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

use crate::pg::types::{Scalar, Type};
use crate::raise::Unfit;
use unwrap::{enum_value, refused};

impl From<EncodeError> for Unfit {
    fn from(error: EncodeError) -> Unfit {
        Unfit::Because(error.to_string())
    }
}

impl From<Refused> for Unfit {
    fn from(refused: Refused) -> Unfit {
        Unfit::Because(refused.message)
    }
}

impl From<PushError<Unfit>> for Unfit {
    fn from(error: PushError<Unfit>) -> Unfit {
        match error {
            PushError::Refused(refused) => refused.into(),
            PushError::Encode(unfit) => unfit,
        }
    }
}

type Encoded = Result<(), Unfit>;

/// Adds one parameter.
#[inline]
pub(super) fn encode(
    ty: &Type,
    value: &Bound<'_, PyAny>,
    params: &mut Params,
) -> Result<(), PushError<Unfit>> {
    if value.is_none() {
        let pushed = if ty.is_binary() {
            params.push_null()
        } else {
            params.push_null_text()
        };
        return pushed.map_err(PushError::Refused);
    }
    match ty {
        Type::Scalar(scalar) => {
            if scalar.takes_text()
                && let Ok(text) = value.cast::<PyString>()
            {
                return push_text(params, text);
            }
            params
                .push_with(Format::Binary, |out| scalar::encode(*scalar, value, out))
                .map_err(|error| about_lists(*scalar, value, error))
        }
        _ => encode_other(ty, value, params),
    }
}

/// A list where one value belongs is most likely meant for IN.
#[cold]
fn about_lists(
    scalar: Scalar,
    value: &Bound<'_, PyAny>,
    error: PushError<Unfit>,
) -> PushError<Unfit> {
    let list = value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>();
    match error {
        PushError::Encode(Unfit::Because(why))
            if list && !scalar.holds_lists() && !scalar.is_figure() =>
        {
            PushError::Encode(Unfit::Because(format!(
                "{why}; a list of values goes with = ANY($1), not IN ($1)"
            )))
        }
        other => other,
    }
}

#[inline(never)]
fn encode_other(
    ty: &Type,
    value: &Bound<'_, PyAny>,
    params: &mut Params,
) -> Result<(), PushError<Unfit>> {
    match ty {
        Type::Custom(custom) => return custom::encode(custom, value, params),
        Type::Void => {
            return Err(PushError::Encode(Unfit::Because(
                "void takes no value; pass None".to_owned(),
            )));
        }
        Type::Array(array) if array::is_empty_vector(array, value) => {
            return params.push_with(Format::Text, |_| Ok(()));
        }
        // The server knows how to read what it writes.
        Type::Array(_)
        | Type::Composite(_)
        | Type::Range(_)
        | Type::Multirange(_)
        | Type::Record => {
            if let Ok(text) = value.cast::<PyString>() {
                return push_text(params, text);
            }
        }
        Type::Scalar(_) | Type::Enum(_) | Type::Text(_) => {}
    }
    if ty.is_binary() {
        params.push_with(Format::Binary, |out| encode_binary(ty, value, out))
    } else {
        params.push_with(Format::Text, |out| text_form::encode(ty, value, out))
    }
}

/// Appends the binary form of a value that is not None: a parameter's, a part's, or that of a field of COPY. What has none is
/// refused.
pub(super) fn encode_binary(ty: &Type, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    match ty {
        Type::Scalar(scalar) => scalar::encode_part(*scalar, value, out),
        Type::Enum(name) => text::label(name, value, out),
        Type::Custom(custom) => custom::encode_part(custom, value, out),
        _ if !ty.is_binary() => Err(refused(ty.name(), value, "its text form as str")),
        Type::Array(array) => array::encode(array, value, out),
        Type::Composite(composite) => composite::encode(composite, value, out),
        Type::Range(range) => range::encode(range, value, out),
        Type::Multirange(range) => range::encode_several(range, value, out),
        Type::Record => Err(Unfit::Because(
            "PostgreSQL takes no anonymous record as a parameter; cast it to a composite type ($1::name)"
                .to_owned(),
        )),
        Type::Text(_) | Type::Void => Err(refused(ty.name(), value, "None")),
    }
}

fn push_text(params: &mut Params, text: &Bound<'_, PyString>) -> Result<(), PushError<Unfit>> {
    params.push_with(Format::Text, |out| match enum_value(text)? {
        Some(inner) => text::encode(&inner, out),
        None => text::append(text.to_str()?, out),
    })
}
