//! COPY's binary format to rows; the bytes may be cut anywhere.

use pgwire::{CopyTuple, DecodeError, Oid, copy_header, copy_tuple};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};
use pyo3::{PyTraverseError, PyVisit};

use super::encoder::column_types;
use crate::pg::decode::RowValues;
use crate::pg::decode::context::Context;
use crate::pg::types::pg_types::PgTypes;
use crate::pg::types::{Type, Types};
use crate::place;
use crate::raise::data_error;
use crate::rows::{Collector, Shape, column_names};

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Header,
    Rows,
    End,
}

/// Decodes what a COPY TO STDOUT (FORMAT binary) gives; of columns that `PgTypes.as_text` names, their text.
#[pyclass(module = "ferrow._core")]
pub struct CopyDecoder {
    known: Types,
    types: Vec<Type>,
    collector: Collector,
    /// The beginning of a tuple whose end has not come yet.
    rest: Vec<u8>,
    at: At,
    rows: u64,
    names: Vec<String>,
}

#[pymethods]
impl CopyDecoder {
    /// A decoder for columns of these names and type oids; without `types`, those that every server has.
    #[new]
    #[pyo3(signature = (names, oids, shape, types=None))]
    fn new(
        py: Python<'_>,
        names: Vec<Py<PyString>>,
        oids: Vec<Oid>,
        shape: Py<Shape>,
        types: Option<&PgTypes>,
    ) -> PyResult<CopyDecoder> {
        let mut known = PgTypes::or_builtin(types);
        let types = column_types(py, &names, &oids, &mut known)?;
        let texts: Vec<String> = names.iter().map(|name| name.bind(py).to_string()).collect();
        let names = column_names(py, texts.iter().map(String::as_str))?;
        Ok(CopyDecoder {
            known,
            types,
            collector: Collector::new(py, shape, names)?,
            names: texts,
            rest: Vec::new(),
            at: At::Header,
            rows: 0,
        })
    }

    /// The rows that end in `data`.
    fn feed(&mut self, py: Python<'_>, data: &[u8]) -> PyResult<Py<PyList>> {
        if self.rest.is_empty() {
            let used = self.decode(py, data)?;
            self.rest.extend_from_slice(&data[used..]);
        } else {
            let mut bytes = std::mem::take(&mut self.rest);
            bytes.extend_from_slice(data);
            let used = self.decode(py, &bytes)?;
            bytes.drain(..used);
            self.rest = bytes;
        }
        Ok(self.collector.take_rows(py))
    }

    /// Says that no more bytes come. Raises DataError if that is too early.
    fn finish(&self, py: Python<'_>) -> PyResult<()> {
        if self.at == At::End && self.rest.is_empty() {
            return Ok(());
        }
        Err(data_error(
            py,
            format!(
                "the data of the COPY ended in the middle, after {} rows",
                self.rows
            ),
        ))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.known.traverse(&visit)?;
        self.collector.traverse(&visit)
    }
}

impl CopyDecoder {
    /// Decodes what is whole; the number of bytes used.
    fn decode(&mut self, py: Python<'_>, data: &[u8]) -> PyResult<usize> {
        let mut left = data;
        if self.at == At::Header {
            match copy_header(left).map_err(|error| self.wrong(py, &error))? {
                Some(rest) => left = rest,
                None => return Ok(0),
            }
            self.at = At::Rows;
        }
        while self.at == At::Rows {
            match copy_tuple(left).map_err(|error| self.wrong(py, &error))? {
                None => break,
                Some((CopyTuple::End, rest)) => {
                    left = rest;
                    self.at = At::End;
                }
                Some((CopyTuple::Row(row), rest)) => {
                    if row.len() != self.types.len() {
                        return Err(data_error(
                            py,
                            format!(
                                "row {} of the COPY has {} values, not {}",
                                self.rows + 1,
                                row.len(),
                                self.types.len()
                            ),
                        ));
                    }
                    let mut context = Context::new(&mut self.known);
                    let mut values = RowValues::new(py, &mut context, &self.types, row);
                    if let Err(error) = self.collector.push(py, &mut values) {
                        let failed = values.failed;
                        return Err(self.in_column(py, failed, error));
                    }
                    self.rows += 1;
                    left = rest;
                }
            }
        }
        if self.at == At::End && !left.is_empty() {
            return Err(data_error(py, "bytes follow the end of a binary COPY"));
        }
        Ok(data.len() - left.len())
    }

    fn in_column(&self, py: Python<'_>, failed: Option<usize>, error: PyErr) -> PyErr {
        match failed.and_then(|index| Some((index, self.names.get(index)?))) {
            Some((index, name)) => place::of_copied(py, error, self.rows + 1, index, name),
            None => error,
        }
    }

    fn wrong(&self, py: Python<'_>, error: &DecodeError) -> PyErr {
        data_error(py, format!("after row {} of the COPY: {error}", self.rows))
    }
}
