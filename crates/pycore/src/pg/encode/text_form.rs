//! What travels as text: types without a binary form, arrays of them, and whatever holds one of them.

use pgwire::types::array::literal;
use pgwire::types::composed;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::depth::Shape;
use super::range::{self, Ends};
use super::unwrap::{enum_value, refused};
use super::{Encoded, composite, custom, encode_binary, text};
use crate::numpy;
use crate::pg::types::{Array, Composite, Range, Type};
use crate::pg::written::{bounds, write};
use crate::plain::number_text;
use crate::raise::Unfit;

pub(super) fn encode(ty: &Type, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if let Some(inner) = enum_value(value)? {
        return encode(ty, &inner, out);
    }
    if let Ok(string) = value.cast::<PyString>() {
        return text::append(string.to_str()?, out);
    }
    match ty {
        Type::Custom(custom) => custom::encode_text(custom, value, out),
        Type::Array(array) => list(array, value, out),
        // A number would be read by the server's locale.
        Type::Text(plain) if *plain.name == *"money" => Err(refused(
            "money",
            value,
            "its text form as str; for a number write $1::numeric::money",
        )),
        Type::Text(plain) => match number_text(value)? {
            Some(number) => text::append(&number, out),
            None => match numpy::number(value)? {
                Some(inner) => encode(ty, &inner, out),
                None => Err(refused(&plain.name, value, "its text form as str")),
            },
        },
        Type::Composite(composite) => fields(composite, value, out),
        Type::Range(range) => text::append(&span(range, value)?, out),
        Type::Multirange(range) => several(range, value, out),
        _ => Err(refused(ty.name(), value, "its text form as str")),
    }
}

/// A part of what travels as text, by way of its binary form if it has one.
pub(in crate::pg) fn part(ty: &Type, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if let Type::Custom(custom) = ty {
        return custom::encode_text(custom, value, out);
    }
    if !ty.is_binary() {
        return encode(ty, value, out);
    }
    let mut bytes = Vec::new();
    encode_binary(ty, value, &mut bytes)?;
    written(ty, &bytes, out)
}

/// Appends the text of a value that is there in binary.
pub(super) fn written(ty: &Type, bytes: &[u8], out: &mut Vec<u8>) -> Encoded {
    let mut text = String::new();
    write(ty, bytes, &mut text).map_err(|wrong| Unfit::Because(wrong.0))?;
    text::append(&text, out)
}

/// The text of a part.
fn text_of(ty: &Type, value: &Bound<'_, PyAny>) -> Result<String, Unfit> {
    let mut bytes = Vec::new();
    part(ty, value, &mut bytes)?;
    String::from_utf8(bytes)
        .map_err(|_| Unfit::Because("the text of a part is not UTF-8".to_owned()))
}

fn fields(ty: &Composite, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let values = composite::fields(ty, value)?;
    let mut written = String::from("(");
    for (index, (field, value)) in ty.fields.iter().zip(values).enumerate() {
        if index > 0 {
            written.push(',');
        }
        if !value.is_none() {
            let text = text_of(&field.ty, &value).map_err(|unfit| unfit.of(&field.name))?;
            composed::quote(&text, &mut written);
        }
    }
    written.push(')');
    text::append(&written, out)
}

fn span(ty: &Range, value: &Bound<'_, PyAny>) -> Result<String, Unfit> {
    let Some(ends) = Ends::of(ty, value)? else {
        return Ok("empty".to_owned());
    };
    let mut written = String::new();
    written.push(if ends.lower_inc { '[' } else { '(' });
    bound(ty, &ends.lower, range::LOWER, &mut written)?;
    written.push(',');
    bound(ty, &ends.upper, range::UPPER, &mut written)?;
    written.push(if ends.upper_inc { ']' } else { ')' });
    Ok(written)
}

fn bound(ty: &Range, value: &Bound<'_, PyAny>, place: &str, out: &mut String) -> Encoded {
    if !value.is_none() {
        let text = text_of(&ty.subtype, value).map_err(|unfit| unfit.of(place))?;
        composed::quote(&text, out);
    }
    Ok(())
}

fn several(ty: &Range, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    range::check_several(ty, value)?;
    let mut spans = Vec::new();
    for (index, item) in value.try_iter()?.enumerate() {
        spans.push(span(ty, &item?).map_err(|unfit| unfit.inside(index))?);
    }
    text::append(&format!("{{{}}}", spans.join(",")), out)
}

fn list(ty: &Array, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let shape = Shape::of(ty, value)?;
    let mut written = String::new();
    bounds(&shape.dimensions, &mut written).map_err(|error| Unfit::Because(error.to_string()))?;
    level(ty, &shape, value, 0, &mut written)?;
    text::append(&written, out)
}

fn level(
    ty: &Array,
    shape: &Shape,
    value: &Bound<'_, PyAny>,
    depth: usize,
    out: &mut String,
) -> Encoded {
    out.push('{');
    for (index, item) in value.try_iter()?.enumerate() {
        let item = item?;
        if index > 0 {
            out.push(char::from(ty.delimiter));
        }
        if depth + 1 < shape.dimensions.len() {
            level(ty, shape, &item, depth + 1, out).map_err(|unfit| unfit.inside(index))?;
        } else if item.is_none() {
            out.push_str("NULL");
        } else {
            let element = text_of(&ty.element, &item).map_err(|unfit| unfit.inside(index))?;
            literal::quote(&element, out);
        }
    }
    out.push('}');
    Ok(())
}
