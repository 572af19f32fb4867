use super::*;
use crate::types::{hex, prefixes_fail};

const ONE: &str = "3ff0000000000000";
const TWO: &str = "4000000000000000";
const THREE: &str = "4008000000000000";
const FOUR: &str = "4010000000000000";

const A: Point = Point { x: 1.0, y: 2.0 };
const B: Point = Point { x: 3.0, y: 4.0 };

#[test]
fn fixed_numbers_of_numbers_as_postgresql_writes_them() {
    let bytes = hex(&[ONE, TWO, THREE, FOUR].concat());
    let mut out = Vec::new();
    encode_point(A, &mut out);
    assert_eq!(decode_point(&out), Ok(A));
    assert_eq!(out, bytes[..16]);

    let mut out = Vec::new();
    encode_lseg([A, B], &mut out);
    assert_eq!(out, bytes);
    assert_eq!(decode_lseg(&bytes), Ok([A, B]));

    // The server puts the upper right corner first.
    let bytes = hex(&[THREE, FOUR, ONE, TWO].concat());
    let mut out = Vec::new();
    encode_box([B, A], &mut out);
    assert_eq!(out, bytes);
    assert_eq!(decode_box(&bytes), Ok([B, A]));

    let bytes = hex(&[ONE, TWO, THREE].concat());
    let mut out = Vec::new();
    encode_circle(A, 3.0, &mut out).unwrap();
    assert_eq!(out, bytes);
    assert_eq!(decode_circle(&bytes), Ok((A, 3.0)));
    out.clear();
    encode_line([1.0, 2.0, 3.0], &mut out).unwrap();
    assert_eq!(out, bytes);
    assert_eq!(decode_line(&bytes), Ok([1.0, 2.0, 3.0]));
    prefixes_fail(&bytes, |bytes| decode_line(bytes).is_ok());
    assert_eq!(
        decode_box(&bytes).unwrap_err().to_string(),
        "box: 24 bytes came, the type has 32"
    );
}

#[test]
fn paths_and_polygons_as_postgresql_writes_them() {
    let points = hex(&["00000002", ONE, TWO, THREE, FOUR].concat());
    for is_closed in [false, true] {
        let mut bytes = vec![u8::from(is_closed)];
        bytes.extend(&points);
        let (closed, back) = decode_path(&bytes).unwrap();
        assert_eq!((closed, back.len()), (is_closed, 2));
        assert_eq!(back.collect::<Vec<_>>(), [A, B]);
        let mut out = Vec::new();
        encode_path(is_closed, &[A, B], &mut out).unwrap();
        assert_eq!(out, bytes);
        prefixes_fail(&bytes, |bytes| decode_path(bytes).is_ok());
    }
    let back = decode_polygon(&points).unwrap();
    assert_eq!(back.collect::<Vec<_>>(), [A, B]);
    let mut out = Vec::new();
    encode_polygon(&[A, B], &mut out).unwrap();
    assert_eq!(out, points);
    prefixes_fail(&points, |bytes| decode_polygon(bytes).is_ok());
}

#[test]
fn what_the_server_would_refuse() {
    let mut out = Vec::new();
    assert!(encode_path(true, &[], &mut out).is_err());
    assert!(encode_polygon(&[], &mut out).is_err());
    assert!(encode_circle(A, -1.0, &mut out).is_err());
    assert!(encode_line([0.0, -1e-7, 1.0], &mut out).is_err());
    assert!(out.is_empty());
    assert!(decode_path(&hex("02 00000000")).is_err());
    assert!(decode_polygon(&hex("ffffffff")).is_err());
    assert!(decode_polygon(&hex("00000000 00")).is_err());
}
