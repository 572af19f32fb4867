//! JSON text to Python objects and back.

use jiter::{FloatMode, JsonErrorType, PartialMode, PythonParse, StringCacheMode, map_json_error};
use pgwire::types::json_float;
use pyo3::exceptions::{PyRecursionError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyString};

use crate::lazy::{JSON_DUMPS, JSON_LOADS};
use crate::raise::{Unfit, concerns_value, data_error};
use crate::{json_fault, json_text};

/// Numbers become int or float as `json.loads` makes them; integers of any size stay exact.
pub fn decode<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    parsed(py, text)?.map_err(|reason| unparsable(py, &reason))
}

/// As `decode`, with the reason where the text does not parse. Other errors (KeyboardInterrupt, MemoryError) are raised.
pub fn parsed<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Result<Bound<'py, PyAny>, String>> {
    let parsed = PythonParse {
        allow_inf_nan: false,
        cache_mode: StringCacheMode::Keys,
        partial_mode: PartialMode::Off,
        catch_duplicate_keys: false,
        float_mode: FloatMode::Float,
    }
    .python_parse(py, text);
    match parsed {
        Ok(value) => Ok(Ok(value)),
        Err(error) if error.error_type == JsonErrorType::RecursionLimitExceeded => deep(py, text),
        Err(error) => {
            let reason = map_json_error(text, &error).to_string();
            Ok(Err(if is_half_a_pair(&error.error_type) {
                reason + LONE
            } else {
                reason
            }))
        }
    }
}

/// JSON's grammar, and PostgreSQL's `json`, let an escape stand for half of a surrogate pair, which is no character.
fn is_half_a_pair(error: &JsonErrorType) -> bool {
    matches!(
        error,
        JsonErrorType::LoneLeadingSurrogateInHexEscape | JsonErrorType::UnexpectedEndOfHexEscape
    )
}

const LONE: &str = "; half of a surrogate pair is no character, and no str should have one: select it as text (::text) and see what is \
     to become of it";

/// JSON nested deeper than jiter's 200 levels, which our encoder writes: read by `json.loads`, to Python's own limit.
#[cold]
fn deep<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Result<Bound<'py, PyAny>, String>> {
    let strictly = PyDict::new(py);
    let refuse = PyCFunction::new_closure(py, None, None, |args, _| -> PyResult<()> {
        Err(PyValueError::new_err(format!("{args} is not JSON")))
    })?;
    strictly.set_item(intern!(py, "parse_constant"), refuse)?;
    let text = PyString::from_bytes(py, text);
    let loaded = text.and_then(|text| JSON_LOADS.get(py)?.call((text,), Some(&strictly)));
    loaded.map(Ok).or_else(|error| {
        let here = error.is_instance_of::<PyValueError>(py)
            || error.is_instance_of::<PyRecursionError>(py);
        if here {
            Ok(Err(error.value(py).to_string()))
        } else {
            Err(error)
        }
    })
}

#[cold]
fn unparsable(py: Python<'_>, reason: &str) -> PyErr {
    data_error(
        py,
        format!("the database sent a JSON value that does not parse: {reason}"),
    )
}

/// JSON text of a Python value, as the standard library's encoder writes it. NaN and infinity are not JSON and are refused,
/// and so is what the encoder would silently turn into something else.
pub fn encode<'py>(value: &Bound<'py, PyAny>) -> Result<Bound<'py, PyString>, Unfit> {
    let mut text = Vec::new();
    if json_text::append(value, &mut text)
        && let Ok(text) = std::str::from_utf8(&text)
    {
        return Ok(PyString::new(value.py(), text));
    }
    dumped(value)
}

/// A document's text for a jsonb, as our own wire sends it: floats stay floats.
#[pyfunction]
#[pyo3(signature = (text, /))]
pub fn jsonb_text(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    json_float::with_places(&mut bytes, 0);
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Appends what `encode` gives. Where that is an error, what was appended is to be dropped.
pub fn append(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Result<(), Unfit> {
    let start = out.len();
    if !json_text::append(value, out) {
        out.truncate(start);
        out.extend_from_slice(dumped(value)?.to_str()?.as_bytes());
    }
    Ok(())
}

fn dumped<'py>(value: &Bound<'py, PyAny>) -> Result<Bound<'py, PyString>, Unfit> {
    let py = value.py();
    let options = PyDict::new(py);
    options.set_item(intern!(py, "ensure_ascii"), false)?;
    options.set_item(intern!(py, "allow_nan"), false)?;
    options.set_item(intern!(py, "separators"), (",", ":"))?;
    match JSON_DUMPS.get(py)?.call((value,), Some(&options)) {
        // JSON's keys are strings. `json.dumps` writes `{1: 2}` as `{"1": 2}`, which comes back as another dict, and
        // `{1: 2, "1": 3}` with a key twice, of which the database keeps one. It has been everywhere, so what is looked at now is
        // neither too deep nor in itself.
        Ok(text) => match json_fault::of(value, usize::MAX)? {
            Some(fault) => Err(unwritable(fault)),
            None => Ok(text.cast_into::<PyString>().map_err(PyErr::from)?),
        },
        Err(error) => Err(match json_fault::of(value, json_fault::DEEPEST) {
            Ok(Some(fault)) if concerns_value(py, &error) => unwritable(fault),
            _ => Unfit::raised(py, error, UNWRITABLE),
        }),
    }
}

const UNWRITABLE: &str = "cannot be written as JSON: ";

fn unwritable(fault: String) -> Unfit {
    Unfit::Because(format!("{UNWRITABLE}{fault}"))
}
