//! What a column can hold: a value that would be read back as another one is refused.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyFloat, PyInt, PyString};

use super::declared::{self, Affinity};
use super::encode::{Encoded, encode, refuse};
use crate::kinds::Kind;
use crate::lazy::DECIMAL;
use crate::raise::Unfit;
use crate::sqlite::execution::arena::{Arena, Cell};
use crate::{plain, values};

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

/// How a value that a column can hold is stored.
pub enum Fitting<'py> {
    As(Kind),
    /// A decimal, as this text.
    Digits(Bound<'py, PyString>),
    /// A decimal, as this float.
    Double(f64),
}

/// SQLite makes a double of a number with more digits, or of one that is larger or smaller than these powers of ten.
const EXACT_DIGITS: usize = 15;
const EXACT_POWER: i64 = 300;

/// Up to here all integers are doubles.
const EXACT_WHOLE: u64 = 1 << 53;

impl Fit {
    /// None for a declared type whose columns take every value as it is.
    pub fn of(declared: Option<&str>) -> Option<Fit> {
        match declared::kind(declared) {
            kind @ (Kind::Date | Kind::Timestamp | Kind::TimestampTz) => Some(Fit::Moment(kind)),
            // A word such as TEXT gives a column another affinity.
            Kind::Decimal if declared::is_numeric(declared.unwrap_or_default()) => {
                Some(Fit::Number)
            }
            _ => declared.and_then(Fit::of_numbers),
        }
    }

    fn of_numbers(declared: &str) -> Option<Fit> {
        match declared::affinity(declared) {
            // In a STRICT table, which nothing here tells, it is any value as it comes.
            _ if declared.eq_ignore_ascii_case("ANY") => None,
            Affinity::Numeric | Affinity::Integer => Some(Fit::Loose),
            Affinity::Real => Some(Fit::Real),
            Affinity::Other => None,
        }
    }

    /// Appends a value that was given without a kind, or as a decimal. `weighed`: it is compared before SQLite makes a number of it,
    /// to which every text is greater.
    pub fn append(
        self,
        value: &Bound<'_, PyAny>,
        kind: Kind,
        weighed: bool,
        arena: &mut Arena,
    ) -> Encoded {
        let (kind, is_decimal) = match self.fitting(value)? {
            Fitting::As(fitting) if kind == Kind::Any => (fitting, fitting == Kind::Decimal),
            Fitting::As(_) => (kind, kind == Kind::Decimal),
            Fitting::Digits(text) => {
                arena.push_text(text.to_str()?.as_bytes())?;
                if weighed {
                    arena.count_last();
                }
                return Ok(());
            }
            Fitting::Double(double) => {
                arena.push(Cell::Float(double));
                return Ok(());
            }
        };
        encode(value, kind, arena)?;
        if weighed && is_decimal && !matches!(self, Fit::Moment(_)) {
            arena.count_last();
        }
        Ok(())
    }

    /// How a value is stored. Only of the types that SQLite would change are some refused here.
    pub fn fitting<'py>(self, value: &Bound<'py, PyAny>) -> Result<Fitting<'py>, Unfit> {
        match self {
            Fit::Moment(kind) if value.is_instance_of::<PyDateTime>() => Ok(Fitting::As(kind)),
            Fit::Loose if value.is_exact_instance_of::<PyInt>() => Ok(Fitting::As(Kind::Any)),
            Fit::Real if value.is_instance_of::<PyInt>() => match value.extract::<i64>() {
                Ok(number) if number.unsigned_abs() > EXACT_WHOLE => whole(value),
                _ => Ok(Fitting::As(Kind::Any)), // what is beyond 64 bits is refused when it is encoded
            },
            Fit::Number | Fit::Loose | Fit::Real
                if value.is_instance(DECIMAL.get(value.py())?)? =>
            {
                self.decimal(value)
            }
            Fit::Number if value.is_instance_of::<PyInt>() && value.extract::<i64>().is_err() => {
                self.too_long()
            }
            _ => Ok(Fitting::As(Kind::Any)),
        }
    }

    fn decimal<'py>(self, value: &Bound<'py, PyAny>) -> Result<Fitting<'py>, Unfit> {
        let text = plain::decimal(value)?.str()?;
        // Most are short, and taking them apart would cost as much as storing them.
        if is_short(text.to_str()?) {
            return Ok(Fitting::Digits(text));
        }
        let py = value.py();
        let parts = value.call_method0(intern!(py, "as_tuple"))?;
        let Ok(exponent) = parts.getattr(intern!(py, "exponent"))?.extract::<i64>() else {
            return Ok(Fitting::As(Kind::Decimal)); // NaN and infinity stay texts
        };
        // 0.50 has one digit: the zeros at the end are lost, as documented, and change no number.
        let digits: Vec<u8> = parts.getattr(intern!(py, "digits"))?.extract()?;
        let significant = digits
            .iter()
            .rposition(|digit| *digit != 0)
            .map_or(0, |at| at + 1);
        let power = exponent.saturating_add(digits.len() as i64);
        if significant == 0 || (significant <= EXACT_DIGITS && power.abs() <= EXACT_POWER) {
            return Ok(Fitting::As(Kind::Decimal));
        }
        // An integer of 64 bits is stored as one.
        if self != Fit::Real
            && exponent == 0
            && value
                .call_method0(intern!(py, "__int__"))?
                .extract::<i64>()
                .is_ok()
        {
            return Ok(Fitting::As(Kind::Decimal));
        }
        let double: f64 = value.extract()?;
        let double = PyFloat::new(py, double);
        let is_kept = match self {
            Fit::Real => value.eq(&double)? || is_shown(&double, value)?,
            // Such as Decimal(0.1). One that is only shown as it would become another integer where it is whole.
            Fit::Loose => value.eq(&double)?,
            // It gives back the decimal that the float shows.
            Fit::Number | Fit::Moment(_) => false,
        };
        match is_kept {
            true => Ok(Fitting::Double(double.value())),
            false => self.too_long(),
        }
    }

    fn too_long<T>(self) -> Result<T, Unfit> {
        refuse(match self {
            Fit::Real => "the column is one of floats, and none is this decimal or is shown with its digits. Declare the column as \
                 DECIMAL_TEXT, which keeps every digit, or use float(value) to round it"
                .to_owned(),
            _ => format!(
                "the column is one of numbers, of which SQLite keeps {EXACT_DIGITS} digits: this value has more, or is out of \
                 range. Declare the column as DECIMAL_TEXT, which keeps every digit, or round the value"
            ),
        })
    }
}

/// Whether a decimal is written without an exponent, and has no more digits than SQLite keeps whatever they are.
fn is_short(text: &str) -> bool {
    text.len() <= EXACT_DIGITS + 2
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-'))
        && text.bytes().filter(u8::is_ascii_digit).count() <= EXACT_DIGITS
}

/// Whether the shortest digits that mean this float are those of the decimal, as 0.1 is not exactly the float 0.1.
fn is_shown(double: &Bound<'_, PyFloat>, decimal: &Bound<'_, PyAny>) -> PyResult<bool> {
    let digits = double.repr()?;
    values::decimal(double.py(), digits.to_str()?)?.eq(decimal)
}

/// An integer whose double is exactly it.
fn whole<'py>(value: &Bound<'_, PyAny>) -> Result<Fitting<'py>, Unfit> {
    let double: f64 = value.extract()?;
    if value.eq(PyFloat::new(value.py(), double))? {
        return Ok(Fitting::As(Kind::Any));
    }
    refuse(
        "the column is one of floats, and this int is not exactly a float; use float(value) to round it",
    )
}
