//! `ferrow_json(text)` and `ferrow_json_*`: what JSON texts mean, as PostgreSQL's jsonb has it.
//!
//! SQLite's own functions read a path as a language with quotes and brackets of its own, in which not every key can be said,
//! and turn numbers and texts into one another when they compare. Here a key is the key, whatever it is made of.

mod canonical;
mod contains;
mod order;
mod scalar;
mod tree;
mod walk;

use rusqlite::functions::Context;
use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{Connection, Result};

use self::tree::Tree;
use super::{FLAGS, failed, text};

pub fn register(connection: &Connection) -> Result<()> {
    one(connection, "ferrow_json", |text| {
        Ok(Value::Text(canonical::text(&Tree::of(text)?)))
    })?;
    one(connection, "ferrow_json_order", |text| {
        Ok(Value::Blob(order::key(&Tree::of(text)?)))
    })?;
    one(connection, "ferrow_json_type", |text| {
        Ok(Value::Text(scalar::name(text).to_owned()))
    })?;
    one(connection, "ferrow_json_text", scalar::text)?;
    one(connection, "ferrow_json_number", scalar::number)?;
    one(connection, "ferrow_json_decimal", scalar::decimal)?;
    one(connection, "ferrow_json_int", scalar::int)?;
    one(connection, "ferrow_json_float", scalar::float)?;
    one(connection, "ferrow_json_bool", scalar::boolean)?;
    one(connection, "ferrow_json_length", |text| {
        Ok(match Tree::of(text)? {
            Tree::Array(items) => length(items.len()),
            Tree::Object(members) => length(members.len()),
            _ => Value::Null,
        })
    })?;
    two(connection, "ferrow_json_contains", |outer, inner| {
        Ok(contains::contains(&Tree::of(outer)?, &Tree::of(inner)?))
    })?;
    two(connection, "ferrow_json_has", |document, key| {
        Ok(matches!(Tree::of(document)?, Tree::Object(members) if members.contains_key(key)))
    })?;
    connection.create_scalar_function("ferrow_json_at", -1, FLAGS, walk::at)
}

/// A function of one text; NULL gives NULL.
fn one(connection: &Connection, name: &str, of: fn(&str) -> Result<Value>) -> Result<()> {
    connection.create_scalar_function(name, 1, FLAGS, move |context: &Context<'_>| {
        let mut buffer = String::new();
        Ok(match text(context, 0, &mut buffer)? {
            Some(text) => ToSqlOutput::Owned(of(text)?),
            None => ToSqlOutput::Owned(Value::Null),
        })
    })
}

/// A question about two texts; NULL gives NULL.
fn two(connection: &Connection, name: &str, of: fn(&str, &str) -> Result<bool>) -> Result<()> {
    connection.create_scalar_function(name, 2, FLAGS, move |context: &Context<'_>| {
        let (mut first, mut second) = (String::new(), String::new());
        let (Some(left), Some(right)) = (
            text(context, 0, &mut first)?,
            text(context, 1, &mut second)?,
        ) else {
            return Ok(None);
        };
        of(left, right).map(Some)
    })
}

fn length(count: usize) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
