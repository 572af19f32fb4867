//! What users write their own way.

use pgwire::{Format, Params, PushError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use super::{Encoded, encode_binary, plain_text, text, text_form};
use crate::pg::types::Custom;
use crate::pg::types::codec::Form;
use crate::raise::Unfit;

pub(super) fn encode(
    custom: &Custom,
    value: &Bound<'_, PyAny>,
    params: &mut Params,
) -> Result<(), PushError<Unfit>> {
    let Some(made) = custom.codec.encoded(value).map_err(PushError::Encode)? else {
        return super::encode(&custom.inner, value, params);
    };
    match custom.codec.form {
        Form::Value => super::encode(&custom.inner, &made, params),
        Form::Text => params.push_with(Format::Text, |out| append(&made, out)),
        Form::Binary => params.push_with(Format::Binary, |out| append(&made, out)),
    }
}

/// Inside of another value, where everything is binary.
pub(super) fn encode_part(custom: &Custom, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let Some(made) = custom.codec.encoded(value)? else {
        return encode_binary(&custom.inner, value, out);
    };
    match custom.codec.form {
        Form::Value => encode_binary(&custom.inner, &made, out),
        Form::Binary => append(&made, out),
        Form::Text => plain_text::encode(&custom.inner, &made, out),
    }
}

/// Inside of what travels as text.
pub(super) fn encode_text(custom: &Custom, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let Some(made) = custom.codec.encoded(value)? else {
        return text_form::part(&custom.inner, value, out);
    };
    match custom.codec.form {
        Form::Value => text_form::part(&custom.inner, &made, out),
        Form::Text => append(&made, out),
        Form::Binary if custom.inner.is_binary() => {
            let mut bytes = Vec::new();
            append(&made, &mut bytes)?;
            text_form::written(&custom.inner, &bytes, out)
        }
        Form::Binary => Err(Unfit::Because(format!(
            "the codec for {} writes binary, but what holds it travels as text; give it a decode function too",
            custom.codec.label()
        ))),
    }
}

/// What a codec made, which has been checked to be of its form.
fn append(made: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if let Ok(string) = made.cast::<PyString>() {
        return text::append(string.to_str()?, out);
    }
    out.extend_from_slice(made.cast::<PyBytes>().map_err(PyErr::from)?.as_bytes());
    Ok(())
}
