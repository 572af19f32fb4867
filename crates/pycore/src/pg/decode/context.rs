//! What decoding needs besides the bytes, and what it finds missing.

use pgwire::Oid;

use crate::pg::types::Types;

/// Lent to the decoder for one row.
pub struct Context<'t> {
    pub types: &'t mut Types,
    /// Types that a value mentions and this session does not know, or knows as they were before somebody changed them:
    /// with them looked up, the value can be decoded.
    pub missing: Vec<Oid>,
}

impl<'t> Context<'t> {
    pub fn new(types: &'t mut Types) -> Context<'t> {
        Context {
            types,
            missing: Vec::new(),
        }
    }
}
