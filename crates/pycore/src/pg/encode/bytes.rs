//! `bytea`, from whatever lends its bytes.

use pgwire::types::bytea;
use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::Encoded;
use super::unwrap::member;
use crate::pg::types::Scalar;
use crate::plain::octets;

pub(super) fn encode(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
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
        Err(_) => member(Scalar::Bytea, value, "bytes, bytearray or memoryview", out),
    }
}
