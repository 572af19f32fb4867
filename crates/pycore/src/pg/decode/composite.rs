//! Composite values become `Row`s, anonymous records tuples. Both say of which type each of their fields is.

use pgwire::types::record::{self, Record};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::{decode_part, malformed};
use crate::pg::decode::context::{Context, DEEPEST, Missing};
use crate::pg::types::Composite;
use crate::place;
use crate::raise::data_error;
use crate::rows::Row;

pub(super) fn decode<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Composite,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let record = record::decode(bytes).map_err(|error| malformed(py, &error))?;
    if !is_of(&record, ty) {
        context.missing.push(Missing::Type(ty.oid));
        return Err(data_error(
            py,
            format!(
                "the composite type {} is another one than when this connection looked it up; run the statement again",
                ty.name
            ),
        ));
    }
    let mut values = Vec::with_capacity(ty.fields.len());
    for ((_, bytes), field) in record.iter().zip(&ty.fields) {
        let value = decode_part(py, context, &field.ty, bytes)
            .map_err(|error| place::of_field(py, error, &field.name))?;
        values.push(value);
    }
    let row = Row::new(py, &ty.header, &PyTuple::new(py, values)?)?;
    Ok(row.into_any())
}

/// Whether a value has the fields that its type had when it was looked up.
pub(super) fn is_of(record: &Record<'_>, ty: &Composite) -> bool {
    let mut pairs = record.iter().zip(&ty.fields);
    record.len() == ty.fields.len() && pairs.all(|((oid, _), field)| oid == field.oid)
}

/// Nothing but the value itself says how deep it goes.
pub(super) fn decode_record<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    if context.depth >= DEEPEST {
        return Err(data_error(
            py,
            format!("records are nested deeper than {DEEPEST} levels, which is more than is read"),
        ));
    }
    context.depth += 1;
    let record = fields_of_record(py, context, bytes);
    context.depth -= 1;
    record
}

fn fields_of_record<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let record = record::decode(bytes).map_err(|error| malformed(py, &error))?;
    let mut types = Vec::with_capacity(record.len());
    let mut unknown = Vec::new();
    for (oid, _) in record.iter() {
        match context.types.get(py, oid)? {
            Some(ty) => types.push(ty),
            None => unknown.push(oid),
        }
    }
    if let Some(first) = unknown.first().copied() {
        context
            .missing
            .extend(unknown.into_iter().map(Missing::Type));
        return Err(data_error(
            py,
            format!(
                "a record has a field of an unknown type (oid {first}); cast the record to a composite type, or its field to text"
            ),
        ));
    }
    let mut values = Vec::with_capacity(types.len());
    for (index, ((_, bytes), ty)) in record.iter().zip(&types).enumerate() {
        let value = decode_part(py, context, ty, bytes)
            .map_err(|error| place::of_field(py, error, &format!("field {}", index + 1)))?;
        values.push(value);
    }
    Ok(PyTuple::new(py, values)?.into_any())
}
