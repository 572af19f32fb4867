//! `ferrow_matches(text, pattern, fold)`: whether a regular expression matches somewhere in a text.

use pyo3::prelude::*;
use rusqlite::{Connection, Error, Result};

use super::{FLAGS, failed, text};
use crate::lazy::REGULAR_SEARCH;

pub fn register(connection: &Connection) -> Result<()> {
    connection.create_scalar_function("ferrow_matches", 3, FLAGS, |context| {
        let (mut first, mut second) = (String::new(), String::new());
        let (Some(subject), Some(pattern)) = (
            text(context, 0, &mut first)?,
            text(context, 1, &mut second)?,
        ) else {
            return Ok(None);
        };
        let fold: bool = context.get(2)?;
        // Python's own, so that there is no third dialect of expressions.
        let found = Python::try_attach(|py| search(py, subject, pattern, fold));
        found
            .unwrap_or_else(|| Err(failed("the Python interpreter has ended")))
            .map(Some)
    })
}

fn search(
    py: Python<'_>,
    subject: &str,
    pattern: &str,
    fold: bool,
) -> std::result::Result<bool, Error> {
    REGULAR_SEARCH
        .get(py)
        .and_then(|search| search.call1((subject, pattern, fold)))
        .and_then(|found| found.extract())
        .map_err(|error| failed(error.value(py).to_string()))
}
