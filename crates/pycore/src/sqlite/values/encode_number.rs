//! Numbers as parameters.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};

use super::encode::{Encoded, refuse};
use crate::kinds::Kind;
use crate::lazy::DECIMAL;
use crate::plain;
use crate::raise::Unfit;
use crate::sqlite::execution::arena::{Arena, Cell};

/// PostgreSQL's numeric has no more, so what fits here fits there.
const DIGITS_BEFORE_POINT: i64 = 131_072;
const DIGITS_AFTER_POINT: i64 = 16_383;

pub fn int(number: &Bound<'_, PyInt>, kind: Kind, arena: &mut Arena) -> Encoded {
    let Ok(value) = number.extract::<i64>() else {
        return refuse(
            "the int is outside SQLite's range of -2**63 to 2**63-1; a decimal column can hold it",
        );
    };
    if kind == Kind::Oid && u32::try_from(value).is_err() {
        return refuse(format!("{value} is not an oid (0 to 4294967295)"));
    }
    arena.push(Cell::Int(value));
    Ok(())
}

/// A float, or an int or Decimal whose double is exactly it. False for other types.
pub fn float(value: &Bound<'_, PyAny>, arena: &mut Arena) -> Result<bool, Unfit> {
    let py = value.py();
    let double = if let Ok(double) = value.cast::<PyFloat>() {
        double.value()
    } else if value.is_instance_of::<PyBool>() {
        return Ok(false);
    } else if value.is_instance_of::<PyInt>() || value.is_instance(DECIMAL.get(py)?)? {
        match value.extract::<f64>() {
            Ok(double) if double.is_nan() || value.eq(PyFloat::new(py, double))? => double,
            _ => {
                return refuse(format!(
                    "this {} is not exactly a float; use float(value) to round it",
                    value.get_type().name()?
                ));
            }
        }
    } else {
        return Ok(false);
    };
    if double.is_nan() {
        return refuse("NaN is not storable as a float: SQLite would store NULL. Use None");
    }
    arena.push(Cell::Float(double));
    Ok(true)
}

/// A Decimal, an int or a float (as the shortest digits that mean it), as plain text. False for other types.
pub fn decimal(value: &Bound<'_, PyAny>, arena: &mut Arena) -> Result<bool, Unfit> {
    let py = value.py();
    if value.is_instance_of::<PyBool>() {
        return Ok(false);
    }
    if value.is_instance_of::<PyInt>() {
        let bits: i64 = value.call_method0(intern!(py, "bit_length"))?.extract()?;
        // log10(2) is a little over 0.3.
        if bits.saturating_mul(3) / 10 > DIGITS_BEFORE_POINT {
            return refuse(too_long());
        }
        let value = DECIMAL.get(py)?.call1((value,))?;
        return decimal(&value, arena);
    }
    if value.is_instance_of::<PyFloat>() {
        let digits = plain::number_text(value)?.unwrap_or_default();
        return decimal(&DECIMAL.get(py)?.call1((digits,))?, arena);
    }
    if !value.is_instance(DECIMAL.get(py)?)? {
        return Ok(false);
    }
    let value = &plain::decimal(value)?;
    let text = value.str()?;
    let text = text.to_str()?;
    if text.contains(['n', 'N']) && text != "Infinity" && text != "-Infinity" {
        if text.contains(['s', 'S']) {
            return refuse("a signalling NaN cannot be stored; use Decimal('NaN')");
        }
        arena.push_text(b"NaN")?;
        return Ok(true);
    }
    if !text.contains('E') {
        if text.len() > DIGITS_AFTER_POINT as usize {
            check_length(value)?;
        }
        arena.push_text(text.as_bytes())?;
        return Ok(true);
    }
    check_length(value)?;
    let plain = value.call_method1(intern!(py, "__format__"), (intern!(py, "f"),))?;
    let plain = plain.cast::<PyString>().map_err(PyErr::from)?;
    arena.push_text(plain.to_str()?.as_bytes())?;
    Ok(true)
}

/// Refuses what would be a very long text.
fn check_length(value: &Bound<'_, PyAny>) -> Encoded {
    let py = value.py();
    let adjusted: i64 = value.call_method0(intern!(py, "adjusted"))?.extract()?;
    let parts = value.call_method0(intern!(py, "as_tuple"))?;
    let exponent: i64 = parts
        .getattr(intern!(py, "exponent"))?
        .extract()
        .unwrap_or(0);
    if adjusted >= DIGITS_BEFORE_POINT || exponent < -DIGITS_AFTER_POINT {
        return refuse(too_long());
    }
    Ok(())
}

fn too_long() -> String {
    format!(
        "the number has more than {DIGITS_BEFORE_POINT} digits before or {DIGITS_AFTER_POINT} after the decimal point"
    )
}
