//! The types that every server has, under the same numbers.

use std::collections::HashMap;
use std::sync::LazyLock;

use pgwire::Oid;
use pgwire::types::oid;

use super::{Definition, Entry, Scalar, Sent};

type Entries = HashMap<Oid, Entry, ahash::RandomState>;

/// Numbers below this one are the same everywhere.
const FIRST_OF_DATABASE: Oid = 10_000;

static ENTRIES: LazyLock<Entries> = LazyLock::new(|| {
    (0..FIRST_OF_DATABASE)
        .filter_map(|type_oid| {
            let name = oid::name(type_oid)?;
            let entry = Entry {
                schema: "pg_catalog".into(),
                name: name.into(),
                definition: definition(type_oid),
            };
            Some((type_oid, entry))
        })
        .collect()
});

pub fn entry(type_oid: Oid) -> Option<&'static Entry> {
    ENTRIES.get(&type_oid)
}

fn definition(type_oid: Oid) -> Definition {
    if let Some(scalar) = Scalar::of(type_oid) {
        return Definition::Scalar(scalar);
    }
    if let Some(element) = element(type_oid) {
        return Definition::Array {
            element,
            delimiter: if element == oid::BOX { b';' } else { b',' },
        };
    }
    if let Some(subtype) = oid::range_bound(type_oid) {
        return Definition::Range(subtype);
    }
    if let Some(subtype) = oid::multirange_range(type_oid).and_then(oid::range_bound) {
        return Definition::Multirange(subtype);
    }
    match type_oid {
        oid::VOID => Definition::Void,
        oid::RECORD => Definition::Record,
        _ => Definition::Text(Sent::of_builtin(type_oid)),
    }
}

fn element(type_oid: Oid) -> Option<Oid> {
    match type_oid {
        oid::INT2VECTOR => Some(oid::INT2),
        oid::OIDVECTOR => Some(oid::OID),
        _ => oid::array_element(type_oid),
    }
}

/// Where the indexes of an array type begin.
pub fn lower_bound(type_oid: Oid) -> i32 {
    match type_oid {
        oid::INT2VECTOR | oid::OIDVECTOR => 0,
        _ => 1,
    }
}
