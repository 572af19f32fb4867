//! Functions and the collation that every connection has, so that SQL means on SQLite what it means on PostgreSQL.

mod arithmetic;
mod case;
mod document;
mod moments;
mod number;
mod order;
mod pattern;
mod regular;
mod rounding;
mod sums;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};

/// Innocuous: usable in views, indexes and defaults although schemas are not trusted.
const FLAGS: FunctionFlags = FunctionFlags::SQLITE_UTF8
    .union(FunctionFlags::SQLITE_DETERMINISTIC)
    .union(FunctionFlags::SQLITE_INNOCUOUS);

pub fn register(connection: &Connection) -> Result<()> {
    connection.create_collation("decimal", order::compare)?;
    sums::register(connection)?;
    arithmetic::register(connection)?;
    rounding::register(connection)?;
    pattern::register(connection)?;
    regular::register(connection)?;
    moments::register(connection)?;
    case::register(connection)?;
    document::register(connection)
}

/// An error a function gives back to SQL.
fn failed(message: impl Into<String>) -> Error {
    Error::UserFunctionError(message.into().into())
}

/// The argument as text; None for NULL. Numbers as SQLite would print them, blobs are refused.
fn text<'a>(
    context: &'a Context<'_>,
    index: usize,
    buffer: &'a mut String,
) -> Result<Option<&'a str>> {
    match context.get_raw(index) {
        ValueRef::Null => return Ok(None),
        ValueRef::Integer(value) => *buffer = value.to_string(),
        // Without an exponent.
        ValueRef::Real(value) => *buffer = value.to_string(),
        ValueRef::Text(bytes) => {
            return match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Some(text)),
                Err(_) => Err(failed("a text argument is not UTF-8")),
            };
        }
        ValueRef::Blob(_) => return Err(failed("a blob was given where a text is needed")),
    }
    Ok(Some(buffer))
}
