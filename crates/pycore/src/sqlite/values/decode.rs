//! Stored values to Python objects. A value that is not what its column says is an error, never a guess.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDelta, PyFloat, PyInt, PyTuple};

use super::civil::{self, Offset};
use super::{declared, decode_list, uuid_text};
use crate::kinds::Kind;
use crate::raise::{data_error, internal_error};
use crate::rows::Values;
use crate::sqlite::execution::arena::{Arena, Cell};
use crate::sqlite::execution::columns::Columns;
use crate::{json, values};

/// The cells of one row.
pub struct RowCells<'a, 'py> {
    pub py: Python<'py>,
    pub cells: &'a [Cell],
    pub arena: &'a Arena,
    pub kinds: &'a [Kind],
    pub columns: &'a Columns,
}

impl<'py> Values<'py> for RowCells<'_, 'py> {
    #[inline]
    fn next(&mut self, index: usize) -> PyResult<Bound<'py, PyAny>> {
        let py = self.py;
        let (Some(cell), Some(kind)) = (self.cells.get(index), self.kinds.get(index)) else {
            return Err(internal_error(py, format!("the row has no column {index}")));
        };
        let decoded = match (*cell, *kind) {
            (Cell::Null, _) => return Ok(py.None().into_bound(py)),
            (Cell::Int(value), Kind::Any | Kind::Int) => return Ok(int(py, value)),
            (Cell::Float(value), Kind::Any | Kind::Float) => {
                return Ok(PyFloat::new(py, value).into_any());
            }
            (Cell::Text(span), Kind::Any | Kind::Text) => {
                values::text(py, self.arena.slice(span)).ok()
            }
            (Cell::Blob(span), Kind::Any | Kind::Bytes) => {
                return Ok(values::bytes(py, self.arena.slice(span)));
            }
            (cell, Kind::Custom) => return self.custom(cell, index),
            (cell, kind) => convert(py, cell, kind, self.arena)?,
        };
        match decoded {
            Some(object) => Ok(object),
            None => Err(Mismatch::of(self, *cell, index).error(*kind)),
        }
    }
}

/// A value that is not what its column says.
pub struct Mismatch<'a, 'py> {
    py: Python<'py>,
    /// The column's.
    pub name: String,
    cell: Cell,
    arena: &'a Arena,
}

impl<'a, 'py> Mismatch<'a, 'py> {
    #[cold]
    pub fn of(row: &RowCells<'a, 'py>, cell: Cell, index: usize) -> Mismatch<'a, 'py> {
        Mismatch::new(row.py, &row.columns.names, cell, row.arena, index)
    }

    #[cold]
    pub fn new(
        py: Python<'py>,
        names: &Py<PyTuple>,
        cell: Cell,
        arena: &'a Arena,
        index: usize,
    ) -> Mismatch<'a, 'py> {
        let name = names.bind(py).get_item(index);
        let name = name.map_or_else(|_| index.to_string(), |name| name.to_string());
        Mismatch {
            py,
            name,
            cell,
            arena,
        }
    }

    /// For a column of this kind.
    pub fn error(self, kind: Kind) -> PyErr {
        let Mismatch { py, ref name, .. } = self;
        let (class, shown) = match self.shown() {
            Ok(shown) => shown,
            Err(error) => return error,
        };
        let aware = kind == Kind::Timestamp && class == "TEXT" && has_zone(&shown);
        let kind = declared::name(kind);
        let fix = if aware {
            "declare a column for times with a zone as TIMESTAMPTZ"
        } else {
            "repair it"
        };
        data_error(
            py,
            format!(
                "column {name}: the {class} value {shown} is no valid {kind}; {fix}, or select +{name} to read it as it is stored"
            ),
        )
    }

    /// For a codec that takes something else.
    pub fn unread(self, codec: &str, wants: &str, fix: &str) -> PyErr {
        let Mismatch { py, ref name, .. } = self;
        match self.shown() {
            Ok((class, shown)) => data_error(
                py,
                format!(
                    "column {name}: the {class} value {shown} has no {wants} for the codec for {codec}; give it {fix}"
                ),
            ),
            Err(error) => error,
        }
    }

    /// Its storage class, and how it looks; the error about a text that is none.
    fn shown(&self) -> Result<(&'static str, String), PyErr> {
        Ok(match self.cell {
            Cell::Null => ("NULL", String::new()),
            Cell::Int(value) => ("INTEGER", value.to_string()),
            Cell::Float(value) => ("REAL", value.to_string()),
            Cell::Text(span) => {
                let bytes = self.arena.slice(span);
                if std::str::from_utf8(bytes).is_err() {
                    let fix = "select CAST(... AS BLOB) to read its bytes";
                    let message = format!(
                        "column {}: the text {} is not UTF-8; {fix}",
                        self.name,
                        show(bytes)
                    );
                    return Err(data_error(self.py, message));
                }
                ("TEXT", show(bytes))
            }
            Cell::Blob(span) => ("BLOB", show(self.arena.slice(span))),
        })
    }
}

/// Whether a shown timestamp ends in an offset from UTC, such as '+00:00'.
fn has_zone(shown: &str) -> bool {
    let end = shown
        .trim_end_matches('\'')
        .rsplit(' ')
        .next()
        .unwrap_or("");
    end.contains('+') || end.ends_with('Z')
}

/// The beginning of a value, for a message.
pub fn show(bytes: &[u8]) -> String {
    let (start, more) = match bytes.split_at_checked(60) {
        Some((start, [_, ..])) => (start, "..."),
        _ => (bytes, ""),
    };
    format!("'{}'{more}", start.escape_ascii())
}

fn int(py: Python<'_>, value: i64) -> Bound<'_, PyAny> {
    PyInt::new(py, value).into_any()
}

/// Of microseconds.
fn interval(py: Python<'_>, length: i64) -> PyResult<Bound<'_, PyAny>> {
    let (seconds, rest) = (length.div_euclid(1_000_000), length.rem_euclid(1_000_000));
    let (days, seconds) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    Ok(PyDelta::new(py, days as i32, seconds as i32, rest as i32, false)?.into_any())
}

/// None when the value is not of the kind.
pub fn convert<'py>(
    py: Python<'py>,
    cell: Cell,
    kind: Kind,
    arena: &Arena,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    match (kind, cell) {
        (Kind::Json, Cell::Text(span)) => Ok(json::parsed(py, arena.slice(span))?.ok()),
        (Kind::List(element), Cell::Text(span)) => {
            decode_list::list(py, arena.slice(span), *element)
        }
        _ => Ok(plain(py, cell, kind, arena)),
    }
}

/// Values of kinds that are decoded without calling Python code.
fn plain<'py>(py: Python<'py>, cell: Cell, kind: Kind, arena: &Arena) -> Option<Bound<'py, PyAny>> {
    match (kind, cell) {
        (Kind::Bool, Cell::Int(value @ (0 | 1))) => {
            Some(PyBool::new(py, value == 1).to_owned().into_any())
        }
        (Kind::Oid, Cell::Int(value)) => {
            u32::try_from(value).ok()?;
            Some(int(py, value))
        }
        (Kind::Float, Cell::Int(value)) => {
            // An expression over a REAL column, such as sum(), can give an INTEGER.
            let float = value as f64;
            (float as i64 == value && float.abs() <= 9_007_199_254_740_992.0)
                .then(|| PyFloat::new(py, float).into_any())
        }
        (Kind::Date, Cell::Text(span)) => {
            let (year, month, day) = civil::date(arena.slice(span))?;
            values::date(py, year, month, day).ok()
        }
        (Kind::Time, Cell::Text(span)) => {
            let (hour, minute, second, microsecond) = civil::time(arena.slice(span))?;
            values::time(py, hour, minute, second, microsecond).ok()
        }
        (Kind::Timestamp, Cell::Text(span)) => match civil::timestamp(arena.slice(span))? {
            (at, Offset::Missing) => values::datetime(py, &at, false).ok(),
            (_, Offset::Seconds(_)) => None,
        },
        (Kind::TimestampTz, Cell::Text(span)) => {
            // SQLite's own functions and CURRENT_TIMESTAMP give UTC without saying so.
            let at = match civil::timestamp(arena.slice(span))? {
                (at, Offset::Missing) => at,
                (at, Offset::Seconds(offset)) => civil::to_utc(at, offset)?,
            };
            values::datetime(py, &at, true).ok()
        }
        (Kind::Interval, Cell::Int(value)) => interval(py, value).ok(),
        (Kind::Uuid, Cell::Text(span)) => {
            values::uuid(py, uuid_text::parse(arena.slice(span))?).ok()
        }
        (Kind::Uuid, Cell::Blob(span)) => values::uuid(py, arena.slice(span).try_into().ok()?).ok(),
        (Kind::Decimal, Cell::Text(span)) => {
            let text = std::str::from_utf8(arena.slice(span)).ok()?;
            // Decimal itself would also read spaces and underscores.
            let plain = text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'));
            if plain {
                values::decimal(py, text).ok()
            } else {
                None
            }
        }
        (Kind::Decimal, Cell::Int(value)) => values::decimal(py, &value.to_string()).ok(),
        // The shortest text that gives the same double.
        (Kind::Decimal, Cell::Float(value)) => values::decimal(py, &value.to_string()).ok(),
        // Columns declared JSON have NUMERIC affinity: SQLite has turned '1' into 1.
        (Kind::Json, Cell::Int(value)) => Some(int(py, value)),
        (Kind::Json, Cell::Float(value)) => Some(PyFloat::new(py, value).into_any()),
        // Elements of a list; columns of these kinds do not get here.
        (Kind::Int, Cell::Int(value)) => Some(int(py, value)),
        (Kind::Float, Cell::Float(value)) => Some(PyFloat::new(py, value).into_any()),
        (Kind::Text, Cell::Text(span)) => values::text(py, arena.slice(span)).ok(),
        (Kind::Bytes, Cell::Blob(span)) => Some(values::bytes(py, arena.slice(span))),
        _ => None,
    }
}
