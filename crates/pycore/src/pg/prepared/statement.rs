//! A prepared statement: what it takes, what it returns and how to read that.

use std::sync::Arc;

use pgwire::{Column, Format, Formats, Key, Oid};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::pg::core::reply::Outcome;
use crate::pg::types::{Type, Types};
use crate::place;
use crate::rows::{CommandStatus, Header, Plain, Result, Shape, column_names};

/// A statement as the server describes it.
pub struct Described {
    pub parameters: Vec<Oid>,
    pub columns: Vec<Column>,
    /// Whether there is a result, which may be one without columns.
    pub returns_rows: bool,
    /// Where a number would be taken for a text.
    pub keys: Vec<Key>,
}

impl Described {
    /// The types that not every server has under the same number.
    pub fn others<'a>(&'a self, types: &'a Types) -> impl Iterator<Item = Oid> + 'a {
        let columns = self.columns.iter().map(|column| column.type_oid);
        self.parameters
            .iter()
            .copied()
            .chain(columns)
            .filter(|oid| !types.is_builtin(*oid))
    }

    /// The types that have to be looked up first.
    pub fn unknown(&self, types: &Types) -> Vec<Oid> {
        let mut unknown: Vec<Oid> = self
            .others(types)
            .filter(|oid| !types.knows(*oid))
            .collect();
        unknown.sort_unstable();
        unknown.dedup();
        unknown
    }
}

pub struct Statement {
    /// Empty for the unnamed statement.
    pub name: String,
    pub parameters: Vec<Type>,
    pub columns: Vec<Type>,
    pub column_names: Py<PyTuple>,
    /// Of the rows of all its results: to make one took as long as to decode a short row.
    pub header: Py<Header>,
    pub type_codes: Py<PyTuple>,
    pub type_modifiers: Py<PyTuple>,
    pub described: Arc<Described>,
    /// Whether it rests on what was looked up, and may have changed since.
    pub looked_up: bool,
    /// Whether its values are read without running anybody's Python code.
    pub quiet: bool,
    /// Whether it returns records: what they hold may have to be asked for.
    pub records: bool,
    formats: Vec<Format>,
    all_binary: bool,
}

impl Statement {
    pub fn new(
        py: Python<'_>,
        types: &mut Types,
        name: String,
        described: Arc<Described>,
    ) -> PyResult<Statement> {
        let columns = described
            .columns
            .iter()
            .map(|column| types.get_or_text(py, column.type_oid))
            .collect::<PyResult<Vec<Type>>>()?;
        let parameters = described
            .parameters
            .iter()
            .map(|oid| types.get_or_text(py, *oid))
            .collect::<PyResult<Vec<Type>>>()?;
        let formats: Vec<Format> = columns.iter().map(Type::format).collect();
        let quiet = columns.iter().all(Type::is_quiet);
        let records = columns.iter().any(Type::holds_records);
        let names = described.columns.iter().map(|column| column.name.as_str());
        let looked_up = described.others(types).next().is_some();
        let column_names = column_names(py, names)?;
        let codes = described.columns.iter().map(|column| column.type_oid);
        let modifiers = described.columns.iter().map(|column| column.type_modifier);
        Ok(Statement {
            name,
            parameters,
            all_binary: formats.iter().all(|format| *format == Format::Binary),
            columns,
            header: Header::new(py, &column_names)?,
            column_names,
            type_codes: PyTuple::new(py, codes)?.unbind(),
            type_modifiers: PyTuple::new(py, modifiers)?.unbind(),
            looked_up,
            quiet,
            records,
            described,
            formats,
        })
    }

    /// The same for a shape with plain columns, where a codec would read one of them.
    pub fn for_shape(self: Arc<Statement>, py: Python<'_>, shape: &Shape) -> Arc<Statement> {
        match shape.plain() {
            None => self,
            Some(plain) => self.without_codecs(py, plain),
        }
    }

    #[cold]
    fn without_codecs(self: Arc<Statement>, py: Python<'_>, plain: &Plain) -> Arc<Statement> {
        let meant = |index: usize, ty: &Type| matches!(ty, Type::Custom(_)) && plain.has(index);
        let mut columns = self.columns.iter().enumerate();
        if !columns.any(|(index, ty)| meant(index, ty)) {
            return self;
        }
        let columns = self.columns.iter().enumerate();
        let columns: Vec<Type> = columns
            .map(|(index, ty)| match ty {
                Type::Custom(custom) if meant(index, ty) => custom.inner.clone(),
                _ => ty.clone(),
            })
            .collect();
        let formats: Vec<Format> = columns.iter().map(Type::format).collect();
        Arc::new(Statement {
            name: self.name.clone(),
            parameters: self.parameters.clone(),
            column_names: self.column_names.clone_ref(py),
            header: self.header.clone_ref(py),
            type_codes: self.type_codes.clone_ref(py),
            type_modifiers: self.type_modifiers.clone_ref(py),
            described: Arc::clone(&self.described),
            looked_up: self.looked_up,
            quiet: columns.iter().all(Type::is_quiet),
            records: self.records,
            all_binary: formats.iter().all(|format| *format == Format::Binary),
            formats,
            columns,
        })
    }

    /// The same for rows that are here already: they came in the formats of `sent`, whatever is preferred since.
    pub fn in_formats_of(mut self, sent: &Statement) -> Statement {
        for (column, old) in self.columns.iter_mut().zip(&sent.columns) {
            if column.format() != old.format() {
                *column = old.clone();
            }
        }
        self.quiet = self.columns.iter().all(Type::is_quiet);
        self.all_binary = sent.all_binary;
        self.formats.clone_from(&sent.formats);
        self
    }

    /// An error about a row, whose value in this column could not be read.
    #[cold]
    pub fn in_column(&self, py: Python<'_>, index: Option<usize>, error: PyErr) -> PyErr {
        match index.and_then(|index| self.described.columns.get(index)) {
            Some(column) => place::of_column(py, error, &column.name),
            None => error,
        }
    }

    /// A result without rows, for who wants to know the columns alone.
    pub fn description(&self, py: Python<'_>) -> Outcome {
        let result = Result {
            rows: PyList::empty(py).unbind(),
            values: None,
            rowcount: -1,
            status: CommandStatus::Text(String::new()),
            columns: self.column_names.clone_ref(py),
            returns_rows: self.described.returns_rows,
            type_codes: self.type_codes.clone_ref(py),
            type_modifiers: self.type_modifiers.clone_ref(py),
            last_rowid: None,
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
