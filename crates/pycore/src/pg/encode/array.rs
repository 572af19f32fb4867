//! Arrays, of as many dimensions as the lists are deep.

use pgwire::types::array;
use pyo3::prelude::*;

use super::depth::Shape;
use super::{Encoded, encode_binary};
use crate::pg::types::Array;

pub(super) fn encode(ty: &Array, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    let shape = Shape::of(ty, value)?;
    let mut writer = array::Writer::shaped(ty.element_oid, &shape.dimensions, out)?;
    level(ty, shape.dimensions.len(), value, &mut writer)?;
    Ok(writer.finish()?)
}

fn level(
    ty: &Array,
    depth: usize,
    value: &Bound<'_, PyAny>,
    writer: &mut array::Writer<'_>,
) -> Encoded {
    for (index, item) in value.try_iter()?.enumerate() {
        let item = item?;
        if depth > 1 {
            level(ty, depth - 1, &item, writer)?;
        } else if item.is_none() {
            writer.push_null();
        } else {
            writer
                .push_with(|out| encode_binary(&ty.element, &item, out))
                .map_err(|error| crate::raise::Unfit::from(error).inside(index))?;
        }
    }
    Ok(())
}
