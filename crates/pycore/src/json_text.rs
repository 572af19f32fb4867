//! JSON text of values of the usual Python types, byte for byte as `json.dumps` writes it, without a call of Python.

use std::ffi::{CStr, c_char};
use std::io::Write;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

/// How far values may be inside of each other here. What is in itself has no end.
const DEEPEST: u8 = 64;

/// Appends the text. False: it is left to `json.dumps`, which also says what is wrong, and what was appended is to be dropped.
pub fn append(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> bool {
    nested(value, out, DEEPEST)
}

fn nested(value: &Bound<'_, PyAny>, out: &mut Vec<u8>, deeper: u8) -> bool {
    let Some(deeper) = deeper.checked_sub(1) else {
        return false;
    };
    if let Ok(text) = value.cast_exact::<PyString>() {
        return string(text, out);
    }
    if let Ok(number) = value.cast_exact::<PyInt>() {
        let Ok(number) = number.extract::<i64>() else {
            return false;
        };
        return write!(out, "{number}").is_ok();
    }
    if value.is_none() {
        out.extend_from_slice(b"null");
        return true;
    }
    if let Ok(is) = value.cast_exact::<PyBool>() {
        out.extend_from_slice(if is.is_true() { b"true" } else { b"false" });
        return true;
    }
    if let Ok(dict) = value.cast_exact::<PyDict>() {
        out.push(b'{');
        let mut first = true;
        for (key, item) in dict.iter() {
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            let Ok(key) = key.cast_exact::<PyString>() else {
                return false;
            };
            if !string(key, out) {
                return false;
            }
            out.push(b':');
            if !nested(&item, out, deeper) {
                return false;
            }
        }
        out.push(b'}');
        return true;
    }
    if let Ok(list) = value.cast_exact::<PyList>() {
        return items(list.iter(), out, deeper);
    }
    if let Ok(tuple) = value.cast_exact::<PyTuple>() {
        return items(tuple.iter(), out, deeper);
    }
    value
        .cast_exact::<PyFloat>()
        .is_ok_and(|number| float(number.value(), out))
}

fn items<'py>(
    items: impl Iterator<Item = Bound<'py, PyAny>>,
    out: &mut Vec<u8>,
    deeper: u8,
) -> bool {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        if !nested(&item, out, deeper) {
            return false;
        }
    }
    out.push(b']');
    true
}

fn string(text: &Bound<'_, PyString>, out: &mut Vec<u8>) -> bool {
    // A lone surrogate.
    let Ok(text) = text.to_str() else {
        return false;
    };
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = rest
        .iter()
        .position(|byte| *byte < b' ' || *byte == b'"' || *byte == b'\\')
    {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain);
        let Some((byte, after)) = special.split_first() else {
            break;
        };
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            _ => {
                if write!(out, "\\u{byte:04x}").is_err() {
                    return false;
                }
            }
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
    true
}

/// As `repr` writes it. NaN and infinity are not JSON.
fn float(number: f64, out: &mut Vec<u8>) -> bool {
    if !number.is_finite() {
        return false;
    }
    // SAFETY: the text is a C string of Python's memory, copied before it is given back.
    unsafe {
        let text = ffi::PyOS_double_to_string(
            number,
            b'r'.cast_signed() as c_char,
            0,
            ffi::Py_DTSF_ADD_DOT_0,
            std::ptr::null_mut(),
        );
        if text.is_null() {
            ffi::PyErr_Clear();
            return false;
        }
        out.extend_from_slice(CStr::from_ptr(text).to_bytes());
        ffi::PyMem_Free(text.cast());
    }
    true
}
