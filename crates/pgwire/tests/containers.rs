//! Values made of other values: what is written is read again, what is read is written again byte
//! for byte, and no byte string makes a decoder panic.

use std::borrow::Cow;
use std::ops::Bound;

use pgwire::PushError;
use pgwire::types::{array, hstore, multirange, oid, range, record, sparsevec, vector};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

type Append<'a> = Box<dyn FnOnce(&mut Vec<u8>) -> Result<(), ()> + 'a>;

fn append<'a>(bytes: &'a [u8]) -> Append<'a> {
    Box::new(move |out| {
        out.extend_from_slice(bytes);
        Ok(())
    })
}

fn write_range(value: range::Range<'_>, out: &mut Vec<u8>) -> Result<(), PushError<()>> {
    match value {
        range::Range::Empty => range::encode_empty(out),
        range::Range::Bounds { lower, upper } => {
            range::encode(lower.map(append), upper.map(append), out)?;
        }
    }
    Ok(())
}

fn write_multirange(value: multirange::Multirange<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = multirange::Writer::new(&mut out);
    for part in value {
        writer.push_with(|out| write_range(part, out)).unwrap();
    }
    writer.finish().unwrap();
    out
}

fn write_record<'a>(fields: impl IntoIterator<Item = (u32, Option<&'a [u8]>)>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = record::Writer::new(&mut out);
    for (oid, value) in fields {
        match value {
            None => writer.push_null(oid),
            Some(value) => writer.push_with(oid, append(value)).unwrap(),
        }
    }
    writer.finish().unwrap();
    out
}

fn write_hstore<'a>(pairs: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = hstore::Writer::new(&mut out);
    for (key, value) in pairs {
        writer.push(key, value).unwrap();
    }
    writer.finish().unwrap();
    out
}

fn bound() -> impl Strategy<Value = Bound<Vec<u8>>> {
    prop_oneof![
        Just(Bound::Unbounded),
        vec(any::<u8>(), 0..20).prop_map(Bound::Included),
        vec(any::<u8>(), 0..20).prop_map(Bound::Excluded),
    ]
}

fn as_slices<'a>((lower, upper): &'a (Bound<Vec<u8>>, Bound<Vec<u8>>)) -> range::Range<'a> {
    range::Range::Bounds {
        lower: lower.as_ref().map(Vec::as_slice),
        upper: upper.as_ref().map(Vec::as_slice),
    }
}

fn noise() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..40),
        vec(prop_oneof![Just(0), 0..4_u8, Just(24), Just(255)], 0..60),
    ]
}

proptest! {
    #[test]
    fn arrays_keep_their_shape(
        shape in vec((1..4_usize, -5..5_i32), 1..=6),
        some in vec(option::of(any::<[u8; 2]>()), 1..20),
    ) {
        let shape: Vec<_> = shape
            .into_iter()
            .map(|(length, lower_bound)| array::Dimension { length, lower_bound })
            .collect();
        let count = shape.iter().map(|dimension| dimension.length).product();
        let values: Vec<_> = some.iter().cycle().take(count).collect();
        let mut out = Vec::new();
        let mut writer = array::Writer::shaped(oid::INT2, &shape, &mut out).unwrap();
        for value in &values {
            match value {
                None => writer.push_null(),
                Some(value) => writer.push_with(append(value)).unwrap(),
            }
        }
        writer.finish().unwrap();
        let back = array::decode(&out).unwrap();
        prop_assert_eq!(back.dimensions(), shape);
        let back: Vec<_> = back.iter().collect();
        let values: Vec<_> = values.iter().map(|v| v.as_ref().map(|v| &v[..])).collect();
        prop_assert_eq!(back, values);
        prop_assert!(array::decode(&out[..out.len() - 1]).is_err());
    }

    #[test]
    fn array_literals_make_the_round_trip(
        elements in vec(option::of(".{0,6}|[\\\\\"{}, NULnul]{0,6}"), 1..8),
    ) {
        let mut text = "{".to_owned();
        for element in &elements {
            if text.len() > 1 {
                text.push(',');
            }
            match element {
                None => text.push_str("NULL"),
                Some(element) => array::literal::quote(element, &mut text),
            }
        }
        text.push('}');
        let back = array::literal::parse(&text, ',').unwrap();
        let back: Vec<_> = back.elements.into_iter().map(|e| e.map(Cow::into_owned)).collect();
        prop_assert_eq!(back, elements);
        for (end, _) in text.char_indices() {
            prop_assert!(array::literal::parse(&text[..end], ',').is_err());
        }
    }

    #[test]
    fn any_text_is_an_array_literal_or_an_error(text in "[{}\"\\\\, a\\[\\]=:0-3\\-]{0,16}") {
        if let Ok(literal) = array::literal::parse(&text, ',') {
            let shape = literal.dimensions.iter().map(|dimension| dimension.length);
            let count = if literal.dimensions.is_empty() { 0 } else { shape.product() };
            prop_assert_eq!(literal.elements.len(), count);
        }
    }

    #[test]
    fn ranges_make_the_round_trip(values in vec((bound(), bound()), 0..8)) {
        let mut out = Vec::new();
        let mut writer = multirange::Writer::new(&mut out);
        for value in &values {
            writer.push_with(|out| write_range(as_slices(value), out)).unwrap();
        }
        writer.finish().unwrap();
        let back: Vec<_> = multirange::decode(&out).unwrap().iter().collect();
        prop_assert_eq!(back, values.iter().map(as_slices).collect::<Vec<_>>());
        for end in 0..out.len() {
            prop_assert!(multirange::decode(&out[..end]).is_err());
        }
    }

    #[test]
    fn records_make_the_round_trip(
        fields in vec((any::<u32>(), option::of(vec(any::<u8>(), 0..20))), 0..10),
    ) {
        let fields: Vec<_> = fields.iter().map(|(oid, value)| (*oid, value.as_deref())).collect();
        let out = write_record(fields.iter().copied());
        prop_assert_eq!(record::decode(&out).unwrap().iter().collect::<Vec<_>>(), fields);
        for end in 0..out.len() {
            prop_assert!(record::decode(&out[..end]).is_err());
        }
    }

    #[test]
    fn hstores_make_the_round_trip(
        pairs in btree_map(".{0,6}", option::of(".{0,6}"), 0..6),
    ) {
        let pairs: Vec<_> = pairs.iter().map(|(key, value)| (&key[..], value.as_deref())).collect();
        let out = write_hstore(pairs.iter().copied());
        prop_assert_eq!(hstore::decode(&out).unwrap().iter().collect::<Vec<_>>(), pairs);
        for end in 0..out.len() {
            prop_assert!(hstore::decode(&out[..end]).is_err());
        }
    }

    #[test]
    fn vectors_make_the_round_trip(
        values in vec(prop::num::f32::NORMAL | prop::num::f32::ZERO, 1..20),
        sparse in btree_map(0..1000_u32, prop::num::f32::NORMAL, 0..20),
    ) {
        let mut out = Vec::new();
        vector::encode(&values, &mut out).unwrap();
        prop_assert_eq!(vector::decode(&out).unwrap().collect::<Vec<_>>(), values);
        let mut out = Vec::new();
        let sparse: Vec<_> = sparse.into_iter().collect();
        sparsevec::encode(1000, &sparse, &mut out).unwrap();
        prop_assert_eq!(sparsevec::decode(&out).unwrap().iter().collect::<Vec<_>>(), sparse);
    }

    #[test]
    fn no_byte_string_is_fatal_and_what_is_read_is_written_again(noise in noise()) {
        if let Ok(value) = range::decode(&noise) {
            let mut out = Vec::new();
            write_range(value, &mut out).unwrap();
            prop_assert_eq!(&out, &noise);
        }
        if let Ok(value) = multirange::decode(&noise) {
            prop_assert_eq!(value.iter().count(), value.len());
            prop_assert_eq!(&write_multirange(value), &noise);
        }
        if let Ok(value) = record::decode(&noise) {
            prop_assert_eq!(value.iter().count(), value.len());
            prop_assert_eq!(&write_record(value), &noise);
        }
        if let Ok(value) = hstore::decode(&noise) {
            prop_assert_eq!(value.iter().count(), value.len());
            prop_assert_eq!(&write_hstore(value), &noise);
        }
        let _ = vector::decode(&noise).map(Iterator::count);
        let _ = vector::decode_half(&noise).map(Iterator::count);
        let _ = sparsevec::decode(&noise).map(|value| value.iter().count());
    }
}
