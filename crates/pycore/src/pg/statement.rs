//! A prepared statement: what it takes, what it returns and how to read that.

use pgwire::{Column, Format, Formats, Oid};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::request::Outcome;
use super::ty::Type;
use crate::rows::{Result, Told, column_names};

pub struct Statement {
    /// Empty for the unnamed statement.
    pub name: String,
    pub parameters: Vec<Type>,
    pub columns: Vec<Type>,
    pub column_names: Py<PyTuple>,
    pub type_codes: Py<PyTuple>,
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
            formats,
        })
    }

    /// A result without rows, for who wants to know the columns alone.
    pub fn description(&self, py: Python<'_>) -> Outcome {
        let result = Result {
            rows: PyList::empty(py).unbind(),
            rowcount: -1,
            status: Told::Text(String::new()),
            columns: self.column_names.clone_ref(py),
            type_codes: self.type_codes.clone_ref(py),
        };
        Ok(Some(Py::new(py, result)?))
    }

    pub fn formats(&self) -> Formats<'_> {
        if self.all_binary {
            Formats::All(Format::Binary)
        } else {
            Formats::Each(&self.formats)
        }
    }
}
