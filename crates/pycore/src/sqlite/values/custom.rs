//! Values that users read their own way, by the declared type of their column.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyString};

use super::codecs::{Codecs, unusable};
use super::declared;
use super::decode::{Mismatch, RowCells, convert};
use crate::codec::{Codec, Form};
use crate::kinds::Kind;
use crate::place;
use crate::raise::internal_error;
use crate::sqlite::execution::arena::Cell;
use crate::values;

/// What reads one column.
pub struct Reader {
    codec: Arc<Codec>,
    /// What would be read without it.
    inner: Kind,
    /// Why it cannot be used.
    pub unusable: Option<String>,
}

/// For each column its codec, if it has one that reads; nothing where none has.
pub fn readers<'a>(
    codecs: &Codecs,
    declared: impl Iterator<Item = Option<&'a str>>,
) -> Vec<Option<Reader>> {
    let found: Vec<Option<Reader>> = declared
        .map(|declared| {
            let codec = codecs
                .find(declared)
                .filter(|codec| codec.decode.is_some())?;
            Some(Reader {
                inner: declared::kind(declared),
                unusable: unusable(&codec, declared.unwrap_or_default()),
                codec,
            })
        })
        .collect();
    match found.iter().any(Option::is_some) {
        true => found,
        false => Vec::new(),
    }
}

impl<'py> RowCells<'_, 'py> {
    /// A value that is not NULL, by its column's codec.
    #[inline(never)]
    pub fn custom(&self, cell: Cell, index: usize) -> PyResult<Bound<'py, PyAny>> {
        let py = self.py;
        let Some(Some(reader)) = self.columns.readers.get(index) else {
            return Err(internal_error(py, format!("column {index} has no codec")));
        };
        let codec = &reader.codec;
        let mismatch = || Mismatch::of(self, cell, index);
        let given = match (codec.form, cell) {
            (Form::Value, _) => {
                let kind = match (reader.inner, cell) {
                    (Kind::Any, Cell::Int(_)) => Kind::Int,
                    (Kind::Any, Cell::Float(_)) => Kind::Float,
                    (Kind::Any, Cell::Text(_)) => Kind::Text,
                    (Kind::Any, Cell::Blob(_)) => Kind::Bytes,
                    (kind, _) => kind,
                };
                convert(py, cell, kind, self.arena)?.ok_or_else(|| mismatch().error(kind))?
            }
            (Form::Text, Cell::Text(span)) => values::text(py, self.arena.slice(span))
                .map_err(|_| mismatch().error(Kind::Text))?,
            (Form::Text, Cell::Int(value)) => PyString::new(py, &value.to_string()).into_any(),
            // The shortest text that gives the same double.
            (Form::Text, Cell::Float(value)) => PyFloat::new(py, value).repr()?.into_any(),
            (Form::Text, _) => {
                return Err(mismatch().unread(&codec.label(), "text", "format=\"binary\""));
            }
            (Form::Binary, Cell::Text(span) | Cell::Blob(span)) => {
                values::bytes(py, self.arena.slice(span))
            }
            (Form::Binary, _) => {
                let fix = "format=\"text\" or \"value\"";
                return Err(mismatch().unread(&codec.label(), "bytes", fix));
            }
        };
        codec
            .decoded(given)
            .map_err(|error| place::of_column(py, error, &mismatch().name))
    }
}
