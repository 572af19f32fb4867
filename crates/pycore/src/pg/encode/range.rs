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

pub(super) const LOWER: &str = "lower bound";
pub(super) const UPPER: &str = "upper bound";

/// What a range goes from and to; None is without end.
pub(super) struct Ends<'py> {
    pub lower: Bound<'py, PyAny>,
    pub upper: Bound<'py, PyAny>,
    pub lower_inc: bool,
    pub upper_inc: bool,
}

impl<'py> Ends<'py> {
    /// None for the range that contains nothing.
    pub fn of(ty: &Range, value: &Bound<'py, PyAny>) -> Result<Option<Ends<'py>>, Unfit> {
        let py = value.py();
        if !value.is_instance(RANGE.get(py)?)? {
            return Err(refused(&ty.name, value, "a ferrow.types.Range"));
        }
        if value.getattr(intern!(py, "isempty"))?.is_truthy()? {
            return Ok(None);
        }
        Ok(Some(Ends {
            lower: value.getattr(intern!(py, "lower"))?,
            upper: value.getattr(intern!(py, "upper"))?,
            lower_inc: value.getattr(intern!(py, "lower_inc"))?.is_truthy()?,
            upper_inc: value.getattr(intern!(py, "upper_inc"))?.is_truthy()?,
        }))
    }
}

pub(super) fn encode(ty: &Range, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let Some(ends) = Ends::of(ty, value)? else {
        range::encode_empty(out);
        return Ok(());
    };
    let lower = end(ty, &ends.lower, LOWER, ends.lower_inc);
    let upper = end(ty, &ends.upper, UPPER, ends.upper_inc);
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

pub(super) fn check_several(ty: &Range, value: &Bound<'_, PyAny>) -> Encoded {
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        return Ok(());
    }
    Err(refused(
        &ty.name,
        value,
        "a list or tuple of ferrow.types.Range",
    ))
}

pub(super) fn encode_several(ty: &Range, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    check_several(ty, value)?;
    let mut writer = multirange::Writer::new(out);
    for (index, item) in value.try_iter()?.enumerate() {
        let item = item?;
        writer
            .push_with(|out| encode(ty, &item, out))
            .map_err(|error| Unfit::from(error).inside(index))?;
    }
    Ok(writer.finish()?)
}
