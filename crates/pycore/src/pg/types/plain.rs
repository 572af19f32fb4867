//! Types that travel as text, and what the server sends of them inside of a record, which is binary all through.

use pgwire::Oid;
use pgwire::types::oid;

pub struct Plain {
    pub name: Box<str>,
    pub oid: Oid,
    pub sent: Sent,
}

/// What stands for a value where it has to be binary.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Its text.
    Text,
    /// What these are made of. The server does not take back all of it: no tsquery without words.
    TsVector,
    TsQuery,
    /// Bytes of which the server makes a text, given back to it in an array of this type.
    Bytes(Oid),
    /// Nothing that it would take back.
    Opaque,
}

impl Sent {
    pub fn of_builtin(type_oid: Oid) -> Sent {
        match type_oid {
            // In a session of UTF-8 neither form declares an encoding.
            oid::XML => Sent::Text,
            oid::TSVECTOR => Sent::TsVector,
            oid::TSQUERY => Sent::TsQuery,
            _ => oid::array_of(type_oid).map_or(Sent::Opaque, Sent::Bytes),
        }
    }

    /// By the function that writes the binary form, and the array type, 0 where there is none or nothing reads that form.
    pub fn of_found(function: Option<&str>, array: Oid) -> Sent {
        match (function, array) {
            (Some("pg_node_tree_send"), _) => Sent::Text,
            (_, 0) => Sent::Opaque,
            _ => Sent::Bytes(array),
        }
    }
}
