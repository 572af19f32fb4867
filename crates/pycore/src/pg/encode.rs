//! Python objects to the bytes of the type that the server described.

use pgwire::types::timestamp::{DateTime, Timestamp};
use pgwire::types::{array, bool, bytea, char, date, float, int, json as pg_json};
use pgwire::types::{numeric, oid, text, time, timestamp, uuid};
use pgwire::{EncodeError, Format, Params, PushError};
use pyo3::buffer::PyBuffer;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyBytes, PyDate, PyDateAccess, PyDateTime, PyDelta, PyDeltaAccess, PyFloat, PyInt,
    PyList, PyString, PyTime, PyTimeAccess, PyTuple, PyTzInfoAccess,
};

use super::ty::{Scalar, Type};
use crate::json;
use crate::lazy::{DECIMAL, ENUM, uuid_type};
use crate::plain::{check_moment, number_text, octets};
use crate::raise::Unfit;

impl From<EncodeError> for Unfit {
    fn from(error: EncodeError) -> Unfit {
        Unfit::Because(error.to_string())
    }
}

type Encoded = Result<(), Unfit>;

/// Adds one parameter.
pub fn encode(
    py: Python<'_>,
    ty: Type,
    value: &Bound<'_, PyAny>,
    params: &mut Params,
) -> Result<(), PushError<Unfit>> {
    if value.is_none() {
        return params.push_null().map_err(PushError::Refused);
    }
    match ty {
        Type::Scalar(scalar) => {
            if takes_text(scalar)
                && let Ok(text) = value.cast::<PyString>()
            {
                return push_text(params, text);
            }
            params.push_with(Format::Binary, |out| encode_scalar(scalar, value, out))
        }
        Type::Array {
            element,
            element_oid,
        } => params.push_with(Format::Binary, |out| {
            encode_array(element, element_oid, value, out)
        }),
        Type::Void => params.push_with(Format::Text, |_| {
            Err(Unfit::Because("void takes no value; pass None".to_owned()))
        }),
        Type::Other(type_oid) => {
            let _ = py;
            params.push_with(Format::Text, |out| encode_other(type_oid, value, out))
        }
    }
}

/// Types whose text form the server parses strictly, so that a str is as good as the Python type.
fn takes_text(scalar: Scalar) -> bool {
    matches!(
        scalar,
        Scalar::Date | Scalar::Time | Scalar::Timestamp | Scalar::TimestampTz | Scalar::Uuid
    )
}

fn push_text(params: &mut Params, text: &Bound<'_, PyString>) -> Result<(), PushError<Unfit>> {
    params.push_with(Format::Text, |out| {
        out.extend_from_slice(text.to_str()?.as_bytes());
        Ok(())
    })
}

fn encode_scalar(scalar: Scalar, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    match scalar {
        Scalar::Bool => match value.cast::<PyBool>() {
            Ok(value) => {
                bool::encode(value.is_true(), out);
                Ok(())
            }
            Err(_) => other(scalar, value, "bool", out),
        },
        Scalar::Int2 => {
            int::encode2(
                integer(scalar, value, i16::MIN.into(), i16::MAX.into())? as i16,
                out,
            );
            Ok(())
        }
        Scalar::Int4 => {
            int::encode4(
                integer(scalar, value, i32::MIN.into(), i32::MAX.into())? as i32,
                out,
            );
            Ok(())
        }
        Scalar::Int8 => {
            int::encode8(integer(scalar, value, i64::MIN, i64::MAX)?, out);
            Ok(())
        }
        Scalar::Oid => {
            oid::encode(integer(scalar, value, 0, u32::MAX.into())? as u32, out);
            Ok(())
        }
        Scalar::Float8 => {
            float::encode8(number(scalar, value)?, out);
            Ok(())
        }
        Scalar::Float4 => {
            let wide = number(scalar, value)?;
            let narrow = wide as f32;
            // As the server has it for text: no infinity and no zero is made of another number.
            if (wide.is_finite() && narrow.is_infinite()) || (wide != 0.0 && narrow == 0.0) {
                return Err(Unfit::Because(format!("{wide:?} is out of range for real")));
            }
            // A float is rounded to a shorter one, as everywhere; a number that was exact so far is not.
            if !value.is_instance_of::<PyFloat>() && wide.is_finite() && f64::from(narrow) != wide {
                return Err(inexact(scalar, value));
            }
            float::encode4(narrow, out);
            Ok(())
        }
        Scalar::Text => encode_text(value, out),
        Scalar::Char => match value.extract::<&str>().ok().map(str::as_bytes) {
            Some([code]) => {
                char::encode(*code, out);
                Ok(())
            }
            _ => other(scalar, value, "a str of one ASCII character", out),
        },
        Scalar::Bytea => encode_bytes(value, out),
        Scalar::Date => encode_date(value, out),
        Scalar::Time => encode_time(value, out),
        Scalar::Timestamp => encode_timestamp(value, out),
        Scalar::TimestampTz => encode_timestamptz(value, out),
        Scalar::Uuid => encode_uuid(value, out),
        Scalar::Numeric => encode_numeric(value, out),
        Scalar::Json => {
            pg_json::encode(json::encode(value)?.to_str()?.as_bytes(), out);
            Ok(())
        }
        Scalar::Jsonb => {
            pg_json::encode_b(json::encode(value)?.to_str()?.as_bytes(), out);
            Ok(())
        }
    }
}

/// An Enum member stands for its value; anything else is refused.
fn other(scalar: Scalar, value: &Bound<'_, PyAny>, expected: &str, out: &mut Vec<u8>) -> Encoded {
    match enum_value(value)? {
        Some(inner) => encode_scalar(scalar, &inner, out),
        None => Err(refused(scalar.name(), value, expected)),
    }
}

fn enum_value<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if value.is_instance(ENUM.get(value.py())?)? {
        return value.getattr(intern!(value.py(), "value")).map(Some);
    }
    Ok(None)
}

fn refused(name: &str, value: &Bound<'_, PyAny>, expected: &str) -> Unfit {
    let kind = value
        .get_type()
        .name()
        .map_or_else(|_| "object".to_owned(), |name| name.to_string());
    let mut shown = value
        .repr()
        .map_or_else(|_| String::new(), |text| text.to_string());
    if shown.chars().count() > 60 {
        shown = shown.chars().take(57).chain("...".chars()).collect();
    }
    Unfit::Because(format!("{name} takes {expected}, not {kind} {shown}"))
}

fn integer(scalar: Scalar, value: &Bound<'_, PyAny>, low: i64, high: i64) -> Result<i64, Unfit> {
    let py = value.py();
    if value.is_instance_of::<PyBool>() {
        return Err(refused(scalar.name(), value, "int"));
    }
    let number = if value.is_instance_of::<PyInt>() {
        value.clone()
    } else if let Some(inner) = enum_value(value)? {
        return integer(scalar, &inner, low, high);
    } else if value.hasattr(intern!(py, "__index__"))? {
        value.call_method0(intern!(py, "__index__"))?
    } else {
        return Err(refused(scalar.name(), value, "int"));
    };
    match number.extract::<i64>() {
        Ok(number) if (low..=high).contains(&number) => Ok(number),
        _ => Err(Unfit::Because(format!(
            "{} is out of range for {} ({low} to {high})",
            // Python refuses to print very long ones.
            number
                .str()
                .map_or_else(|_| "the int".to_owned(), |text| text.to_string()),
            scalar.name()
        ))),
    }
}

fn inexact(scalar: Scalar, value: &Bound<'_, PyAny>) -> Unfit {
    Unfit::Because(format!(
        "{value} is not exact as {}; round it yourself: float(value)",
        scalar.name()
    ))
}

fn number(scalar: Scalar, value: &Bound<'_, PyAny>) -> Result<f64, Unfit> {
    if let Ok(float) = value.cast::<PyFloat>() {
        return Ok(float.value());
    }
    if value.is_instance_of::<PyBool>() {
        return Err(refused(scalar.name(), value, "float or int"));
    }
    let py = value.py();
    if value.is_instance_of::<PyInt>() || value.is_instance(DECIMAL.get(py)?)? {
        let float = value.call_method0(intern!(py, "__float__"))?;
        // 2**53 + 1 and Decimal("0.1") have no float that equals them; NaN never equals anything.
        if float.eq(value)? || value.ne(value)? {
            return Ok(float.extract()?);
        }
        return Err(inexact(scalar, value));
    }
    match enum_value(value)? {
        Some(inner) => number(scalar, &inner),
        None if value.hasattr(intern!(py, "__float__"))? => {
            Ok(value.call_method0(intern!(py, "__float__"))?.extract()?)
        }
        None => Err(refused(scalar.name(), value, "float or int")),
    }
}

/// Text takes what has one obvious text form; `1` becomes `'1'`.
fn encode_text(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let py = value.py();
    if let Ok(string) = value.cast::<PyString>() {
        // A member of a str Enum stands for its value like every other Enum member.
        if string.is_exact_instance_of::<PyString>() {
            text::encode(string.to_str()?, out);
            return Ok(());
        }
        return match enum_value(value)? {
            Some(inner) => encode_text(&inner, out),
            None => {
                text::encode(string.to_str()?, out);
                Ok(())
            }
        };
    }
    if let Some(inner) = enum_value(value)? {
        return encode_text(&inner, out);
    }
    if let Some(number) = number_text(value)? {
        text::encode(&number, out);
        return Ok(());
    }
    if value.is_instance(uuid_type(py)?.class.bind(py))? {
        text::encode(value.str()?.to_str()?, out);
        return Ok(());
    }
    Err(refused("text", value, "str"))
}

fn encode_bytes(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        bytea::encode(bytes.as_bytes(), out);
        return Ok(());
    }
    if let Some(bytes) = octets(value)? {
        bytea::encode(&bytes, out);
        return Ok(());
    }
    // Others that lend bytes: array.array("B"), mmap, numpy.
    match PyBuffer::<u8>::get(value) {
        Ok(buffer) => {
            bytea::encode(&buffer.to_vec(value.py())?, out);
            Ok(())
        }
        Err(_) => other(Scalar::Bytea, value, "bytes, bytearray or memoryview", out),
    }
}

fn encode_date(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if value.is_instance_of::<PyDateTime>() {
        return Err(refused(
            "date",
            value,
            "date, and would lose the time of a datetime; pass value.date()",
        ));
    }
    match value.cast::<PyDate>() {
        Ok(day) => Ok(date::encode(
            date::Date::Finite {
                year: day.get_year(),
                month: day.get_month(),
                day: day.get_day(),
            },
            out,
        )?),
        Err(_) => other(Scalar::Date, value, "date", out),
    }
}

fn encode_time(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let Ok(at) = value.cast::<PyTime>() else {
        return other(Scalar::Time, value, "time", out);
    };
    if at.get_tzinfo().is_some() {
        return Err(refused("time", value, "a time without a zone"));
    }
    let micros = time::join(
        at.get_hour(),
        at.get_minute(),
        at.get_second(),
        at.get_microsecond(),
    );
    Ok(time::encode(micros.unwrap_or(-1), out)?)
}

fn micros(at: &Bound<'_, PyDateTime>) -> Result<i64, Unfit> {
    timestamp::join(DateTime {
        year: at.get_year(),
        month: at.get_month(),
        day: at.get_day(),
        hour: at.get_hour(),
        minute: at.get_minute(),
        second: at.get_second(),
        microsecond: at.get_microsecond(),
    })
    .ok_or_else(|| Unfit::Because(format!("{at} is out of range for timestamp")))
}

fn encode_timestamp(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let Ok(at) = value.cast::<PyDateTime>() else {
        return other(Scalar::Timestamp, value, "datetime", out);
    };
    check_moment(at)?;
    if at.get_tzinfo().is_some() {
        return Err(refused(
            "timestamp",
            value,
            "a datetime without a zone (declare the column as timestamp with time zone, or pass value.replace(tzinfo=None))",
        ));
    }
    Ok(timestamp::encode(Timestamp::Finite(micros(at)?), out)?)
}

fn encode_timestamptz(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let Ok(at) = value.cast::<PyDateTime>() else {
        return other(Scalar::TimestampTz, value, "datetime", out);
    };
    check_moment(at)?;
    let offset = value.call_method0(intern!(value.py(), "utcoffset"))?;
    let Ok(offset) = offset.cast::<PyDelta>() else {
        return Err(refused(
            "timestamp with time zone",
            value,
            "a datetime with a zone (datetime.now(timezone.utc), or value.replace(tzinfo=...))",
        ));
    };
    let shift = (i64::from(offset.get_days()) * 86_400 + i64::from(offset.get_seconds()))
        * 1_000_000
        + i64::from(offset.get_microseconds());
    Ok(timestamp::encode(
        Timestamp::Finite(micros(at)? - shift),
        out,
    )?)
}

fn encode_uuid(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let py = value.py();
    if value.is_instance(uuid_type(py)?.class.bind(py))? {
        let number: u128 = value.getattr(intern!(py, "int"))?.extract()?;
        uuid::encode(number.to_be_bytes(), out);
        return Ok(());
    }
    match value.extract::<[u8; 16]>() {
        Ok(bytes) if value.is_instance_of::<PyBytes>() => {
            uuid::encode(bytes, out);
            Ok(())
        }
        _ => other(Scalar::Uuid, value, "UUID or str", out),
    }
}

fn encode_numeric(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    // Of a float, the shortest digits that mean it, as PostgreSQL itself converts double precision.
    if let Some(number) = number_text(value)? {
        let text = match number.as_str() {
            "nan" => "NaN",
            "inf" => "Infinity",
            "-inf" => "-Infinity",
            text => text,
        };
        return Ok(numeric::encode(text, out)?);
    }
    other(Scalar::Numeric, value, "Decimal, int or float", out)
}

fn encode_array(
    element: Scalar,
    element_oid: pgwire::Oid,
    value: &Bound<'_, PyAny>,
    out: &mut Vec<u8>,
) -> Encoded {
    if !(value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>()) {
        return Err(refused(
            &format!("{}[]", element.name()),
            value,
            "a list or tuple",
        ));
    }
    let mut writer = array::Writer::new(element_oid, out);
    for (index, item) in value.try_iter()?.enumerate() {
        let item = item?;
        if item.is_none() {
            writer.push_null();
            continue;
        }
        writer
            .push_with(|out| encode_element(element, &item, out))
            .map_err(|error| match error {
                PushError::Refused(refused) => Unfit::Because(refused.message),
                PushError::Encode(Unfit::Because(reason)) => {
                    Unfit::Because(format!("element {index}: {reason}"))
                }
                PushError::Encode(raised) => raised,
            })?;
    }
    writer
        .finish()
        .map_err(|refused| Unfit::Because(refused.message))
}

/// Elements are binary throughout, so text forms are parsed here.
fn encode_element(element: Scalar, item: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if takes_text(element) && item.is_instance_of::<PyString>() {
        let py = item.py();
        let parsed = match element {
            Scalar::Uuid => uuid_type(py)?.class.bind(py).call1((item,))?,
            Scalar::Date => py
                .get_type::<PyDate>()
                .call_method1("fromisoformat", (item,))?,
            Scalar::Time => py
                .get_type::<PyTime>()
                .call_method1("fromisoformat", (item,))?,
            _ => py
                .get_type::<PyDateTime>()
                .call_method1("fromisoformat", (item,))?,
        };
        return encode_scalar(element, &parsed, out);
    }
    encode_scalar(element, item, out)
}

fn encode_other(type_oid: pgwire::Oid, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if let Some(inner) = enum_value(value)? {
        return encode_other(type_oid, &inner, out);
    }
    if let Ok(string) = value.cast::<PyString>() {
        text::encode(string.to_str()?, out);
        return Ok(());
    }
    if let Some(number) = number_text(value)? {
        text::encode(&number, out);
        return Ok(());
    }
    Err(refused(
        &format!("the PostgreSQL type with oid {type_oid}"),
        value,
        "its text form as str",
    ))
}
