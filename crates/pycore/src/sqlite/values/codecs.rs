//! The codecs that a connection knows, by the names of declared types.

use std::collections::HashMap;
use std::sync::Arc;

use ahash::RandomState;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use super::declared;
use crate::codec::{Codec, Form};
use crate::kinds::Kind;
use crate::raise::{interface_error, not_supported_error};

#[derive(Clone, Default)]
pub struct Codecs {
    by_name: HashMap<Box<str>, Arc<Codec>, RandomState>,
    /// Whether one of them writes.
    pub write: bool,
}

impl Codecs {
    /// Those of the process, and a connection's own, which come before them. None if there are none.
    pub fn of(py: Python<'_>, own: &[Bound<'_, PyAny>]) -> PyResult<Option<Arc<Codecs>>> {
        let mut all = Codecs::default();
        for codec in Codec::registered(py, declared::folded)? {
            // One for a schema is for a type of PostgreSQL.
            if codec.schema.is_none() {
                all.set(codec);
            }
        }
        for codec in own {
            all.set(own_codec(codec)?);
        }
        Ok(all.shared())
    }

    /// The same with one more, which takes the place of an earlier one for the name.
    pub fn with(known: Option<&Arc<Codecs>>, codec: Codec) -> Option<Arc<Codecs>> {
        let mut all = known.map_or_else(Codecs::default, |known| Codecs::clone(known));
        all.set(codec);
        all.shared()
    }

    fn set(&mut self, codec: Codec) {
        if codec.is_empty() {
            self.by_name.remove(&codec.name);
        } else {
            self.by_name.insert(codec.name.clone(), Arc::new(codec));
        }
        self.write = self.by_name.values().any(|codec| codec.encode.is_some());
    }

    fn shared(self) -> Option<Arc<Codecs>> {
        (!self.by_name.is_empty()).then(|| Arc::new(self))
    }

    pub fn find(&self, declared: Option<&str>) -> Option<Arc<Codec>> {
        let name = declared::folded(&declared::bare(declared?));
        self.by_name.get(&name).map(Arc::clone)
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.by_name
            .values()
            .try_for_each(|codec| codec.traverse(visit))
    }
}

/// A codec that is given to a connection to SQLite, and so has to make sense there.
pub fn own_codec(codec: &Bound<'_, PyAny>) -> PyResult<Codec> {
    let py = codec.py();
    let codec = Codec::new(codec, declared::folded)?;
    if codec.schema.is_some() {
        return Err(not_supported_error(
            py,
            format!(
                "the codec for {} is for a type of one schema, and the types that columns of SQLite are declared with are in none: \
                 leave `schema` out",
                codec.label()
            ),
        ));
    }
    if codec.name.contains('(') {
        return Err(interface_error(
            py,
            format!(
                "a codec is for a declared type without its arguments: {:?}, not {:?}",
                declared::folded(&declared::bare(&codec.name)),
                codec.name
            ),
        ));
    }
    match unusable(&codec, &codec.name) {
        Some(words) => Err(not_supported_error(py, words)),
        None => Ok(codec),
    }
}

/// Why a codec cannot be used for a column declared like this.
pub fn unusable(codec: &Codec, declared: &str) -> Option<String> {
    let stored = match declared::kind(Some(declared)) {
        Kind::Bool => "0 or 1",
        Kind::Decimal => "numbers, or their digits as text",
        Kind::Date | Kind::Time | Kind::Timestamp | Kind::TimestampTz => "text",
        _ if declared::is_of_numbers(declared) => "numbers",
        _ => return None,
    };
    (codec.form == Form::Binary).then(|| {
        format!(
            "the codec for {} is over bytes, and in a column declared like that SQLite has {stored}, not PostgreSQL's binary form: \
             give it format=\"text\" or \"value\"",
            codec.label()
        )
    })
}
