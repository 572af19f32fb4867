//! `ferrow_lower(text)` and `ferrow_upper(text)`: of any script, where SQLite's own know ASCII only.

use rusqlite::{Connection, Result};

use super::{FLAGS, text};

type Case = fn(char) -> char;

pub fn register(connection: &Connection) -> Result<()> {
    let cases: [(&str, Case); 2] = [
        ("ferrow_lower", |character| {
            single(character, character.to_lowercase())
        }),
        ("ferrow_upper", |character| {
            single(character, character.to_uppercase())
        }),
    ];
    for (name, case) in cases {
        connection.create_scalar_function(name, 1, FLAGS, move |context| {
            let mut buffer = String::new();
            let text = text(context, 0, &mut buffer)?;
            Ok(text.map(|text| text.chars().map(case).collect::<String>()))
        })?;
    }
    Ok(())
}

/// One character for one, as PostgreSQL has it: a character whose other case are several (ß) stays as it is.
fn single(character: char, mut other: impl Iterator<Item = char>) -> char {
    match (other.next(), other.next()) {
        (Some(only), None) => only,
        _ => character,
    }
}
