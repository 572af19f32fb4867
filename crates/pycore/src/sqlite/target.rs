//! What the columns that parameters are written to can hold: a value that would come back as another one is refused.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyInt};
use rusqlite::Connection;

use super::declared;
use super::encode::{Encoded, refuse};
use super::statement::Statement;
use super::written::written;
use crate::kinds::Kind;
use crate::lazy::DECIMAL;
use crate::raise::Unfit;

/// A column into which not every value goes that SQLite would take.
#[derive(Clone, Copy, PartialEq)]
pub enum Target {
    /// A column for dates, or for moments with or without a zone: the values are those of its kind.
    Moment(Kind),
    /// A column of numbers, which SQLite makes of a decimal's text.
    Number,
}

/// SQLite makes a double of a number with more digits, or of one that is larger or smaller than these powers of ten.
const EXACT_DIGITS: i64 = 15;
const EXACT_POWER: i64 = 300;

impl Target {
    fn of(declared: Option<&str>) -> Option<Target> {
        match declared::kind(declared) {
            kind @ (Kind::Date | Kind::Timestamp | Kind::TimestampTz) => Some(Target::Moment(kind)),
            // A word such as TEXT gives a column another affinity.
            Kind::Decimal if declared::is_numeric(declared.unwrap_or_default()) => {
                Some(Target::Number)
            }
            _ => None,
        }
    }

    /// The kind that a value is encoded as. Only of the types that SQLite would change are they refused here.
    pub fn kind(self, value: &Bound<'_, PyAny>) -> Result<Kind, Unfit> {
        match self {
            Target::Moment(kind) if value.is_instance_of::<PyDateTime>() => Ok(kind),
            Target::Number if value.is_instance(DECIMAL.get(value.py())?)? => {
                exact(value).map(|()| Kind::Decimal)
            }
            Target::Number
                if value.is_instance_of::<PyInt>() && value.extract::<i64>().is_err() =>
            {
                too_long()
            }
            _ => Ok(Kind::Any),
        }
    }
}

fn exact(value: &Bound<'_, PyAny>) -> Encoded {
    let py = value.py();
    let parts = value.call_method0(intern!(py, "as_tuple"))?;
    let Ok(exponent) = parts.getattr(intern!(py, "exponent"))?.extract::<i64>() else {
        return Ok(()); // NaN and infinity stay texts
    };
    // 0.50 has one digit: the zeros at the end are lost, as documented, and change no number.
    let digits: Vec<u8> = parts.getattr(intern!(py, "digits"))?.extract()?;
    let significant = digits
        .iter()
        .rposition(|digit| *digit != 0)
        .map_or(0, |at| at + 1);
    let power = exponent.saturating_add(digits.len() as i64);
    if significant == 0 || (significant as i64 <= EXACT_DIGITS && power.abs() <= EXACT_POWER) {
        return Ok(());
    }
    // An integer of 64 bits is stored as one.
    if exponent == 0
        && value
            .call_method0(intern!(py, "__int__"))?
            .extract::<i64>()
            .is_ok()
    {
        return Ok(());
    }
    too_long()
}

fn too_long<T>() -> Result<T, Unfit> {
    refuse(format!(
        "the column is one of numbers, of which SQLite keeps {EXACT_DIGITS} digits: this value has more, or is out of range. \
         Declare the column as DECIMAL_TEXT, which keeps every digit, or round the value"
    ))
}

/// For each parameter of a statement, in order, what it has to fit; nothing where that is not known. `anew`: other connections
/// may have changed the schema since, which SQLite sees when a statement begins to run.
pub fn targets(connection: &mut Connection, sql: &str, anew: bool) -> Vec<Option<Target>> {
    let Some(found) = written(sql) else {
        return Vec::new();
    };
    let columns = match &found.columns {
        Some(names) if names.is_empty() => return Vec::new(),
        Some(names) => names.join(", "),
        None => "*".to_owned(),
    };
    // A table that is not there, or not like that, is the statement's affair.
    let question = format!("SELECT {columns} FROM {} LIMIT 0", found.table);
    let Ok((Some(mut answer), _)) = Statement::prepare(connection, &question, false) else {
        return Vec::new();
    };
    if anew && answer.step().is_err() {
        return Vec::new();
    }
    // Generated columns are among all columns, but not among those that are written.
    if found.columns.is_none() && answer.column_count() != found.width {
        return Vec::new();
    }
    let mut targets = Vec::new();
    for (number, column) in found.places {
        let Some(target) = Target::of(answer.declared_type(column).as_deref()) else {
            continue;
        };
        if targets.len() < number {
            targets.resize(number, None);
        }
        if let Some(place) = number
            .checked_sub(1)
            .and_then(|index| targets.get_mut(index))
        {
            *place = Some(target);
        }
    }
    targets
}
