//! `uuid`, from a UUID or its 16 bytes; its text is the server's to read.

use pgwire::types::uuid;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::Encoded;
use super::unwrap::member;
use crate::lazy::uuid_type;
use crate::pg::types::Scalar;

pub(super) fn encode(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
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
        _ => member(Scalar::Uuid, value, "UUID or str", out),
    }
}
