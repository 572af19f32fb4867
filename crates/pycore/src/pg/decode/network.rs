//! Types whose Python value is the text that the server writes: addresses, bits, positions, versioned texts.

use pgwire::DecodeError;
use pgwire::types::{bit, inet, macaddr, pg_lsn, pg_snapshot, tid, versioned};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::malformed;
use crate::pg::types::Scalar;

pub(super) fn decode<'py>(
    py: Python<'py>,
    scalar: Scalar,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let text = text(scalar, bytes).map_err(|error| malformed(py, &error))?;
    match text {
        Some(text) => Ok(PyString::new(py, &text).into_any()),
        None => super::text(py, bytes),
    }
}

/// None for what is text as it is.
fn text(scalar: Scalar, bytes: &[u8]) -> Result<Option<String>, DecodeError> {
    Ok(Some(match scalar {
        Scalar::Inet | Scalar::Cidr => inet::decode(bytes)?.to_string(),
        Scalar::MacAddr => macaddr::text(&macaddr::decode(bytes)?),
        Scalar::MacAddr8 => macaddr::text(&macaddr::decode8(bytes)?),
        Scalar::Bit | Scalar::VarBit => bit::decode(bytes)?,
        Scalar::PgLsn => pg_lsn::text(pg_lsn::decode(bytes)?),
        Scalar::PgSnapshot => pg_snapshot::decode(bytes)?,
        Scalar::Tid => tid::decode(bytes)?.to_string(),
        Scalar::JsonPath | Scalar::Ltree | Scalar::Lquery | Scalar::Ltxtquery => {
            versioned::decode(scalar.name(), bytes)?.to_owned()
        }
        _ => return Ok(None),
    }))
}
