//! A list as one parameter: JSON text for `IN (SELECT value FROM json_each(?))`.

use std::io::Write;

use pyo3::prelude::*;
use pyo3::types::{PyFrozenSet, PyList, PySet, PyTuple};

use super::encode::{Encoded, encode, refuse, wrong};
use super::uuid_text;
use crate::kinds::Kind;
use crate::sqlite::execution::arena::{Arena, Cell};

/// Elements are stored values: a bool is 0 or 1, a date its text, a blob its hexadecimal digits (for `unhex(value)`).
pub fn list(value: &Bound<'_, PyAny>, kind: Kind, arena: &mut Arena) -> Encoded {
    let known = value.is_instance_of::<PyList>()
        || value.is_instance_of::<PyTuple>()
        || value.is_instance_of::<PySet>()
        || value.is_instance_of::<PyFrozenSet>();
    if !known {
        return wrong(value, Kind::List(&Kind::Any), "use a list, tuple or set");
    }
    let mut elements = Arena::default();
    for (index, item) in value.try_iter()?.enumerate() {
        encode(&item?, kind, &mut elements).map_err(|unfit| unfit.inside(index))?;
    }
    if kind == Kind::Any
        && elements
            .cells()
            .iter()
            .any(|cell| matches!(cell, Cell::Blob(_)))
    {
        return refuse("a list of bytes needs the kind list:bytes");
    }
    arena.write_text(|out| {
        for (index, cell) in elements.cells().iter().enumerate() {
            out.push(if index == 0 { b'[' } else { b',' });
            write_cell(out, *cell, &elements);
        }
        if elements.cells().is_empty() {
            out.push(b'[');
        }
        out.push(b']');
    })?;
    Ok(())
}

fn write_cell(out: &mut Vec<u8>, cell: Cell, arena: &Arena) {
    // Writing to a Vec cannot fail.
    let _ = match cell {
        Cell::Null => out.write_all(b"null"),
        Cell::Int(value) => write!(out, "{value}"),
        // JSON has no infinity, but SQLite reads a number beyond the doubles as one.
        Cell::Float(value) if value.is_infinite() => {
            out.write_all(if value > 0.0 { b"9e999" } else { b"-9e999" })
        }
        Cell::Float(value) => write!(out, "{value:?}"),
        Cell::Text(span) => {
            write_string(out, arena.slice(span));
            Ok(())
        }
        Cell::Blob(span) => {
            out.push(b'"');
            for byte in arena.slice(span) {
                uuid_text::write_hex(out, *byte);
            }
            out.push(b'"');
            Ok(())
        }
    };
}

fn write_string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for byte in text {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            0..0x20 => {
                out.extend_from_slice(b"\\u00");
                uuid_text::write_hex(out, *byte);
            }
            _ => out.push(*byte),
        }
    }
    out.push(b'"');
}
