//! Values encoded by a user's codec, to be written to a column of a declared type or compared with it.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyString};

use super::codecs::{Codecs, unusable};
use super::declared;
use super::decode::convert;
use super::encode::{Encoded, encode, refuse};
use super::fit::Fit;
use crate::codec::{Codec, Form};
use crate::kinds::Kind;
use crate::raise::{Unfit, internal_error, not_supported_error, value_error};
use crate::sqlite::execution::arena::{Arena, Cell};
use crate::values;

/// What writes to one column.
#[derive(Clone)]
pub struct Writer {
    codec: Arc<Codec>,
    /// What would be written without it.
    inner: Kind,
    declared: Box<str>,
    /// Whether the parameter goes to other places as well.
    pub torn: Option<Torn>,
}

/// How a parameter is used for which the codec would apply in one place and not in another.
#[derive(Clone, Copy, PartialEq)]
pub enum Torn {
    /// Written to the column.
    In,
    /// Compared with the column.
    Beside,
}

impl PartialEq for Writer {
    fn eq(&self, other: &Writer) -> bool {
        self.is_same(other) && self.torn == other.torn
    }
}

impl Writer {
    /// None for a column without a codec that writes.
    pub fn of(codecs: &Codecs, declared: &str) -> Option<Writer> {
        let codec = codecs.find(Some(declared))?;
        codec.encode.is_some().then(|| Writer {
            codec,
            inner: declared::kind(Some(declared)),
            declared: declared.into(),
            torn: None,
        })
    }

    /// Whether both write the same.
    pub fn is_same(&self, other: &Writer) -> bool {
        Arc::ptr_eq(&self.codec, &other.codec) && self.declared == other.declared
    }

    /// A value that is not None.
    pub fn write(&self, value: &Bound<'_, PyAny>, fit: Option<Fit>, arena: &mut Arena) -> Encoded {
        let py = value.py();
        if let Some(words) = unusable(&self.codec, &self.declared) {
            return Err(Unfit::foreign(not_supported_error(py, words)));
        }
        if let Some(torn) = self.torn {
            let words = match torn {
                Torn::In => "it to its column",
                Torn::Beside => "what its column is compared with",
            };
            return refuse(format!(
                "the codec for {} writes {words}, but it is used elsewhere in the statement too, where it would be what the codec \
                 made of it: give it as two parameters",
                self.codec.label()
            ));
        }
        let Some(made) = self.codec.encoded(value)? else {
            return encode(value, Kind::Any, arena);
        };
        match (self.codec.form, self.inner) {
            (Form::Binary, _) => encode(&made, Kind::Bytes, arena),
            (Form::Value, kind) if kind != Kind::Any => {
                if let Some(fit) = fit {
                    fit.fitting(&made)?;
                }
                encode(&made, kind, arena)
            }
            (Form::Value, kind) => {
                if let Ok(text) = made.cast::<PyString>() {
                    self.check(text)?;
                }
                encode(&made, kind, arena)
            }
            (Form::Text, _) => {
                self.check(made.cast::<PyString>().map_err(PyErr::from)?)?;
                encode(&made, Kind::Text, arena)
            }
        }
    }

    /// What `write` stores, as a Python value.
    pub fn stored<'py>(&self, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = value.py();
        if value.is_none() {
            return Ok(value.clone());
        }
        let mut arena = Arena::default();
        self.write(value, None, &mut arena)
            .map_err(|unfit| value_error(py, &format!("the value for {}", self.declared), unfit))?;
        let cell = arena.cells().first().copied().unwrap_or(Cell::Null);
        let kind = match cell {
            Cell::Int(_) => Kind::Int,
            Cell::Float(_) => Kind::Float,
            Cell::Text(_) => Kind::Text,
            Cell::Blob(_) => Kind::Bytes,
            Cell::Null => return Ok(py.None().into_bound(py)),
        };
        convert(py, cell, kind, &arena)?
            .ok_or_else(|| internal_error(py, "a value that was encoded cannot be read"))
    }

    /// Whether a text comes back from the column. SQLite makes numbers of texts where nothing in the declared type, such as
    /// CHAR or TEXT, says that it holds texts.
    fn check(&self, text: &Bound<'_, PyString>) -> Encoded {
        let py = text.py();
        let shown = text.to_str()?;
        let Some(number) = number(shown) else {
            return Ok(());
        };
        if !declared::makes_numbers(&self.declared)
            || shown.parse::<i64>().is_ok_and(|it| it.to_string() == shown)
        {
            return Ok(());
        }
        let read = PyFloat::new(py, number).repr()?;
        let read = read.to_str()?;
        // Where numbers are meant, it matters which one it is, and not how it is written.
        let meant = declared::is_of_numbers(&self.declared)
            || matches!(self.inner, Kind::Decimal | Kind::Json);
        let same = match meant {
            true => values::decimal(py, read)?.eq(values::decimal(py, shown.trim())?)?,
            // One without a fraction becomes an integer.
            false => number.fract() != 0.0 && read == shown,
        };
        if same {
            return Ok(());
        }
        refuse(format!(
            "SQLite would make the number {read} of the text {shown:?} in a column declared {}: declare it as {}_TEXT, which keeps \
             texts as they are",
            self.declared, self.declared,
        ))
    }
}

/// The number that SQLite sees in a text.
fn number(text: &str) -> Option<f64> {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let plain = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    if plain { text.parse().ok() } else { None }
}
