//! What a type is made of, in terms of the numbers of other types.

use pgwire::Oid;

use super::{Scalar, Sent};

#[derive(Clone)]
pub enum Definition {
    Scalar(Scalar),
    Text(Sent),
    Void,
    Record,
    Enum,
    /// What it restricts, which is also what its values travel as.
    Domain(Oid),
    Array {
        element: Oid,
        delimiter: u8,
    },
    /// Names and types of the fields, in order.
    Composite(Vec<(Box<str>, Oid)>),
    /// What its bounds are.
    Range(Oid),
    Multirange(Oid),
}

#[derive(Clone)]
pub struct Entry {
    pub schema: Box<str>,
    pub name: Box<str>,
    pub definition: Definition,
}
