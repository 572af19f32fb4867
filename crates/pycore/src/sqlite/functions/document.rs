//! `ferrow_json(text)`: one text for all JSON texts that PostgreSQL's jsonb holds equal.

use jiter::JsonValue;
use rusqlite::{Connection, Result};

use super::{FLAGS, failed, text};

pub fn register(connection: &Connection) -> Result<()> {
    connection.create_scalar_function("ferrow_json", 1, FLAGS, |context| {
        let mut buffer = String::new();
        let Some(text) = text(context, 0, &mut buffer)? else {
            return Ok(None);
        };
        let value = JsonValue::parse(text.as_bytes(), false)
            .map_err(|error| failed(format!("not a JSON text: {error}")))?;
        let mut canonical = String::with_capacity(text.len());
        write(&mut canonical, &value);
        Ok(Some(canonical))
    })
}

/// Without spaces; keys sorted, of equal ones the last; a number with an integral value as an integer.
fn write(out: &mut String, value: &JsonValue<'_>) {
    match value {
        JsonValue::Null => out.push_str("null"),
        JsonValue::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        JsonValue::Int(value) => out.push_str(&value.to_string()),
        JsonValue::BigInt(value) => out.push_str(&value.to_string()),
        // Prints no exponent and no superfluous zero; -0.0 equals 0.
        JsonValue::Float(value) if *value == 0.0 => out.push('0'),
        JsonValue::Float(value) => out.push_str(&value.to_string()),
        JsonValue::Str(value) => write_string(out, value),
        JsonValue::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(out, item);
            }
            out.push(']');
        }
        JsonValue::Object(members) => {
            let members: std::collections::BTreeMap<&str, &JsonValue<'_>> = members
                .iter()
                .map(|(key, value)| (key.as_ref(), value))
                .collect();
            out.push('{');
            for (index, (key, value)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(out, key);
                out.push(':');
                write(out, value);
            }
            out.push('}');
        }
    }
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\0'..' ' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
}
