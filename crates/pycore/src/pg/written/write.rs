//! The binary form of a value to its text.

use std::fmt::Write;
use std::ops::Bound;

use pgwire::types::array::{self, Dimension, literal};
use pgwire::types::range::Range as Ends;
use pgwire::types::{composed, multirange, range, record, text};

use super::{Unwritten, Written, scalar};
use crate::pg::types::{Array, Composite, Type};

/// Appends the text of a value of a type that has a binary form.
pub fn write(ty: &Type, bytes: &[u8], out: &mut String) -> Written {
    match ty {
        Type::Scalar(scalar) => scalar::write(*scalar, bytes, out),
        Type::Array(array) => elements(array, bytes, out),
        Type::Composite(composite) => fields(composite, bytes, out),
        Type::Range(ty) => span(&ty.subtype, range::decode(bytes)?, out),
        Type::Multirange(ty) => {
            out.push('{');
            for (index, ends) in multirange::decode(bytes)?.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                span(&ty.subtype, ends, out)?;
            }
            out.push('}');
            Ok(())
        }
        Type::Custom(custom) if custom.inner.is_binary() => write(&custom.inner, bytes, out),
        Type::Custom(custom) => Err(Unwritten(format!(
            "the codec for {} writes binary, but inside of what travels as text there is only text; give it format=\"text\"",
            custom.codec.label()
        ))),
        Type::Enum(_) | Type::Void | Type::Text(_) | Type::Record => {
            out.push_str(text::decode(bytes)?);
            Ok(())
        }
    }
}

fn elements(ty: &Array, bytes: &[u8], out: &mut String) -> Written {
    let array = array::decode(bytes)?;
    let mut values = array.iter();
    if ty.lower_bound != 1 {
        for (index, value) in values.enumerate() {
            if index > 0 {
                out.push(' ');
            }
            write(&ty.element, value.unwrap_or_default(), out)?;
        }
        return Ok(());
    }
    bounds(array.dimensions(), out)?;
    level(ty, array.dimensions(), &mut values, out)
}

/// Where the indexes begin, unless that is where they usually do.
pub fn bounds(dimensions: &[Dimension], out: &mut String) -> Result<(), std::fmt::Error> {
    if dimensions
        .iter()
        .all(|dimension| dimension.lower_bound == 1)
    {
        return Ok(());
    }
    for dimension in dimensions {
        let first = i64::from(dimension.lower_bound);
        let last = first + dimension.length as i64 - 1;
        write!(out, "[{first}:{last}]")?;
    }
    out.push('=');
    Ok(())
}

fn level<'a>(
    ty: &Array,
    dimensions: &[Dimension],
    values: &mut impl Iterator<Item = Option<&'a [u8]>>,
    out: &mut String,
) -> Written {
    out.push('{');
    if let Some((dimension, inner)) = dimensions.split_first() {
        for index in 0..dimension.length {
            if index > 0 {
                out.push(char::from(ty.delimiter));
            }
            if !inner.is_empty() {
                level(ty, inner, values, out)?;
                continue;
            }
            match values.next().flatten() {
                Some(bytes) => literal::quote(&text_of(&ty.element, bytes)?, out),
                None => out.push_str("NULL"),
            }
        }
    }
    out.push('}');
    Ok(())
}

fn fields(ty: &Composite, bytes: &[u8], out: &mut String) -> Written {
    out.push('(');
    for (index, ((_, value), field)) in record::decode(bytes)?.iter().zip(&ty.fields).enumerate() {
        if index > 0 {
            out.push(',');
        }
        if let Some(bytes) = value {
            composed::quote(&text_of(&field.ty, bytes)?, out);
        }
    }
    out.push(')');
    Ok(())
}

fn span(subtype: &Type, ends: Ends<'_>, out: &mut String) -> Written {
    let Ends::Bounds { lower, upper } = ends else {
        out.push_str("empty");
        return Ok(());
    };
    out.push(if matches!(lower, Bound::Included(_)) {
        '['
    } else {
        '('
    });
    bound(subtype, lower, out)?;
    out.push(',');
    bound(subtype, upper, out)?;
    out.push(if matches!(upper, Bound::Included(_)) {
        ']'
    } else {
        ')'
    });
    Ok(())
}

fn bound(subtype: &Type, end: Bound<&[u8]>, out: &mut String) -> Written {
    if let Bound::Included(bytes) | Bound::Excluded(bytes) = end {
        composed::quote(&text_of(subtype, bytes)?, out);
    }
    Ok(())
}

fn text_of(ty: &Type, bytes: &[u8]) -> Result<String, Unwritten> {
    let mut text = String::new();
    write(ty, bytes, &mut text)?;
    Ok(text)
}
