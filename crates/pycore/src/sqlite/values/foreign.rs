//! Values of another driver of SQLite, such as Python's sqlite3: stored and read by the rules of `encode` and `decode`, so that both
//! may share a file.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};

use super::decode::{Mismatch, convert};
use super::encode::encode;
use crate::kinds::{Kind, Kinds};
use crate::mistaken::{is_sequence, no_parameters};
use crate::raise::{Place, Unfit, interface_error, miscounted, parameter_error, programming_error};
use crate::rows::{Collector, Result, Shape, Values, column_names};
use crate::sqlite::execution::arena::{Arena, Cell};
use crate::thread_end::stay;
use crate::values;

/// The values of one row, as they are stored.
struct Stored<'a, 'py> {
    row: Bound<'py, PyTuple>,
    kinds: &'a [Kind],
    names: &'a Py<PyTuple>,
    arena: &'a mut Arena,
}

impl<'py> Values<'py> for Stored<'_, 'py> {
    fn next(&mut self, index: usize) -> PyResult<Bound<'py, PyAny>> {
        let value = self.row.get_item(index)?;
        let kind = self.kinds.get(index).copied().unwrap_or(Kind::Any);
        let as_is = match kind {
            Kind::Any => true,
            Kind::Text => value.is_exact_instance_of::<PyString>(),
            Kind::Int => value.is_exact_instance_of::<PyInt>(),
            Kind::Float => value.is_exact_instance_of::<PyFloat>(),
            Kind::Bytes => value.is_exact_instance_of::<PyBytes>(),
            _ => false,
        };
        if as_is || value.is_none() {
            return Ok(value);
        }
        self.arena.clear();
        let Some(cell) = cell_of(&value, self.arena)? else {
            return Ok(value); // what a converter of the program has made
        };
        let py = value.py();
        if let Some(decoded) = convert(py, cell, kind, self.arena)? {
            return Ok(decoded);
        }
        Err(Mismatch::new(py, self.names, cell, self.arena, index).error(kind))
    }
}

/// The cell of a value of one of SQLite's storage classes; None for any other object.
fn cell_of(value: &Bound<'_, PyAny>, arena: &mut Arena) -> PyResult<Option<Cell>> {
    let full = |_| interface_error(value.py(), "a value is over 4 GiB long");
    if let Ok(text) = value.cast::<PyString>() {
        arena.push_text(text.to_str()?.as_bytes()).map_err(full)?;
    } else if let Ok(bytes) = value.cast::<PyBytes>() {
        arena.push_blob(bytes.as_bytes()).map_err(full)?;
    } else if let Ok(number) = value.cast::<PyInt>() {
        arena.push(Cell::Int(number.extract()?));
    } else if let Ok(number) = value.cast::<PyFloat>() {
        arena.push(Cell::Float(number.value()));
    } else {
        return Ok(None);
    }
    Ok(arena.cells().first().copied())
}

/// A result of rows that were read by another driver; the kinds of `shape` say what their stored values mean.
#[pyfunction]
#[pyo3(signature = (rows, shape, columns, *, rowcount=-1, status="", last_rowid=None))]
pub fn sqlite_result(
    py: Python<'_>,
    rows: &Bound<'_, PyList>,
    shape: Py<Shape>,
    columns: Vec<String>,
    rowcount: i64,
    status: &str,
    last_rowid: Option<i64>,
) -> PyResult<Result> {
    let names = column_names(py, columns.iter().map(String::as_str))?;
    let collected = shaped(py, rows, shape, &names)?;
    Ok(Result::read(
        py, collected, names, rowcount, status, last_rowid,
    ))
}

/// The rows of a query, by a cursor of another driver whose statements are the caller's alone. `columns` are their names where those are
/// known from a result before.
#[pyfunction]
#[pyo3(signature = (cursor, sql, params, shape, kinds=None, columns=None))]
pub fn sqlite_read(
    py: Python<'_>,
    cursor: &Bound<'_, PyAny>,
    sql: &Bound<'_, PyString>,
    params: Option<&Bound<'_, PyAny>>,
    shape: Py<Shape>,
    kinds: Option<&Bound<'_, Kinds>>,
    columns: Option<Py<PyTuple>>,
) -> PyResult<Result> {
    stay(py);
    let values = match params {
        Some(params) => sqlite_values(py, params, kinds, None)?,
        None => PyTuple::empty(py).into_any(),
    };
    cursor.call_method1(intern!(py, "execute"), (sql, values))?;
    let rows = cursor
        .call_method0(intern!(py, "fetchall"))?
        .cast_into::<PyList>()?;
    let names = match columns {
        Some(names) => names,
        None => described(&cursor.getattr(intern!(py, "description"))?)?,
    };
    let count = rows.len() as i64;
    let collected = shaped(py, &rows, shape, &names)?;
    Ok(Result::read(py, collected, names, count, "", None))
}

/// The names of a cursor's columns.
fn described(description: &Bound<'_, PyAny>) -> PyResult<Py<PyTuple>> {
    let mut names = Vec::new();
    for column in description.try_iter()? {
        names.push(column?.get_item(0)?.extract::<String>()?);
    }
    column_names(description.py(), names.iter().map(String::as_str))
}

/// The rows in the shape.
fn shaped(
    py: Python<'_>,
    rows: &Bound<'_, PyList>,
    shape: Py<Shape>,
    names: &Py<PyTuple>,
) -> PyResult<Py<PyList>> {
    let width = names.bind(py).len();
    let kinds = shape.get().kinds().cloned();
    let kinds: &[Kind] = match &kinds {
        Some(kinds) if kinds.len() != width && width > 0 => {
            return Err(interface_error(
                py,
                format!("{} kinds for {width} columns", kinds.len()),
            ));
        }
        Some(kinds) => kinds,
        None => &[],
    };
    let mut collector = (width > 0)
        .then(|| Collector::new(py, shape, names.clone_ref(py)))
        .transpose()?;
    if let Some(collector) = &mut collector {
        let mut arena = Arena::default();
        for row in rows.iter() {
            let row = row.cast_into::<PyTuple>()?;
            if row.len() != width {
                return Err(interface_error(
                    py,
                    format!("a row has {} values for {width} columns", row.len()),
                ));
            }
            let mut values = Stored {
                row,
                kinds,
                names,
                arena: &mut arena,
            };
            collector.push(py, &mut values)?;
        }
    }
    Ok(match collector {
        Some(mut collector) => collector.take_rows(py),
        None => PyList::empty(py).unbind(),
    })
}

/// Parameters as another driver is to bind them: None, int, float, str and bytes only. A mapping stays one.
#[pyfunction]
#[pyo3(signature = (params, kinds=None, row=None))]
pub fn sqlite_values<'py>(
    py: Python<'py>,
    params: &Bound<'py, PyAny>,
    kinds: Option<&Bound<'py, Kinds>>,
    row: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let kinds = kinds.map(|kinds| kinds.get().as_slice());
    let mut arena = Arena::default();
    let mut stored = |value: &Bound<'py, PyAny>, index: usize, name: Option<&str>| {
        let kind = kinds
            .and_then(|kinds| kinds.get(index).copied())
            .unwrap_or(Kind::Any);
        stored(value, kind, &mut arena).map_err(|unfit| {
            let place = Place {
                parameter: index + 1,
                row,
                name,
            };
            parameter_error(py, &place, unfit)
        })
    };
    // A tuple is what it is, as a rule: asking whether it is a mapping takes longer than all else here.
    let sequence =
        params.is_exact_instance_of::<PyTuple>() || params.is_exact_instance_of::<PyList>();
    if !sequence && let Ok(mapping) = params.cast::<PyMapping>() {
        let found = PyDict::new(py);
        for (index, item) in mapping.items()?.iter().enumerate() {
            let (name, value): (String, Bound<'py, PyAny>) = item.extract()?;
            found.set_item(&name, stored(&value, index, Some(&name))?)?;
        }
        return Ok(found.into_any());
    }
    if !sequence && !is_sequence(params) {
        return Err(no_parameters(params, true));
    }
    let mut found = Vec::with_capacity(params.len().unwrap_or(0));
    for (index, value) in params.try_iter()?.enumerate() {
        found.push(stored(&value?, index, None)?);
    }
    if let Some(kinds) = kinds
        && kinds.len() != found.len()
    {
        return Err(programming_error(py, miscounted(kinds.len(), found.len())));
    }
    Ok(PyTuple::new(py, found)?.into_any())
}

/// Whether a value is stored as it is, whatever else its kind takes.
#[inline]
fn is_stored(value: &Bound<'_, PyAny>, kind: Kind) -> bool {
    // A text with a lone surrogate, and an int out of range, are `encode`'s to refuse.
    match kind {
        Kind::Text => value
            .cast_exact::<PyString>()
            .is_ok_and(|text| text.to_str().is_ok()),
        Kind::Int => value
            .cast_exact::<PyInt>()
            .is_ok_and(|number| number.extract::<i64>().is_ok()),
        Kind::Bytes => value.is_exact_instance_of::<PyBytes>(),
        _ => value.is_none(),
    }
}

/// One value as it is stored.
#[inline]
pub fn stored<'py>(
    value: &Bound<'py, PyAny>,
    kind: Kind,
    arena: &mut Arena,
) -> std::result::Result<Bound<'py, PyAny>, Unfit> {
    if is_stored(value, kind) {
        return Ok(value.clone());
    }
    arena.clear();
    encode(value, kind, arena)?;
    let py = value.py();
    Ok(match arena.cells().first().copied() {
        None | Some(Cell::Null) => py.None().into_bound(py),
        Some(Cell::Int(_)) if value.is_exact_instance_of::<PyInt>() => value.clone(),
        Some(Cell::Int(number)) => PyInt::new(py, number).into_any(),
        Some(Cell::Float(_)) if value.is_exact_instance_of::<PyFloat>() => value.clone(),
        Some(Cell::Float(number)) => PyFloat::new(py, number).into_any(),
        Some(Cell::Text(_)) if kind == Kind::Text && value.is_exact_instance_of::<PyString>() => {
            value.clone()
        }
        Some(Cell::Text(span)) => values::text(py, arena.slice(span))?,
        Some(Cell::Blob(_)) if value.is_exact_instance_of::<PyBytes>() => value.clone(),
        Some(Cell::Blob(span)) => values::bytes(py, arena.slice(span)),
    })
}
