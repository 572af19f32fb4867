//! Arrays of one dimension.

use pgwire::types::array;
use pgwire::{Oid, PushError};
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateTime, PyList, PyString, PyTime, PyTuple};

use super::unwrap::refused;
use super::{Encoded, scalar, takes_text};
use crate::lazy::uuid_type;
use crate::pg::ty::Scalar;
use crate::raise::Unfit;

pub(super) fn encode(
    element: Scalar,
    element_oid: Oid,
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
            .push_with(|out| encode_item(element, &item, out))
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
pub(super) fn encode_item(element: Scalar, item: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
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
        return scalar::encode(element, &parsed, out);
    }
    scalar::encode(element, item, out)
}
