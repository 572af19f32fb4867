//! A stored list to a Python list: what `encode_list` writes, read back.

use jiter::JsonValue;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::decode::convert;
use crate::json;
use crate::kinds::Kind;
use crate::sqlite::execution::arena::{Arena, Cell};

/// None when the text is no list of such elements.
pub fn list<'py>(
    py: Python<'py>,
    text: &[u8],
    element: Kind,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if element == Kind::Any {
        let decoded = json::parsed(py, text)?.ok();
        return Ok(decoded.filter(|decoded| decoded.is_instance_of::<PyList>()));
    }
    let Ok(JsonValue::Array(items)) = JsonValue::parse(text, false) else {
        return Ok(None);
    };
    let list = PyList::empty(py);
    let mut arena = Arena::default();
    for item in items.iter() {
        arena.clear();
        let cell = push(item, element, &mut arena).and_then(|()| arena.cells().first().copied());
        let value = match cell {
            None => None,
            Some(Cell::Null) => Some(py.None().into_bound(py)),
            Some(cell) => convert(py, cell, element, &arena)?,
        };
        let Some(value) = value else {
            return Ok(None);
        };
        list.append(value)?;
    }
    Ok(Some(list.into_any()))
}

fn push(item: &JsonValue<'_>, element: Kind, arena: &mut Arena) -> Option<()> {
    match item {
        JsonValue::Null => arena.push(Cell::Null),
        JsonValue::Bool(value) => arena.push(Cell::Int(i64::from(*value))),
        JsonValue::Int(value) => arena.push(Cell::Int(*value)),
        JsonValue::Float(value) => arena.push(Cell::Float(*value)),
        JsonValue::Str(text) if element == Kind::Bytes => arena.push_blob(&unhex(text)?).ok()?,
        JsonValue::Str(text) => arena.push_text(text.as_bytes()).ok()?,
        JsonValue::BigInt(_) | JsonValue::Array(_) | JsonValue::Object(_) => return None,
    }
    Some(())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| {
            digit
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}
