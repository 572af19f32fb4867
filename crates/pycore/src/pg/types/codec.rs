//! Codecs of users for types of PostgreSQL.

use pgwire::Format;
use pgwire::types::oid;

pub use crate::codec::{Codec, Form};

impl Codec {
    pub fn is_for(&self, schema: &str, name: &str) -> bool {
        *self.name == *name && self.schema.as_deref().is_none_or(|own| own == schema)
    }

    /// Whether the type's name is one that every server has, and none of the database's own is meant.
    pub fn is_of_every_server(&self) -> bool {
        let own = self
            .schema
            .as_deref()
            .is_some_and(|own| own != "pg_catalog");
        !own && oid::by_name(&self.name).is_some()
    }

    /// The same type, as far as can be told from the names.
    pub fn replaces(&self, other: &Codec) -> bool {
        self.name == other.name && self.schema == other.schema
    }

    /// The form in which `decode` wants what the server sends; None where the built-in codec reads.
    pub fn reads(&self) -> Option<Format> {
        match (&self.decode, self.form) {
            (None, _) | (_, Form::Value) => None,
            (Some(_), Form::Text) => Some(Format::Text),
            (Some(_), Form::Binary) => Some(Format::Binary),
        }
    }

    /// Whether it reads binary, whatever the type can do without it.
    pub fn is_binary(&self) -> bool {
        self.reads() == Some(Format::Binary)
    }
}

/// The name in `pg_type` of what SQL also calls otherwise.
pub fn canonical(name: &str) -> Box<str> {
    match oid::by_name(name).and_then(oid::name) {
        Some(known) if !known.ends_with("[]") => known.into(),
        _ => name.into(),
    }
}
