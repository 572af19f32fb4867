//! What is known of a result's columns before there are rows.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::statement::Statement;
use crate::kinds::Kind;
use crate::raise::not_supported_error;
use crate::rows::{Header, column_names};
use crate::sqlite::values::codecs::Codecs;
use crate::sqlite::values::custom::{Reader, readers};
use crate::sqlite::values::declared;

pub struct Columns {
    /// Interned.
    pub names: Py<PyTuple>,
    /// For results as `Row`s.
    pub header: Py<Header>,
    /// By declared types.
    pub kinds: Vec<Kind>,
    /// Of the columns whose kind is `Custom`; nothing if there are none.
    pub readers: Vec<Option<Reader>>,
    pub type_codes: Py<PyTuple>,
}

impl Columns {
    pub fn of(
        py: Python<'_>,
        statement: &Statement,
        codecs: Option<&Arc<Codecs>>,
    ) -> PyResult<Columns> {
        let width = statement.column_count();
        let names: Vec<String> = (0..width)
            .map(|index| statement.column_name(index))
            .collect();
        let types: Vec<Option<String>> = (0..width)
            .map(|index| statement.declared_type(index))
            .collect();
        let types = || types.iter().map(Option::as_deref);
        let names = column_names(py, names.iter().map(String::as_str))?;
        let readers = codecs.map_or_else(Vec::new, |codecs| readers(codecs, types()));
        let mut kinds: Vec<Kind> = types().map(declared::kind).collect();
        for (kind, reader) in kinds.iter_mut().zip(&readers) {
            if reader.is_some() {
                *kind = Kind::Custom;
            }
        }
        Ok(Columns {
            header: Header::new(py, &names)?,
            names,
            type_codes: PyTuple::new(py, types().map(declared::type_code))?.unbind(),
            kinds,
            readers,
        })
    }

    pub fn width(&self) -> usize {
        self.kinds.len()
    }

    /// Whether the codecs can be used that these kinds leave in their places. Asked before anything is run.
    #[cold]
    pub fn check(&self, py: Python<'_>, kinds: &[Kind]) -> PyResult<()> {
        let used = kinds.iter().zip(&self.readers);
        let mut reasons = used.filter_map(|(kind, reader)| match kind {
            Kind::Custom => reader.as_ref()?.unusable.clone(),
            _ => None,
        });
        match reasons.next() {
            Some(words) => Err(not_supported_error(py, words)),
            None => Ok(()),
        }
    }
}
