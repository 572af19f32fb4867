//! `hstore`, from a mapping of texts.

use pgwire::types::hstore;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyString};

use super::unwrap::refused;
use super::{Encoded, text};
use crate::raise::Unfit;

pub(super) fn encode(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if value.cast::<PyMapping>().is_err() {
        return Err(refused("hstore", value, "a dict of str to str or None"));
    }
    let mut writer = hstore::Writer::new(out);
    let items = value.call_method0(intern!(value.py(), "items"))?;
    for pair in items.try_iter()? {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair?.extract()?;
        let Ok(key) = key.cast::<PyString>() else {
            return Err(refused("hstore", &key, "str as keys"));
        };
        let key = key.to_str()?;
        text::check(key)?;
        if value.is_none() {
            writer.push(key, None)?;
            continue;
        }
        let Ok(string) = value.cast::<PyString>() else {
            return Err(refused("hstore", &value, "str or None as values"))
                .map_err(|unfit: Unfit| unfit.of(key));
        };
        let string = string.to_str()?;
        text::check(string)?;
        writer.push(key, Some(string))?;
    }
    Ok(writer.finish()?)
}
