//! A prepared statement: what it takes, what it returns and how to read that.

use pgwire::{Column, Format, Formats, Oid};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::ty::Type;
use crate::rows::column_names;

pub struct Statement {
    /// Empty for the unnamed statement.
    pub name: String,
    pub parameters: Vec<Type>,
    pub columns: Vec<Type>,
    pub column_names: Py<PyTuple>,
    pub type_codes: Py<PyTuple>,
    pub type_modifiers: Py<PyTuple>,
    formats: Vec<Format>,
    all_binary: bool,
}

impl Statement {
    pub fn new(
        py: Python<'_>,
        name: String,
        parameters: &[Oid],
        columns: &[Column],
    ) -> PyResult<Statement> {
        let types: Vec<Type> = columns
            .iter()
            .map(|column| Type::of(column.type_oid))
            .collect();
        let formats: Vec<Format> = types.iter().map(|ty| ty.format()).collect();
        Ok(Statement {
            name,
            parameters: parameters.iter().map(|oid| Type::of(*oid)).collect(),
            all_binary: formats.iter().all(|format| *format == Format::Binary),
            columns: types,
            column_names: column_names(py, columns.iter().map(|column| column.name.as_str()))?,
            type_codes: PyTuple::new(py, columns.iter().map(|column| column.type_oid))?.unbind(),
            type_modifiers: PyTuple::new(py, columns.iter().map(|column| column.type_modifier))?
                .unbind(),
            formats,
        })
    }

    pub fn formats(&self) -> Formats<'_> {
        if self.all_binary {
            Formats::All(Format::Binary)
        } else {
            Formats::Each(&self.formats)
        }
    }
}
