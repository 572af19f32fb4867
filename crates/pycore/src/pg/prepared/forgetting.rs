//! What is known of types may be true no more: it is forgotten, and so are the statements that rest on it.

use pgwire::Oid;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::statement::Described;
use crate::pg::core::Core;
use crate::pg::types::codec::Codec;

impl Core {
    /// A server tells who runs a statement that a composite is another one by now. A COPY is read and written by what was known.
    pub fn may_have_changed(&mut self, py: Python<'_>, described: &Described) -> bool {
        let others: Vec<Oid> = described.others(&self.types).collect();
        others
            .iter()
            .filter_map(|oid| self.types.get(py, *oid).ok().flatten())
            .any(|ty| ty.has_fields())
    }

    /// Forgets what was looked up, and the statements that rest on it.
    pub fn forget_types(&mut self) {
        self.types.forget();
        for statement in self.cache.take(|statement| statement.looked_up) {
            self.close_statement(&statement);
        }
    }

    /// Settings may be others after such a statement, which its command does not say.
    pub fn noticed_text(&mut self, py: Python<'_>, sql: &Py<PyString>) {
        if self.types.digits.matter
            && sql
                .to_str(py)
                .is_ok_and(|sql| self.types.is_concerned_by_text(sql))
        {
            self.forget_types();
        }
    }

    /// From now on, values of a type go through this codec.
    pub fn set_codec(&mut self, codec: Codec) {
        self.types.set_codec(codec);
        for statement in self.cache.take(|_| true) {
            self.close_statement(&statement);
        }
    }
}
