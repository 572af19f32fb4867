//! The types that a session knows, for who reads and writes values outside of its statements.

use pgwire::{Format, Oid};
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

    /// Of each type, whether a column of it is to be asked for as text: it has no binary form, or its codec reads text.
    fn as_text(&self, py: Python<'_>, oids: Vec<Oid>) -> PyResult<Vec<bool>> {
        let mut types = self.0.clone();
        let types = oids.iter().map(|oid| types.get_or_text(py, *oid));
        types.map(|ty| Ok(ty?.format() == Format::Text)).collect()
    }

    /// The names of types that codecs write, without those that every server has.
    fn written_own(&self) -> Vec<&str> {
        self.0.written_own().collect()
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.traverse(&visit)
    }
}
