//! `decimal_add`, `decimal_sub` and `decimal_mul`: exact, with the scale PostgreSQL gives the result.

use rusqlite::functions::Context;
use rusqlite::{Connection, Result};

use super::number::Number;
use super::{FLAGS, failed, text};

type Operation = fn(&Number, &Number) -> Number;

pub fn register(connection: &Connection) -> Result<()> {
    let operations: [(&str, Operation); 3] = [
        ("decimal_add", Number::add),
        ("decimal_sub", |left, right| left.add(&right.negate())),
        ("decimal_mul", Number::multiply),
    ];
    for (name, operation) in operations {
        connection.create_scalar_function(name, 2, FLAGS, move |context| {
            match (number(context, 0)?, number(context, 1)?) {
                (Some(left), Some(right)) => Ok(Some(operation(&left, &right).text())),
                _ => Ok(None),
            }
        })?;
    }
    Ok(())
}

/// The argument as a number; None for NULL.
pub fn number(context: &Context<'_>, index: usize) -> Result<Option<Number>> {
    let mut buffer = String::new();
    let Some(text) = text(context, index, &mut buffer)? else {
        return Ok(None);
    };
    match Number::of(text) {
        Some(number) => Ok(Some(number)),
        None => {
            let shown: String = text.chars().take(40).collect();
            Err(failed(format!("{shown:?} is not a decimal number")))
        }
    }
}
