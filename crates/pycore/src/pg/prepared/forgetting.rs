//! What is known of types may be true no more: it is forgotten, and so are the statements that rest on it.

use pgwire::Oid;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::statement::Described;
use crate::pg::core::Core;
use crate::pg::types::Type;
use crate::pg::types::codec::Codec;

impl Core {
    /// A server tells who runs a statement that a composite is another one by now. A COPY is read and written by what was known, so
    /// that is forgotten; or these are looked up once more: records do not say which composites they hold, and while a COPY is read there is
    /// nobody to ask.
    pub fn doubtful(&mut self, py: Python<'_>, described: &Described) -> Vec<Oid> {
        let columns = described.columns.iter().map(|column| column.type_oid);
        let others: Vec<Oid> = described.others(&self.types).chain(columns).collect();
        let mut fields = false;
        for oid in others {
            let ty = self.types.get(py, oid).ok().flatten();
            if ty.as_ref().is_some_and(Type::holds_records) {
                return self.types.composites().collect();
            }
            fields |= ty.as_ref().is_some_and(Type::has_fields);
        }
        if fields {
            self.forget_types();
        }
        Vec::new()
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
