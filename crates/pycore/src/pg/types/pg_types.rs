//! The types that a session knows, for who reads and writes values outside of its statements.

use pgwire::Oid;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use crate::pg::types::Types;

/// What a session knew of types at one moment.
#[pyclass(frozen, module = "ferrow._core")]
pub struct PgTypes(pub Types);

impl PgTypes {
    /// A copy to work with; those that every server has, for None.
    pub fn or_builtin(types: Option<&PgTypes>) -> Types {
        types.map_or_else(|| Types::new(Vec::new()), |known| known.0.clone())
    }
}

#[pymethods]
impl PgTypes {
    /// Whether all types of these oids are known.
    fn knows(&self, oids: Vec<Oid>) -> bool {
        oids.iter().all(|oid| self.0.knows(*oid))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.traverse(&visit)
    }
}
