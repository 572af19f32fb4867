//! A JSON text as a value of SQL, if it is one of that type; NULL if not.

use rusqlite::Result;
use rusqlite::types::Value;

use super::tree::{Tree, normal};
use crate::sqlite::functions::number::Number;

/// What `jsonb_typeof` says. The first character tells.
pub fn name(text: &str) -> &'static str {
    match text.trim_start().as_bytes().first() {
        Some(b'"') => "string",
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        _ => "number",
    }
}

pub fn text(text: &str) -> Result<Value> {
    Ok(match Tree::of(text)? {
        Tree::Text(value) => Value::Text(value),
        _ => Value::Null,
    })
}

pub fn number(text: &str) -> Result<Value> {
    Ok(match Tree::of(text)? {
        Tree::Number(digits) => Value::Text(digits),
        _ => Value::Null,
    })
}

/// A number, or a text that is one: decimals are kept as texts in documents.
pub fn decimal(text: &str) -> Result<Value> {
    Ok(match Tree::of(text)? {
        Tree::Number(digits) => Value::Text(digits),
        Tree::Text(value) if is_numeral(&value) => Value::Text(normal(&value)),
        _ => Value::Null,
    })
}

pub fn int(text: &str) -> Result<Value> {
    Ok(match Tree::of(text)? {
        Tree::Number(digits) => digits.parse().map_or(Value::Null, Value::Integer),
        _ => Value::Null,
    })
}

pub fn float(text: &str) -> Result<Value> {
    Ok(match Tree::of(text)? {
        Tree::Number(digits) => match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => Value::Real(value),
            _ => Value::Null,
        },
        _ => Value::Null,
    })
}

pub fn boolean(text: &str) -> Result<Value> {
    Ok(match Tree::of(text)? {
        Tree::Bool(value) => Value::Integer(i64::from(value)),
        _ => Value::Null,
    })
}

/// Digits with at most one point and a short exponent: what the pattern in `sql/dialect/postgresql_json.py` lets through.
fn is_numeral(text: &str) -> bool {
    let exponent = text
        .split_once(['e', 'E'])
        .map_or("", |(_, exponent)| exponent);
    text.len() <= 1000
        && exponent.trim_start_matches(['-', '+']).len() <= 3
        && matches!(Number::of(text), Some(Number::Finite(_)))
}
