//! What decoding needs besides the bytes, and what it finds missing.

use pgwire::Oid;

use crate::pg::types::{Texts, Types};

/// Lent to the decoder for one row.
pub struct Context<'t> {
    pub types: &'t mut Types,
    /// What the server has written of values inside of records.
    pub texts: Option<&'t Texts>,
    /// With this looked up, the value can be decoded.
    pub missing: Vec<Missing>,
    /// The records around the value.
    pub depth: usize,
}

/// Records inside of each other, at most: as many as lists in JSON.
pub const DEEPEST: usize = 200;

pub enum Missing {
    /// A type that a value mentions and this session does not know, or knows as it was before somebody changed it.
    Type(Oid),
    /// What only the server can write, of a value and perhaps of many more.
    Text,
}

impl<'t> Context<'t> {
    pub fn new(types: &'t mut Types) -> Context<'t> {
        Context {
            types,
            texts: None,
            missing: Vec::new(),
            depth: 0,
        }
    }
}

impl Missing {
    pub fn into_type(self) -> Option<Oid> {
        match self {
            Missing::Type(oid) => Some(oid),
            Missing::Text => None,
        }
    }
}
