//! What users write their own way. An exception of theirs goes out as it is, with the codec's name as a note.

use pgwire::{Format, Params, PushError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use super::{Encoded, encode_binary, plain_text, text, text_form};
use crate::pg::decode::custom::note;
use crate::pg::types::Custom;
use crate::pg::types::codec::{Codec, Form};
use crate::raise::Unfit;

pub(super) fn encode(
    custom: &Custom,
    value: &Bound<'_, PyAny>,
    params: &mut Params,
) -> Result<(), PushError<Unfit>> {
    let Some(made) = call(&custom.codec, value).map_err(PushError::Encode)? else {
        return super::encode(&custom.inner, value, params);
    };
    match custom.codec.form {
        Form::Value if made.is_none() => Err(PushError::Encode(nothing(&custom.codec))),
        Form::Value => super::encode(&custom.inner, &made, params),
        Form::Text => params.push_with(Format::Text, |out| append(&custom.codec, &made, out)),
        Form::Binary => params.push_with(Format::Binary, |out| append(&custom.codec, &made, out)),
    }
}

/// Inside of another value, where everything is binary.
pub(super) fn encode_part(custom: &Custom, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let Some(made) = call(&custom.codec, value)? else {
        return encode_binary(&custom.inner, value, out);
    };
    match custom.codec.form {
        Form::Value if made.is_none() => Err(nothing(&custom.codec)),
        Form::Value => encode_binary(&custom.inner, &made, out),
        Form::Binary => append(&custom.codec, &made, out),
        Form::Text => {
            check(&custom.codec, &made)?;
            plain_text::encode(&custom.inner, &made, out)
        }
    }
}

/// Inside of an array that travels as text.
pub(super) fn encode_text(custom: &Custom, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let Some(made) = call(&custom.codec, value)? else {
        return text_form::encode(&custom.inner, value, out);
    };
    match custom.codec.form {
        Form::Value if made.is_none() => Err(nothing(&custom.codec)),
        Form::Value => text_form::encode(&custom.inner, &made, out),
        Form::Text => append(&custom.codec, &made, out),
        Form::Binary => Err(Unfit::Because(format!(
            "the codec for {} writes binary, but arrays of it travel as text; give it a decode function too",
            custom.codec.label()
        ))),
    }
}

/// What the codec makes of the value; None if it leaves that to what is built in.
fn call<'py>(codec: &Codec, value: &Bound<'py, PyAny>) -> Result<Option<Bound<'py, PyAny>>, Unfit> {
    let py = value.py();
    let Some(function) = &codec.encode else {
        return Ok(None);
    };
    match function.bind(py).call1((value,)) {
        Ok(made) => Ok(Some(made)),
        Err(error) => {
            note(py, &error, codec, "encode");
            Err(Unfit::Foreign(error))
        }
    }
}

fn append(codec: &Codec, made: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    check(codec, made)?;
    if let Ok(string) = made.cast::<PyString>() {
        return text::append(string.to_str()?, out);
    }
    out.extend_from_slice(made.cast::<PyBytes>().map_err(PyErr::from)?.as_bytes());
    Ok(())
}

fn check(codec: &Codec, made: &Bound<'_, PyAny>) -> Encoded {
    let (right, expected) = match codec.form {
        Form::Text => (made.is_instance_of::<PyString>(), "str"),
        _ => (made.is_instance_of::<PyBytes>(), "bytes"),
    };
    if right {
        return Ok(());
    }
    Err(Unfit::Because(format!(
        "`encode` of the codec for {} returns {expected}, not {}",
        codec.label(),
        made.get_type().name()?
    )))
}

fn nothing(codec: &Codec) -> Unfit {
    Unfit::Because(format!(
        "`encode` of the codec for {} returned None; NULL never reaches a codec, so None cannot come of it",
        codec.label()
    ))
}
