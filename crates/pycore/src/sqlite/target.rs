//! What the columns of parameters can hold: a value that would be read back as another one is refused.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyFloat, PyInt};
use rusqlite::{Connection, TransactionState, ffi};

use super::codecs::Codecs;
use super::custom_writing::Writer;
use super::declared::{self, Affinity};
use super::encode::refuse;
use super::failure::Failure;
use super::resolved::Comparisons;
use super::statement::Statement;
use super::tokens::tokens;
use super::uses::Uses;
use super::written::{Written, written};
use crate::kinds::Kind;
use crate::lazy::DECIMAL;
use crate::raise::Unfit;

/// A column into which not every value goes that SQLite would take, or goes as it is.
#[derive(Clone)]
pub struct Target {
    pub fit: Option<Fit>,
    pub writer: Option<Writer>,
}

/// What a column can hold.
#[derive(Clone, Copy, PartialEq)]
pub enum Fit {
    /// A column for dates, or for moments with or without a zone: the values are those of its kind.
    Moment(Kind),
    /// A column of numbers, which SQLite makes of a decimal's text.
    Number,
    /// One that is declared otherwise, and of which SQLite makes the same.
    Loose,
    /// One of floats, where integers become some as well.
    Real,
}

/// SQLite makes a double of a number with more digits, or of one that is larger or smaller than these powers of ten.
const EXACT_DIGITS: i64 = 15;
const EXACT_POWER: i64 = 300;

/// Up to here all integers are doubles.
const EXACT_WHOLE: u64 = 1 << 53;

impl PartialEq for Target {
    fn eq(&self, other: &Target) -> bool {
        self.fit == other.fit && self.writer == other.writer
    }
}

impl Target {
    pub fn of(declared: Option<&str>, codecs: Option<&Codecs>) -> Option<Target> {
        let fit = match declared::kind(declared) {
            kind @ (Kind::Date | Kind::Timestamp | Kind::TimestampTz) => Some(Fit::Moment(kind)),
            // A word such as TEXT gives a column another affinity.
            Kind::Decimal if declared::is_numeric(declared.unwrap_or_default()) => {
                Some(Fit::Number)
            }
            _ => declared.and_then(Fit::of_numbers),
        };
        let writer = codecs.and_then(|codecs| Writer::of(codecs, declared?));
        (fit.is_some() || writer.is_some()).then_some(Target { fit, writer })
    }
}

impl Fit {
    fn of_numbers(declared: &str) -> Option<Fit> {
        match declared::affinity(declared) {
            // In a STRICT table, which nothing here tells, it is any value as it comes.
            _ if declared.eq_ignore_ascii_case("ANY") => None,
            Affinity::Numeric | Affinity::Integer => Some(Fit::Loose),
            Affinity::Real => Some(Fit::Real),
            Affinity::Other => None,
        }
    }

    /// The kind that a value is encoded as. Only of the types that SQLite would change are they refused here.
    pub fn kind(self, value: &Bound<'_, PyAny>) -> Result<Kind, Unfit> {
        match self {
            Fit::Moment(kind) if value.is_instance_of::<PyDateTime>() => Ok(kind),
            Fit::Loose if value.is_exact_instance_of::<PyInt>() => Ok(Kind::Any),
            Fit::Real if value.is_instance_of::<PyInt>() => match value.extract::<i64>() {
                Ok(number) if number.unsigned_abs() > EXACT_WHOLE => whole(value),
                _ => Ok(Kind::Any), // what is beyond 64 bits is refused when it is encoded
            },
            Fit::Number | Fit::Loose | Fit::Real
                if value.is_instance(DECIMAL.get(value.py())?)? =>
            {
                self.exact(value)
            }
            Fit::Number if value.is_instance_of::<PyInt>() && value.extract::<i64>().is_err() => {
                too_long()
            }
            _ => Ok(Kind::Any),
        }
    }

    fn exact(self, value: &Bound<'_, PyAny>) -> Result<Kind, Unfit> {
        let py = value.py();
        let parts = value.call_method0(intern!(py, "as_tuple"))?;
        let Ok(exponent) = parts.getattr(intern!(py, "exponent"))?.extract::<i64>() else {
            return Ok(Kind::Decimal); // NaN and infinity stay texts
        };
        // 0.50 has one digit: the zeros at the end are lost, as documented, and change no number.
        let digits: Vec<u8> = parts.getattr(intern!(py, "digits"))?.extract()?;
        let significant = digits
            .iter()
            .rposition(|digit| *digit != 0)
            .map_or(0, |at| at + 1);
        let power = exponent.saturating_add(digits.len() as i64);
        if significant == 0 || (significant as i64 <= EXACT_DIGITS && power.abs() <= EXACT_POWER) {
            return Ok(Kind::Decimal);
        }
        // An integer of 64 bits is stored as one.
        if self != Fit::Real
            && exponent == 0
            && value
                .call_method0(intern!(py, "__int__"))?
                .extract::<i64>()
                .is_ok()
        {
            return Ok(Kind::Decimal);
        }
        // Such as Decimal(0.1). A NUMERIC column would give back the decimal that the float shows.
        if self != Fit::Number && is_double(value)? {
            return Ok(Kind::Float);
        }
        too_long()
    }
}

/// An integer whose double is exactly it.
fn whole(value: &Bound<'_, PyAny>) -> Result<Kind, Unfit> {
    if is_double(value)? {
        return Ok(Kind::Any);
    }
    refuse(
        "the column is one of floats, and this int is not exactly a float; use float(value) to round it",
    )
}

fn is_double(value: &Bound<'_, PyAny>) -> Result<bool, Unfit> {
    let double: f64 = value.extract()?;
    Ok(value.eq(PyFloat::new(value.py(), double))?)
}

fn too_long<T>() -> Result<T, Unfit> {
    refuse(format!(
        "the column is one of numbers, of which SQLite keeps {EXACT_DIGITS} digits: this value has more, or is out of range. \
         Declare the column as DECIMAL_TEXT, which keeps every digit, or round the value"
    ))
}

/// When it is to be found out anew where parameters go.
pub enum Watch {
    /// Never, or when one does not fit.
    Nothing,
    /// Every time.
    Always,
    /// When this statement, which asks for the columns, is compiled anew, as it was so often.
    Question(Statement, i32),
}

impl Watch {
    /// Whether the table can have become another one since it was looked at. SQLite compiles a statement anew when the schema
    /// has changed, but a row that was made for the former one would be written.
    #[cold]
    pub fn is_over(&mut self, connection: &Connection) -> bool {
        match self {
            Watch::Nothing => false,
            Watch::Always => true,
            Watch::Question(question, reprepared) => {
                let failed = !may_look(connection) || question.step().is_err();
                question.reset();
                failed || question.reprepared() != *reprepared
            }
        }
    }
}

/// For each parameter of a statement, in order, what it has to fit; nothing where that is not known. `anew`: other connections
/// may have changed the schema since, which SQLite sees when a statement begins to run. With codecs that is never left open.
pub fn targets(
    connection: &mut Connection,
    sql: &str,
    codecs: Option<&Codecs>,
    anew: bool,
) -> Result<(Vec<Option<Target>>, Watch), Failure> {
    let nothing = || Ok((Vec::new(), Watch::Nothing));
    let Some(tokens) = tokens(sql) else {
        return nothing();
    };
    let written = written(sql, &tokens).filter(|found| {
        let names = found.columns.as_ref();
        names.is_none_or(|names| !names.is_empty())
    });
    let compared = codecs.and_then(|_| Comparisons::of(sql, &tokens));
    let Some(question) = question(written.as_ref(), compared.as_ref()) else {
        return nothing();
    };
    let asked = Statement::prepare(connection, &question, false).and_then(|(answer, _)| {
        let Some(mut answer) = answer else {
            return Ok(None);
        };
        if (anew || codecs.is_some()) && may_look(connection) {
            answer.step()?;
            answer.reset();
        }
        Ok(Some(answer))
    });
    let answer = match asked {
        Ok(Some(answer)) => answer,
        // To go on without knowing its codecs could write another value.
        Err(failure) if codecs.is_some() && failure.code & 0xff != ffi::SQLITE_ERROR => {
            return Err(failure);
        }
        // A table that is not there, or not like that, is the statement's affair.
        Ok(None) | Err(_) => {
            return Ok((Vec::new(), codecs.map_or(Watch::Nothing, |_| Watch::Always)));
        }
    };
    let mut uses = Uses::new(&tokens, codecs);
    // Generated columns are among all columns, but not among those that are written.
    if let Some(found) = written
        && (found.columns.is_some() || answer.column_count() == found.width)
    {
        uses.written(&found, &answer);
    }
    if let Some(compared) = &compared {
        uses.compared(compared, connection);
    }
    Ok((uses.targets(), watch(answer, codecs)))
}

/// A SELECT of the columns that are written to, whose plan SQLite invalidates when one of the tables changes.
fn question(written: Option<&Written<'_>>, compared: Option<&Comparisons<'_>>) -> Option<String> {
    let conditions = compared.map(Comparisons::conditions).unwrap_or_default();
    let filter = match conditions.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", conditions.join(" AND ")),
    };
    let Some(found) = written else {
        return (!conditions.is_empty()).then(|| format!("SELECT 1{filter} LIMIT 0"));
    };
    let columns = found.columns.as_ref();
    let columns = columns.map_or_else(|| "*".to_owned(), |names| names.join(", "));
    Some(format!(
        "SELECT {columns} FROM {}{filter} LIMIT 0",
        found.table
    ))
}

/// Without codecs, a value that does not fit is the only one for which it matters.
fn watch(question: Statement, codecs: Option<&Codecs>) -> Watch {
    match codecs {
        None => Watch::Nothing,
        Some(_) => {
            let reprepared = question.reprepared();
            Watch::Question(question, reprepared)
        }
    }
}

/// Whether a look at the file changes nothing: at the beginning of a transaction it would decide what the transaction sees.
fn may_look(connection: &Connection) -> bool {
    connection.is_autocommit()
        || connection
            .transaction_state(None::<&str>)
            .is_ok_and(|state| state != TransactionState::None)
}
