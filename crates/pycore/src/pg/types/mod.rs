//! What a value is: a tree, built once per type and session, walked per value.
//!
//! `scalar` are the leaves, `definition` says what a type is made of, `builtin` what every server has, `catalog` asks the
//! server about the others, `known` keeps the answers and plants the trees, `codec` is what users put in their place. `plain` are types that
//! travel as text, `texts` what the server is asked for where they could not, each in a `pile`.

mod builtin;
pub mod catalog;
pub mod codec;
mod definition;
mod known;
pub mod pg_types;
mod pile;
mod plain;
mod scalar;
mod text_digits;
mod texts;

use std::sync::Arc;

use pgwire::{Format, Oid};
use pyo3::prelude::*;

pub use definition::{Definition, Entry};
pub use known::Types;
pub use plain::{Plain, Sent};
pub use scalar::Scalar;
pub use text_digits::is_about_settings;
pub use texts::Texts;

use crate::rows::Header;
use codec::Codec;

/// Cheap to clone, and a scalar is as cheap to match as a plain enum: it is what most columns are.
#[derive(Clone)]
pub enum Type {
    Scalar(Scalar),
    Array(Arc<Array>),
    Composite(Arc<Composite>),
    /// Fields of which only the value itself says what they are.
    Record,
    Range(Arc<Range>),
    Multirange(Arc<Range>),
    /// A label, which is text in both formats; by the type's name.
    Enum(Arc<str>),
    Custom(Arc<Custom>),
    /// `void`, what functions without a result return.
    Void,
    /// Text in both directions.
    Text(Arc<Plain>),
}

pub struct Array {
    pub name: Box<str>,
    pub element: Type,
    pub element_oid: Oid,
    /// Between elements in the text form.
    pub delimiter: u8,
    /// Where indexes begin unless somebody wanted it otherwise; 0 for the vectors of the catalogue.
    pub lower_bound: i32,
    binary: bool,
}

pub struct Composite {
    pub oid: Oid,
    pub name: Box<str>,
    pub fields: Vec<Field>,
    pub header: Py<Header>,
    binary: bool,
}

pub struct Field {
    pub name: Box<str>,
    pub oid: Oid,
    pub ty: Type,
}

pub struct Range {
    pub name: Box<str>,
    pub subtype: Type,
    binary: bool,
}

/// A type that users read and write their own way.
pub struct Custom {
    pub codec: Arc<Codec>,
    /// What it is without the codec.
    pub inner: Type,
}

impl Type {
    /// How results of this type are asked for.
    pub fn format(&self) -> Format {
        let binary = match self {
            Type::Custom(custom) => {
                return match custom.codec.reads() {
                    Some(format) => format,
                    None => custom.inner.format(),
                };
            }
            _ => self.is_binary(),
        };
        if binary { Format::Binary } else { Format::Text }
    }

    /// Whether it can be a part of something that travels in binary.
    pub fn is_binary(&self) -> bool {
        match self {
            Type::Text(_) => false,
            Type::Array(array) => array.binary,
            Type::Composite(composite) => composite.binary,
            Type::Range(range) | Type::Multirange(range) => range.binary,
            Type::Custom(custom) => custom.codec.is_binary() || custom.inner.is_binary(),
            Type::Scalar(_) | Type::Record | Type::Enum(_) | Type::Void => true,
        }
    }

    /// Whether its text has digits of floats, whose number is a setting of the session.
    pub fn holds_floats(&self) -> bool {
        match self {
            Type::Scalar(scalar) => {
                matches!(scalar, Scalar::Float4 | Scalar::Float8) || scalar.is_figure()
            }
            Type::Array(array) => array.element.holds_floats(),
            Type::Composite(composite) => {
                composite.fields.iter().any(|field| field.ty.holds_floats())
            }
            Type::Range(range) | Type::Multirange(range) => range.subtype.holds_floats(),
            Type::Custom(custom) => custom.inner.holds_floats(),
            Type::Record | Type::Enum(_) | Type::Void | Type::Text(_) => false,
        }
    }

    /// Whether it is a record or made of some: no composite is, nor a range.
    pub fn holds_records(&self) -> bool {
        match self {
            Type::Record => true,
            Type::Array(array) => array.element.holds_records(),
            Type::Custom(custom) => custom.inner.holds_records(),
            _ => false,
        }
    }

    /// Whether it is made of named parts, which may be others one day.
    pub fn has_fields(&self) -> bool {
        match self {
            Type::Composite(_) => true,
            Type::Array(array) => array.element.has_fields(),
            Type::Range(range) | Type::Multirange(range) => range.subtype.has_fields(),
            Type::Custom(custom) => custom.inner.has_fields(),
            Type::Scalar(_) | Type::Record | Type::Enum(_) | Type::Void | Type::Text(_) => false,
        }
    }

    /// Whether reading it runs no code of users; what a record holds is not known before.
    pub fn is_quiet(&self) -> bool {
        match self {
            Type::Custom(_) | Type::Record => false,
            Type::Array(array) => array.element.is_quiet(),
            Type::Composite(composite) => composite.fields.iter().all(|field| field.ty.is_quiet()),
            Type::Range(range) | Type::Multirange(range) => range.subtype.is_quiet(),
            Type::Scalar(_) | Type::Enum(_) | Type::Void | Type::Text(_) => true,
        }
    }

    /// For error messages, as the manual writes it.
    pub fn name(&self) -> &str {
        match self {
            Type::Scalar(scalar) => scalar.name(),
            Type::Array(array) => &array.name,
            Type::Composite(composite) => &composite.name,
            Type::Record => "record",
            Type::Range(range) | Type::Multirange(range) => &range.name,
            Type::Enum(name) => name,
            Type::Text(plain) => &plain.name,
            Type::Custom(custom) => custom.inner.name(),
            Type::Void => "void",
        }
    }
}
