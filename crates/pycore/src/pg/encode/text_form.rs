//! What travels as text: types without a binary form, arrays of them, and whatever holds one of them.

use pgwire::types::array::literal;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::depth::Shape;
use super::unwrap::{enum_value, refused};
use super::{Encoded, custom, text};
use crate::numpy;
use crate::pg::types::{Array, Type};
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
        Type::Text(name) if **name == *"money" => Err(refused(
            "money",
            value,
            "its text form as str; for a number write $1::numeric::money",
        )),
        Type::Text(name) => match number_text(value)? {
            Some(number) => text::append(&number, out),
            None => match numpy::number(value)? {
                Some(inner) => encode(ty, &inner, out),
                None => Err(refused(name, value, "its text form as str")),
            },
        },
        _ => Err(Unfit::Because(format!(
            "{} holds a type without a binary form, so it takes its own text form as str",
            ty.name()
        ))),
    }
}

fn list(ty: &Array, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let shape = Shape::of(ty, value)?;
    let mut written = String::new();
    if shape
        .dimensions
        .iter()
        .any(|dimension| dimension.lower_bound != 1)
    {
        for dimension in &shape.dimensions {
            let first = i64::from(dimension.lower_bound);
            let last = first + dimension.length as i64 - 1;
            written.push_str(&format!("[{first}:{last}]"));
        }
        written.push('=');
    }
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
            let mut bytes = Vec::new();
            encode(&ty.element, &item, &mut bytes).map_err(|unfit| unfit.inside(index))?;
            let element = std::str::from_utf8(&bytes)
                .map_err(|_| Unfit::Because("the text of an element is not UTF-8".to_owned()))?;
            literal::quote(element, out);
        }
    }
    out.push('}');
    Ok(())
}
