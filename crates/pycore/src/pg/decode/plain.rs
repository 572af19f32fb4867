//! What travels as text everywhere but inside of a record: there it comes as whatever the server sends in binary.

use pgwire::DecodeError;
use pgwire::types::{tsquery, tsvector};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::malformed;
use crate::pg::decode::context::{Context, Missing};
use crate::pg::types::{Plain, Sent};
use crate::raise::data_error;

pub(super) fn decode_part<'py>(
    py: Python<'py>,
    context: &mut Context<'_>,
    ty: &Plain,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    match ty.sent {
        Sent::Text => super::text(py, bytes),
        Sent::TsVector => written(py, tsvector::decode(bytes)),
        Sent::TsQuery => written(py, tsquery::decode(bytes)),
        Sent::Bytes(_) => match context.texts.and_then(|texts| texts.get(ty.oid, bytes)) {
            Some(text) => Ok(PyString::new(py, text).into_any()),
            None => {
                context.missing.push(Missing::Text);
                Err(unwritten(py, ty, "and in a COPY there is nobody to ask"))
            }
        },
        Sent::Opaque => Err(unwritten(py, ty, "which it does not take back")),
    }
}

fn written(py: Python<'_>, text: Result<String, DecodeError>) -> PyResult<Bound<'_, PyAny>> {
    let text = text.map_err(|error| malformed(py, &error))?;
    Ok(PyString::new(py, &text).into_any())
}

#[cold]
fn unwritten(py: Python<'_>, ty: &Plain, why: &str) -> PyErr {
    data_error(
        py,
        format!(
            "a record holds a value of the type {} (oid {}), which only the server can write as text, {why}: cast it to text, \
             or the record to a composite type",
            ty.name, ty.oid
        ),
    )
}
