//! `Range`s, and lists of them as multiranges.

use std::ops::Bound as End;

use pgwire::types::{multirange, range};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::unwrap::refused;
use super::{Encoded, encode_binary};
use crate::lazy::RANGE;
use crate::pg::types::Range;
use crate::raise::Unfit;

pub(super) fn encode(ty: &Range, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let py = value.py();
    if !value.is_instance(RANGE.get(py)?)? {
        return Err(refused(&ty.name, value, "a ferrow.types.Range"));
    }
    if value.getattr(intern!(py, "isempty"))?.is_truthy()? {
        range::encode_empty(out);
        return Ok(());
    }
    let lower = value.getattr(intern!(py, "lower"))?;
    let upper = value.getattr(intern!(py, "upper"))?;
    let lower = end(
        ty,
        &lower,
        "lower bound",
        value.getattr(intern!(py, "lower_inc"))?.is_truthy()?,
    );
    let upper = end(
        ty,
        &upper,
        "upper bound",
        value.getattr(intern!(py, "upper_inc"))?.is_truthy()?,
    );
    Ok(range::encode(lower, upper, out)?)
}

fn end<'a>(
    ty: &'a Range,
    value: &'a Bound<'_, PyAny>,
    place: &'static str,
    included: bool,
) -> End<impl FnOnce(&mut Vec<u8>) -> Encoded + 'a> {
    if value.is_none() {
        return End::Unbounded;
    }
    let write = move |out: &mut Vec<u8>| {
        encode_binary(&ty.subtype, value, out).map_err(|unfit| unfit.of(place))
    };
    if included {
        End::Included(write)
    } else {
        End::Excluded(write)
    }
}

pub(super) fn encode_several(ty: &Range, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if !(value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>()) {
        return Err(refused(
            &ty.name,
            value,
            "a list or tuple of ferrow.types.Range",
        ));
    }
    let mut writer = multirange::Writer::new(out);
    for (index, item) in value.try_iter()?.enumerate() {
        let item = item?;
        writer
            .push_with(|out| encode(ty, &item, out))
            .map_err(|error| Unfit::from(error).inside(index))?;
    }
    Ok(writer.finish()?)
}
