//! A record: its fields between parentheses, nothing for NULL.

use std::borrow::Cow;

use super::scan::Scanner;
use crate::error::DecodeError;

/// Parses a record; its fields are still the text of their types, None for NULL. One without fields is written as one with a
/// single NULL, and read as that.
pub fn record(text: &str) -> Result<Vec<Option<Cow<'_, str>>>, DecodeError> {
    let mut scanner = Scanner::new("record", text);
    scanner.expect('(')?;
    let mut fields = vec![scanner.part(&[',', ')'])?];
    while scanner.take(',') {
        fields.push(scanner.part(&[',', ')'])?);
    }
    scanner.expect(')')?;
    scanner.end()?;
    Ok(fields)
}
