//! Composite values: by position from a tuple or list, by name from whatever has names.

use std::collections::HashSet;

use pgwire::types::record;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyMapping, PyString, PyTuple, PyType};

use super::unwrap::refused;
use super::{Encoded, encode_binary};
use crate::pg::types::Composite;
use crate::raise::Unfit;
use crate::rows::Row;

pub(super) fn encode(ty: &Composite, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let values = fields(ty, value)?;
    let mut writer = record::Writer::new(out);
    for (field, value) in ty.fields.iter().zip(values) {
        if value.is_none() {
            writer.push_null(field.oid);
            continue;
        }
        writer
            .push_with(field.oid, |out| encode_binary(&field.ty, &value, out))
            .map_err(|error| Unfit::from(error).of(&field.name))?;
    }
    Ok(writer.finish()?)
}

/// The values in the order of the fields.
pub(super) fn fields<'py>(
    ty: &Composite,
    value: &Bound<'py, PyAny>,
) -> Result<Vec<Bound<'py, PyAny>>, Unfit> {
    let py = value.py();
    if let Ok(row) = value.cast::<Row>() {
        return by_name(ty, &row.get().to_dict(py)?);
    }
    if value.is_instance_of::<PyTuple>() || value.is_instance_of::<PyList>() {
        let values = value.try_iter()?.collect::<PyResult<Vec<_>>>()?;
        if values.len() != ty.fields.len() {
            return Err(Unfit::Because(format!(
                "{} has {} fields ({}), {} values were given",
                ty.name,
                ty.fields.len(),
                names(ty),
                values.len()
            )));
        }
        return Ok(values);
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        return by_name(ty, dict);
    }
    if value.cast::<PyMapping>().is_ok() {
        let dict = PyDict::new(py);
        for key in value.call_method0(intern!(py, "keys"))?.try_iter()? {
            let key = key?;
            dict.set_item(&key, value.get_item(&key)?)?;
        }
        return by_name(ty, &dict);
    }
    if is_plain(value) {
        return Err(refused(
            &ty.name,
            value,
            &format!("a tuple, a mapping or an object with {}", names(ty)),
        ));
    }
    attributes(ty, value)
}

fn by_name<'py>(
    ty: &Composite,
    given: &Bound<'py, PyDict>,
) -> Result<Vec<Bound<'py, PyAny>>, Unfit> {
    let mut values = Vec::with_capacity(ty.fields.len());
    for field in &ty.fields {
        match given.get_item(&*field.name)? {
            Some(value) => values.push(value),
            None => return Err(missing(ty, &field.name)),
        }
    }
    if given.len() > ty.fields.len() {
        let known: HashSet<&str> = ty.fields.iter().map(|field| &*field.name).collect();
        for key in given.keys() {
            let name = key.str()?.to_string();
            if !key.is_instance_of::<PyString>() || !known.contains(name.as_str()) {
                return Err(extra(ty, &name));
            }
        }
    }
    Ok(values)
}

/// Of a dataclass, all fields must be known; of another object nobody knows which attributes are meant.
fn attributes<'py>(
    ty: &Composite,
    value: &Bound<'py, PyAny>,
) -> Result<Vec<Bound<'py, PyAny>>, Unfit> {
    let py = value.py();
    if let Some(declared) = value.getattr_opt(intern!(py, "__dataclass_fields__"))? {
        for name in declared.try_iter()? {
            let name = name?.str()?.to_string();
            if !ty.fields.iter().any(|field| *field.name == *name) {
                return Err(extra(ty, &name));
            }
        }
    }
    ty.fields
        .iter()
        .map(|field| {
            value
                .getattr_opt(&*field.name)?
                .ok_or_else(|| missing(ty, &field.name))
        })
        .collect()
}

/// What has attributes, but never those of a row.
fn is_plain(value: &Bound<'_, PyAny>) -> bool {
    let builtin = value
        .get_type()
        .module()
        .is_ok_and(|module| module == "builtins");
    builtin || value.is_instance_of::<PyBytes>() || value.is_instance_of::<PyType>()
}

fn missing(ty: &Composite, name: &str) -> Unfit {
    Unfit::Because(format!(
        "{} has a field {name}, which was not given; its fields are {}",
        ty.name,
        names(ty)
    ))
}

fn extra(ty: &Composite, name: &str) -> Unfit {
    Unfit::Because(format!(
        "{} has no field {name}; its fields are {}",
        ty.name,
        names(ty)
    ))
}

fn names(ty: &Composite) -> String {
    ty.fields
        .iter()
        .map(|field| &*field.name)
        .collect::<Vec<_>>()
        .join(", ")
}
