//! The text of a value to its binary form.

use std::borrow::Cow;
use std::ops::Bound;

use pgwire::types::array::{self, Dimension, literal};
use pgwire::types::composed::{self, Span};
use pgwire::types::{multirange, range, record};

use super::{Unwritten, Written, scalar};
use crate::pg::types::{Array, Composite, Type};

/// Appends the binary form of a type that has one.
pub fn read(ty: &Type, text: &str, out: &mut Vec<u8>) -> Written {
    match ty {
        Type::Scalar(scalar) => scalar::read(*scalar, text, out),
        Type::Array(array) => elements(array, text, out),
        Type::Composite(composite) => fields(composite, text, out),
        Type::Range(range) => span(&range.subtype, &composed::range(text)?, out),
        Type::Multirange(range) => {
            let mut writer = multirange::Writer::new(out);
            for one in composed::multirange(text)? {
                writer.push_with(|out| span(&range.subtype, &one, out))?;
            }
            Ok(writer.finish()?)
        }
        Type::Custom(custom) if custom.inner.is_binary() => read(&custom.inner, text, out),
        Type::Custom(custom) => Err(Unwritten(format!(
            "the codec for {} reads binary, but inside of what travels as text there is only text; give it format=\"text\"",
            custom.codec.label()
        ))),
        Type::Enum(_) | Type::Void | Type::Text(_) | Type::Record => {
            out.extend_from_slice(text.as_bytes());
            Ok(())
        }
    }
}

fn elements(ty: &Array, text: &str, out: &mut Vec<u8>) -> Written {
    let parsed = if ty.lower_bound == 1 {
        literal::parse(text, char::from(ty.delimiter))?
    } else {
        vector(ty, text)
    };
    let mut writer = array::Writer::shaped(ty.element_oid, &parsed.dimensions, out)?;
    for element in &parsed.elements {
        match element {
            Some(text) => writer.push_with(|out| read(&ty.element, text, out))?,
            None => writer.push_null(),
        }
    }
    Ok(writer.finish()?)
}

/// The vectors of the catalogue, which are written without braces.
fn vector<'a>(ty: &Array, text: &'a str) -> literal::Literal<'a> {
    let words = text.split_ascii_whitespace().map(Cow::Borrowed).map(Some);
    let elements: Vec<_> = words.collect();
    let dimension = Dimension {
        length: elements.len(),
        lower_bound: ty.lower_bound,
    };
    literal::Literal {
        dimensions: if elements.is_empty() {
            Vec::new()
        } else {
            vec![dimension]
        },
        elements,
    }
}

fn fields(ty: &Composite, text: &str, out: &mut Vec<u8>) -> Written {
    let values = parts(ty, text)?;
    let mut writer = record::Writer::new(out);
    for (field, value) in ty.fields.iter().zip(&values) {
        match value {
            Some(text) => writer.push_with(field.oid, |out| read(&field.ty, text, out))?,
            None => writer.push_null(field.oid),
        }
    }
    Ok(writer.finish()?)
}

/// The texts of the fields, as many as the type has.
pub fn parts<'a>(ty: &Composite, text: &'a str) -> Result<Vec<Option<Cow<'a, str>>>, Unwritten> {
    let mut values = composed::record(text)?;
    if ty.fields.is_empty() && matches!(values.as_slice(), [None]) {
        values.clear();
    }
    if values.len() == ty.fields.len() {
        return Ok(values);
    }
    Err(Unwritten(format!(
        "{} has {} fields, the value {}",
        ty.name,
        ty.fields.len(),
        values.len()
    )))
}

fn span(subtype: &Type, span: &Span<'_>, out: &mut Vec<u8>) -> Written {
    match span {
        Span::Empty => {
            range::encode_empty(out);
            Ok(())
        }
        Span::Bounds(lower, upper) => Ok(range::encode(
            bound(subtype, lower),
            bound(subtype, upper),
            out,
        )?),
    }
}

fn bound<'a>(
    subtype: &'a Type,
    bound: &'a Bound<Cow<'_, str>>,
) -> Bound<impl FnOnce(&mut Vec<u8>) -> Written + 'a> {
    bound
        .as_ref()
        .map(move |text| move |out: &mut Vec<u8>| read(subtype, text, out))
}
