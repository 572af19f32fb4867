//! What is encoded comes back, and no byte string makes a decoder panic.

use pgwire::types::{
    array, bit, bool, bytea, char, civil, date, float, geometric, inet, int, interval, json,
    macaddr, numeric, oid, pg_lsn, pg_snapshot, text, tid, time, timestamp, timetz, uuid,
    versioned, xid8,
};
use proptest::prelude::*;

fn bytes(encode: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    encode(&mut out);
    out
}

fn plain(bytes: &[u8]) -> String {
    let mut text = String::new();
    numeric::decode(bytes, &mut text).unwrap();
    text
}

/// The reference for numerics: decimal places moved about in a string.
fn reference(negative: bool, whole: &str, fraction: &str, exponent: i32) -> String {
    let mut digits = format!("{whole}{fraction}");
    let mut point = i32::try_from(whole.len()).unwrap() + exponent;
    while point < 1 {
        digits.insert(0, '0');
        point += 1;
    }
    let point = usize::try_from(point).unwrap();
    while digits.len() < point {
        digits.push('0');
    }
    let (whole, fraction) = digits.split_at(point);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let is_zero = digits.bytes().all(|digit| digit == b'0');
    let sign = if negative && !is_zero { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

proptest! {
    #[test]
    fn fixed_sizes_make_the_round_trip(
        a: i16, b: i32, c: i64, d: u32, e: u64, f: u32, g: [u8; 16], h: bool, i: u8,
    ) {
        prop_assert_eq!(int::decode2(&bytes(|out| int::encode2(a, out))), Ok(a));
        prop_assert_eq!(int::decode4(&bytes(|out| int::encode4(b, out))), Ok(b));
        prop_assert_eq!(int::decode8(&bytes(|out| int::encode8(c, out))), Ok(c));
        prop_assert_eq!(oid::decode(&bytes(|out| oid::encode(d, out))), Ok(d));
        let float8 = float::decode8(&bytes(|out| float::encode8(f64::from_bits(e), out)));
        prop_assert_eq!(float8.map(f64::to_bits), Ok(e));
        let float4 = float::decode4(&bytes(|out| float::encode4(f32::from_bits(f), out)));
        prop_assert_eq!(float4.map(f32::to_bits), Ok(f));
        prop_assert_eq!(uuid::decode(&bytes(|out| uuid::encode(g, out))), Ok(g));
        prop_assert_eq!(bool::decode(&bytes(|out| bool::encode(h, out))), Ok(h));
        prop_assert_eq!(char::decode(&bytes(|out| char::encode(i, out))), Ok(i));
    }

    #[test]
    fn texts_make_the_round_trip(value: String) {
        let raw = value.as_bytes();
        let encoded = bytes(|out| text::encode(&value, out));
        prop_assert_eq!(text::decode(&encoded), Ok(&value[..]));
        let encoded = bytes(|out| bytea::encode(raw, out));
        prop_assert_eq!(bytea::decode(&encoded), Ok(raw));
        let encoded = bytes(|out| json::encode(raw, out));
        prop_assert_eq!(json::decode(&encoded), Ok(raw));
        let encoded = bytes(|out| json::encode_b(raw, out));
        prop_assert_eq!(json::decode_b(&encoded), Ok(raw));
    }

    #[test]
    fn days_and_moments_make_the_round_trip(days: i32, micros: i64, of_day in 0..=time::DAY) {
        let (year, month, day) = civil::from_days(days);
        prop_assert_eq!(civil::to_days(year, month, day), Some(days));
        if days != i32::MIN && days != i32::MAX {
            let value = date::Date::Finite { year, month, day };
            prop_assert_eq!(date::decode(&bytes(|out| date::encode(value, out).unwrap())), Ok(value));
        }
        prop_assert_eq!(timestamp::join(timestamp::split(micros)), Some(micros));
        let (hour, minute, second, microsecond) = time::split(of_day).unwrap();
        prop_assert_eq!(time::join(hour, minute, second, microsecond), Some(of_day));
        prop_assert_eq!(time::decode(&bytes(|out| time::encode(of_day, out).unwrap())), Ok(of_day));
    }

    #[test]
    fn intervals_and_times_with_a_zone_make_the_round_trip(
        parts: [u8; 16], micros in 0..=time::DAY, offset in -57_599..57_600_i32,
    ) {
        let value = interval::decode(&parts).unwrap();
        prop_assert_eq!(bytes(|out| interval::encode(value, out).unwrap()), parts);
        let value = timetz::TimeTz { micros, offset };
        let encoded = bytes(|out| timetz::encode(value, out).unwrap());
        prop_assert_eq!(timetz::decode(&encoded), Ok(value));
    }

    #[test]
    fn addresses_make_the_round_trip(
        address: std::net::IpAddr, prefix in 0..=128_u8, words in proptest::array::uniform8(0..3_u16),
    ) {
        for address in [address, words.into()] {
            let prefix = if address.is_ipv4() { prefix % 33 } else { prefix };
            let value = inet::Inet { address, prefix, is_cidr: false };
            let encoded = bytes(|out| inet::encode(value, out).unwrap());
            prop_assert_eq!(inet::decode(&encoded), Ok(value));
            prop_assert_eq!(inet::parse(&value.to_string(), false), Ok(value));
            let mask = (-1_i128).cast_unsigned().checked_shl(128 - u32::from(prefix)).unwrap_or(0);
            let network = match address {
                std::net::IpAddr::V4(_) => continue,
                std::net::IpAddr::V6(address) => address.to_bits() & mask,
            };
            let value = inet::Inet {
                address: std::net::Ipv6Addr::from_bits(network).into(), prefix, is_cidr: true,
            };
            let encoded = bytes(|out| inet::encode(value, out).unwrap());
            prop_assert_eq!(inet::decode(&encoded), Ok(value));
            prop_assert_eq!(inet::parse(&value.to_string(), true), Ok(value));
        }
    }

    #[test]
    fn values_written_as_text_make_the_round_trip(
        bits in "[01]{0,40}", six: [u8; 6], eight: [u8; 8], number: u64, block: u32, offset: u16,
    ) {
        let encoded = bytes(|out| bit::encode(&bits, out).unwrap());
        prop_assert_eq!(bit::decode(&encoded), Ok(bits));
        prop_assert_eq!(macaddr::parse(&macaddr::text(&six)), Ok(six));
        prop_assert_eq!(macaddr::parse8(&macaddr::text(&eight)), Ok(eight));
        prop_assert_eq!(pg_lsn::parse(&pg_lsn::text(number)), Ok(number));
        prop_assert_eq!(xid8::decode(&bytes(|out| xid8::encode(number, out))), Ok(number));
        let value = tid::Tid { block, offset };
        prop_assert_eq!(tid::parse(&value.to_string()), Ok(value));
        prop_assert_eq!(tid::decode(&bytes(|out| tid::encode(value, out))), Ok(value));
    }

    #[test]
    fn any_text_is_a_value_or_an_error(text in "[-+0-9a-f:./(),]{0,24}") {
        let _ = (bit::encode(&text, &mut Vec::new()), inet::parse(&text, true));
        let _ = (macaddr::parse(&text), macaddr::parse8(&text));
        let _ = (pg_lsn::parse(&text), tid::parse(&text));
    }

    #[test]
    fn dates_that_are_put_together_exist(year: i32, month: u8, day: u8) {
        if let Some(days) = civil::to_days(year, month, day) {
            prop_assert_eq!(civil::from_days(days), (year, month, day));
        }
    }

    #[test]
    fn numerics_are_what_their_text_says(
        negative: bool, whole in "[0-9]{0,40}", fraction in "[0-9]{0,40}", exponent in -60..60_i32,
        zeros in 0..12_usize,
    ) {
        prop_assume!(!whole.is_empty() || !fraction.is_empty());
        let fraction = format!("{}{fraction}{}", "0".repeat(zeros), "0".repeat(zeros / 2));
        let sign = if negative { "-" } else { "" };
        let text = format!("{sign}{whole}.{fraction}e{exponent}");
        let encoded = bytes(|out| numeric::encode(&text, out).unwrap());
        let expected = reference(negative, &whole, &fraction, exponent);
        prop_assert_eq!(plain(&encoded), &expected[..]);
        // Plain text and any other spelling are the same value, byte for byte.
        prop_assert_eq!(bytes(|out| numeric::encode(&expected, out).unwrap()), encoded);
    }

    #[test]
    fn any_text_is_a_numeric_or_an_error(text in "[-+0-9.eEnaifty]{0,12}") {
        let mut out = vec![7];
        if numeric::encode(&text, &mut out).is_ok() {
            plain(&out[1..]);
        } else {
            prop_assert_eq!(out, [7]);
        }
    }

    #[test]
    fn arrays_make_the_round_trip(
        values in proptest::collection::vec(
            proptest::option::of(proptest::collection::vec(any::<u8>(), 0..20)), 0..20,
        ),
    ) {
        let encoded = bytes(|out| {
            let mut writer = array::Writer::new(oid::BYTEA, out);
            for value in &values {
                match value {
                    None => writer.push_null(),
                    Some(value) => writer.push_with(|out| {
                        bytea::encode(value, out);
                        Ok::<(), ()>(())
                    }).unwrap(),
                }
            }
            writer.finish().unwrap();
        });
        let array = array::decode(&encoded).unwrap();
        prop_assert_eq!(array.element(), oid::BYTEA);
        prop_assert_eq!(array.len(), values.len());
        prop_assert_eq!(array.dimensions().len(), usize::from(!values.is_empty()));
        let back: Vec<_> = array.iter().map(|value| value.map(<[u8]>::to_vec)).collect();
        prop_assert_eq!(back, values);
    }

    #[test]
    fn no_byte_string_is_fatal(
        noise in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..40),
            proptest::collection::vec(prop_oneof![Just(0), 0..4_u8, Just(255)], 0..60),
        ],
    ) {
        let _ = (bool::decode(&noise), char::decode(&noise), oid::decode(&noise));
        let _ = (int::decode2(&noise), int::decode4(&noise), int::decode8(&noise));
        let _ = (float::decode4(&noise), float::decode8(&noise), uuid::decode(&noise));
        let _ = (text::decode(&noise), json::decode_b(&noise), time::decode(&noise));
        let _ = (date::decode(&noise), timestamp::decode(&noise));
        let _ = (interval::decode(&noise), timetz::decode(&noise));
        let _ = (macaddr::decode(&noise), macaddr::decode8(&noise), pg_lsn::decode(&noise));
        let _ = (tid::decode(&noise), xid8::decode(&noise), versioned::decode("", &noise));
        let _ = (geometric::decode_path(&noise), geometric::decode_polygon(&noise));
        let _ = (geometric::decode_box(&noise), geometric::decode_circle(&noise));
        if let Ok(value) = pg_snapshot::decode(&noise) {
            prop_assert_eq!(&bytes(|out| pg_snapshot::encode(&value, out).unwrap()), &noise);
        }
        if let Ok(value) = bit::decode(&noise) {
            prop_assert_eq!(&bytes(|out| bit::encode(&value, out).unwrap()), &noise);
        }
        let _ = inet::decode(&noise).map(|value| value.to_string());
        let mut text = String::new();
        if numeric::decode(&noise, &mut text).is_ok() {
            let mut out = Vec::new();
            let again = numeric::encode(&text, &mut out);
            prop_assert!(again.is_ok() || text.len() > 131_000, "{}", text);
        }
        if let Ok(array) = array::decode(&noise) {
            prop_assert_eq!(array.iter().count(), array.len());
        }
    }
}
