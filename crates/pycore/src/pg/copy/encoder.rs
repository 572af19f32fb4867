//! Rows to COPY's binary format, or to its text where a type has no binary form; one call per piece and not per value.

use pgwire::{COPY_HEADER, COPY_ROOM, COPY_TRAILER, Oid};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString};
use pyo3::{PyTraverseError, PyVisit};

use super::row::RowReader;
use crate::pg::encode::{encode_binary, part, usual};
use crate::pg::types::pg_types::PgTypes;
use crate::pg::types::{Type, Types};
use crate::raise::{Unfit, copy_unfit, data_error};

/// Encodes rows for a COPY FROM STDIN, in the format that `format` says.
#[pyclass(module = "ferrow._core")]
pub struct CopyEncoder {
    reader: RowReader,
    types: Vec<Type>,
    /// None where the rows are text.
    width: Option<[u8; 2]>,
    /// A message to be: room for its head, and what has been encoded.
    out: Vec<u8>,
    /// Rows encoded so far.
    #[pyo3(get)]
    rows: u64,
}

#[pymethods]
impl CopyEncoder {
    /// An encoder for columns of these names and type oids; without `types`, those that every server has. `called(class, names)`
    /// gives the attributes that have the columns in objects of a class. `domains`: columns of which the oids say no more than what
    /// their domain restricts, with its schema and name, of a domain over another one the inner one first.
    #[new]
    #[pyo3(signature = (names, oids, types=None, called=None, domains=Vec::new()))]
    fn new(
        py: Python<'_>,
        names: Vec<Py<PyString>>,
        oids: Vec<Oid>,
        types: Option<&PgTypes>,
        called: Option<Py<PyAny>>,
        domains: Vec<(String, String, String)>,
    ) -> PyResult<CopyEncoder> {
        let mut known = PgTypes::or_builtin(types);
        let mut types = column_types(py, &names, &oids, &mut known)?;
        for (column, schema, name) in &domains {
            for (called, ty) in names.iter().zip(&mut types) {
                if called.bind(py) == column.as_str() {
                    *ty = known.in_domain(schema, name, ty.clone());
                }
            }
        }
        let binary = types.iter().all(Type::is_binary);
        let Ok(width) = i16::try_from(types.len()) else {
            return Err(data_error(py, "a COPY has at most 32,767 columns"));
        };
        let header: &[u8] = if binary { COPY_HEADER } else { &[] };
        Ok(CopyEncoder {
            reader: RowReader::new(names, called),
            types,
            width: binary.then(|| width.to_be_bytes()),
            out: [&[0; COPY_ROOM], header].concat(),
            rows: 0,
        })
    }

    /// COPY's name for what it writes.
    #[getter]
    fn format(&self) -> &'static str {
        if self.width.is_some() {
            "binary"
        } else {
            "text"
        }
    }

    /// Encodes rows of an iterator until there are `limit` bytes to take; False when it has no more rows. Of a list those that
    /// come after as many as have been encoded.
    fn fill(&mut self, py: Python<'_>, rows: &Bound<'_, PyAny>, limit: usize) -> PyResult<bool> {
        let limit = limit.saturating_add(COPY_ROOM);
        if let Ok(rows) = rows.cast_exact::<PyList>() {
            return self.fill_from(py, rows, limit);
        }
        let mut rows = rows.try_iter()?;
        while self.out.len() < limit {
            match rows.next() {
                Some(row) => self.encode(py, &row?)?,
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Encodes one row; the number of bytes there are to take.
    fn add(&mut self, py: Python<'_>, row: &Bound<'_, PyAny>) -> PyResult<usize> {
        self.encode(py, row)?;
        Ok(self.size())
    }

    /// The number of bytes there are to take.
    #[getter]
    fn size(&self) -> usize {
        self.out.len() - COPY_ROOM
    }

    /// The bytes so far. A COPY takes them from the encoder itself.
    fn take<'py>(&mut self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let bytes = PyBytes::new(py, &self.out[COPY_ROOM..]);
        self.out.truncate(COPY_ROOM);
        bytes
    }

    /// Appends the end of the data.
    fn end(&mut self) {
        if self.width.is_some() {
            self.out.extend_from_slice(COPY_TRAILER);
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.reader.visit(&visit)
    }
}

impl CopyEncoder {
    fn fill_from(
        &mut self,
        py: Python<'_>,
        rows: &Bound<'_, PyList>,
        limit: usize,
    ) -> PyResult<bool> {
        while self.out.len() < limit {
            let Ok(next) = usize::try_from(self.rows) else {
                return Ok(false);
            };
            // Whatever encodes a value may change the list.
            let Ok(row) = rows.get_item(next) else {
                return Ok(false);
            };
            self.encode(py, &row)?;
        }
        Ok(true)
    }

    /// Gives what has been encoded to `send`, which takes it out or not.
    pub fn hand_over(
        &mut self,
        send: impl FnOnce(&mut Vec<u8>) -> PyResult<bool>,
    ) -> PyResult<bool> {
        let taken = send(&mut self.out);
        // Empty, if it was taken; and what the server does not want nobody needs.
        self.out.clear();
        self.out.extend_from_slice(&[0; COPY_ROOM]);
        taken
    }

    #[inline]
    fn encode(&mut self, py: Python<'_>, row: &Bound<'_, PyAny>) -> PyResult<()> {
        let CopyEncoder {
            reader,
            types,
            width,
            out,
            rows,
        } = self;
        let start = out.len();
        let number = *rows + 1;
        let mut wrong = None;
        let read = match width {
            Some(width) => {
                out.extend_from_slice(width);
                reader.read(row, number, |index, value| {
                    field(types, index, value, out).map_err(|unfit| {
                        wrong = Some((index, unfit));
                        leave()
                    })
                })
            }
            None => text_row(reader, types, row, number, out, &mut wrong),
        };
        if let Err(error) = read {
            out.truncate(start);
            return Err(match wrong {
                Some((index, unfit)) => {
                    copy_unfit(py, number, index, &reader.name(py, index), unfit)
                }
                None => error,
            });
        }
        *rows = number;
        Ok(())
    }
}

/// A length and the value; -1 for None.
#[inline]
fn field(
    types: &[Type],
    index: usize,
    value: &Bound<'_, PyAny>,
    out: &mut Vec<u8>,
) -> Result<(), Unfit> {
    let start = out.len();
    if value.is_none() {
        out.extend_from_slice(&(-1_i32).to_be_bytes());
        return Ok(());
    }
    let Some(ty) = types.get(index) else {
        return Err(Unfit::Because("the row has grown".to_owned()));
    };
    if usual::append(ty, value, out) {
        return Ok(());
    }
    out.extend_from_slice(&[0; 4]);
    encode_binary(ty, value, out)?;
    let length = i32::try_from(out.len() - start - 4)
        .map_err(|_| Unfit::Because("the value is longer than 2 GiB".to_owned()))?;
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

/// Only to leave: the place is added by `encode`.
#[cold]
fn leave() -> PyErr {
    pyo3::exceptions::PyValueError::new_err(())
}

/// Apart, so that the loop over binary rows asks of no value in which format it goes.
#[inline(never)]
fn text_row(
    reader: &mut RowReader,
    types: &[Type],
    row: &Bound<'_, PyAny>,
    number: u64,
    out: &mut Vec<u8>,
    wrong: &mut Option<(usize, Unfit)>,
) -> PyResult<()> {
    reader.read(row, number, |index, value| {
        text_field(types, index, value, out).map_err(|unfit| {
            *wrong = Some((index, unfit));
            leave()
        })
    })?;
    out.push(b'\n');
    Ok(())
}

/// The text of the value, `\N` for None, behind a tab if it is not the first.
fn text_field(
    types: &[Type],
    index: usize,
    value: &Bound<'_, PyAny>,
    out: &mut Vec<u8>,
) -> Result<(), Unfit> {
    if index > 0 {
        out.push(b'\t');
    }
    if value.is_none() {
        out.extend_from_slice(b"\\N");
        return Ok(());
    }
    let Some(ty) = types.get(index) else {
        return Err(Unfit::Because("the row has grown".to_owned()));
    };
    let mut text = Vec::new();
    part(ty, value, &mut text)?;
    for byte in text {
        let escaped: &[u8] = match byte {
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            _ => &[byte],
        };
        out.extend_from_slice(escaped);
    }
    Ok(())
}

/// The types of columns.
pub fn column_types(
    py: Python<'_>,
    names: &[Py<PyString>],
    oids: &[Oid],
    known: &mut Types,
) -> PyResult<Vec<Type>> {
    if names.len() != oids.len() {
        return Err(data_error(py, "as many names as types are needed"));
    }
    oids.iter().map(|oid| known.get_or_text(py, *oid)).collect()
}
