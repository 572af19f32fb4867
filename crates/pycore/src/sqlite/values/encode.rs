//! Python values to stored values, by the kind a parameter was declared with or else by the value itself.
//!
//! A value of another type than the kind asks for is refused rather than adapted: `True` is no int and `"1"` no number. The
//! exceptions lose nothing and are those of PostgreSQL: an int or float for a decimal, an int or Decimal for a float where
//! the double is exact, a number or UUID for a text, the text of a UUID.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyBytes, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyList, PyString, PyTime,
};

use super::{declared, encode_list, encode_number, encode_time, uuid_text};
use crate::json;
use crate::kinds::Kind;
use crate::lazy::{DECIMAL, ENUM, NUMBERS, uuid_type};
use crate::numpy;
use crate::plain::{self, octets};
use crate::raise::{Unfit, shown};
use crate::sqlite::execution::arena::{Arena, Cell, Full};
use crate::surrogate;

pub type Encoded = Result<(), Unfit>;

impl From<Full> for Unfit {
    fn from(_: Full) -> Unfit {
        Unfit::Because("the parameters are over 4 GiB long together".to_owned())
    }
}

pub fn refuse<T>(message: impl Into<String>) -> Result<T, Unfit> {
    Err(Unfit::Because(message.into()))
}

/// The refusal of a value of the wrong type.
pub fn wrong(value: &Bound<'_, PyAny>, kind: Kind, fix: &str) -> Encoded {
    let given = value.get_type();
    let given = given.name()?;
    let separator = if fix.is_empty() { "" } else { ": " };
    refuse(format!(
        "expected {}, got {given} {}{separator}{fix}",
        declared::name(kind),
        shown(value)
    ))
}

#[inline]
pub fn encode(value: &Bound<'_, PyAny>, kind: Kind, arena: &mut Arena) -> Encoded {
    if value.is_none() {
        arena.push(Cell::Null);
        return Ok(());
    }
    match kind {
        Kind::Any => any(value, arena),
        Kind::Json => text(&json::encode(value)?, arena),
        Kind::List(element) => encode_list::list(value, *element, arena),
        _ => match of_kind(value, kind, arena)? {
            true => Ok(()),
            false => member(value, kind, arena),
        },
    }
}

/// False when the value is of another type, which an Enum may wrap.
fn of_kind(value: &Bound<'_, PyAny>, kind: Kind, arena: &mut Arena) -> Result<bool, Unfit> {
    match kind {
        Kind::Text => match value.cast::<PyString>() {
            Ok(string) => text(string, arena)?,
            Err(_) => return text_of(value, arena),
        },
        Kind::Int | Kind::Oid => match plain_int(value) {
            Some(number) => encode_number::int(number, kind, arena)?,
            None => match index(value)? {
                Some(number) => encode_number::int(&number, kind, arena)?,
                None => return Ok(false),
            },
        },
        Kind::Bool => match value.cast::<PyBool>() {
            Ok(truth) => arena.push(Cell::Int(i64::from(truth.is_true()))),
            Err(_) => return Ok(false),
        },
        Kind::Float => return encode_number::float(value, arena),
        Kind::Decimal => return encode_number::decimal(value, arena),
        Kind::Bytes => return Ok(bytes(value, arena)? || array(value, arena)?),
        Kind::Uuid => return uuid(value, arena),
        Kind::Date => return encode_time::date(value, arena),
        Kind::Time => return encode_time::time(value, arena),
        Kind::Timestamp => return encode_time::timestamp(value, arena),
        Kind::TimestampTz => return encode_time::timestamptz(value, arena),
        Kind::Interval => return encode_time::interval(value, arena),
        Kind::Any | Kind::Json | Kind::List(_) | Kind::Custom => return Ok(false),
    }
    Ok(true)
}

/// An int that is not a bool.
fn plain_int<'a, 'py>(value: &'a Bound<'py, PyAny>) -> Option<&'a Bound<'py, PyInt>> {
    if value.is_instance_of::<PyBool>() {
        return None;
    }
    value.cast::<PyInt>().ok()
}

/// The int that an integer of another library, such as NumPy's, is. Arrays have the method too, and raise.
fn index<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyInt>>> {
    let name = intern!(value.py(), "__index__");
    if value.is_instance_of::<PyBool>() || !value.hasattr(name)? {
        return Ok(None);
    }
    Ok(value
        .call_method0(name)
        .ok()
        .and_then(|number| number.cast_into().ok()))
}

/// The Python number of a NumPy scalar. A float32 keeps its digits where they are stored as text, otherwise its exact value, as on
/// PostgreSQL.
fn of_numpy<'py>(value: &Bound<'py, PyAny>, kind: Kind) -> PyResult<Option<Bound<'py, PyAny>>> {
    match numpy::number(value)? {
        Some(float)
            if float.is_instance_of::<PyFloat>() && !matches!(kind, Kind::Text | Kind::Decimal) =>
        {
            value
                .call_method0(intern!(value.py(), "__float__"))
                .map(Some)
        }
        found => Ok(found),
    }
}

/// Encodes the value of an enum member or a NumPy scalar; refuses anything else.
fn member(value: &Bound<'_, PyAny>, kind: Kind, arena: &mut Arena) -> Encoded {
    if value.is_instance(ENUM.get(value.py())?)? {
        return encode(&value.getattr("value")?, kind, arena);
    }
    if let Some(number) = of_numpy(value, kind)? {
        return encode(&number, kind, arena);
    }
    let fix = match kind {
        Kind::Date if value.is_instance_of::<PyDateTime>() => "use its .date()",
        Kind::Timestamp | Kind::TimestampTz if value.is_instance_of::<PyDate>() => {
            "use datetime.combine(value, time.min)"
        }
        Kind::Text | Kind::Bytes
            if value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>() =>
        {
            "encode or decode it"
        }
        _ => "",
    };
    wrong(value, kind, fix)
}

fn any(value: &Bound<'_, PyAny>, arena: &mut Arena) -> Encoded {
    if let Ok(string) = value.cast::<PyString>() {
        return text(string, arena);
    }
    if let Ok(truth) = value.cast::<PyBool>() {
        arena.push(Cell::Int(i64::from(truth.is_true())));
        return Ok(());
    }
    if let Ok(number) = value.cast::<PyInt>() {
        return encode_number::int(number, Kind::Int, arena);
    }
    if value.is_instance_of::<PyFloat>() {
        return encode_number::float(value, arena).map(drop);
    }
    if bytes(value, arena)? {
        return Ok(());
    }
    let py = value.py();
    let kind = if let Ok(at) = value.cast::<PyDateTime>() {
        if encode_time::is_aware(at)? {
            Kind::TimestampTz
        } else {
            Kind::Timestamp
        }
    } else if value.is_instance_of::<PyDate>() {
        Kind::Date
    } else if value.is_instance_of::<PyTime>() {
        Kind::Time
    } else if value.is_instance_of::<PyDict>() || value.is_instance_of::<PyList>() {
        return text(&json::encode(value)?, arena);
    } else if value.is_instance(uuid_type(py)?.class.bind(py))? {
        Kind::Uuid
    } else if value.is_instance(DECIMAL.get(py)?)? {
        Kind::Decimal
    } else if value.is_instance(ENUM.get(py)?)? {
        return encode(&value.getattr("value")?, Kind::Any, arena);
    } else if array(value, arena)? {
        return Ok(());
    } else if let Some(number) = index(value)? {
        return encode_number::int(&number, Kind::Int, arena);
    } else if let Some(number) = of_numpy(value, Kind::Any)? {
        return any(&number, arena);
    } else {
        let given = value.get_type();
        return refuse(format!(
            "a value of type {} cannot be stored; known: None, bool, int, float, Decimal, str, bytes, date, time, datetime, UUID, \
             dict and list (as JSON), Enum",
            given.fully_qualified_name()?
        ));
    };
    encode(value, kind, arena)
}

fn text(string: &Bound<'_, PyString>, arena: &mut Arena) -> Encoded {
    match string.to_str() {
        Ok(text) => Ok(arena.push_text(text.as_bytes())?),
        Err(error) => Err(surrogate::unfit(string.py(), error)),
    }
}

/// The text of what has one obvious text, as PostgreSQL takes it too. False for other types.
fn text_of(value: &Bound<'_, PyAny>, arena: &mut Arena) -> Result<bool, Unfit> {
    let py = value.py();
    if value.is_instance(ENUM.get(py)?)? {
        return Ok(false);
    }
    if let Some(number) = plain::number_text(value)? {
        arena.push_text(number.as_bytes())?;
        return Ok(true);
    }
    if value.is_instance(uuid_type(py)?.class.bind(py))? {
        return uuid(value, arena);
    }
    Ok(false)
}

fn bytes(value: &Bound<'_, PyAny>, arena: &mut Arena) -> Result<bool, Unfit> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        arena.push_blob(bytes.as_bytes())?;
    } else if let Some(bytes) = octets(value)? {
        arena.push_blob(&bytes)?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// An `array.array`, whose owner has chosen how its numbers lie in memory. False for other types.
fn array(value: &Bound<'_, PyAny>, arena: &mut Arena) -> Result<bool, Unfit> {
    if !value.is_instance(NUMBERS.get(value.py())?)? {
        return Ok(false);
    }
    let bytes = value.call_method0("tobytes")?;
    arena.push_blob(bytes.cast::<PyBytes>().map_err(PyErr::from)?.as_bytes())?;
    Ok(true)
}

fn uuid(value: &Bound<'_, PyAny>, arena: &mut Arena) -> Result<bool, Unfit> {
    let py = value.py();
    let bytes = if value.is_instance(uuid_type(py)?.class.bind(py))? {
        value.getattr("int")?.extract::<u128>()?.to_be_bytes()
    } else if let Ok(string) = value.cast::<PyString>() {
        match string
            .to_str()
            .ok()
            .and_then(|text| uuid_text::parse(text.as_bytes()))
        {
            Some(bytes) => bytes,
            None => return refuse("expected uuid, got a str that is not the text of one"),
        }
    } else {
        return Ok(false);
    };
    arena.write_text(|out| uuid_text::write(out, bytes))?;
    Ok(true)
}
