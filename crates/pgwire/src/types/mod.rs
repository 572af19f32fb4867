//! Binary codecs, one type per file: pure functions between wire bytes and plain Rust values.
//!
//! `decode` takes the bytes of one value that is not NULL, `encode` appends them. What cannot be
//! encoded is an [`EncodeError`], never another value.

pub mod array;
pub mod bit;
pub mod bool;
pub mod bytea;
pub mod char;
pub mod civil;
pub mod composed;
mod counted;
pub mod date;
pub mod float;
pub mod geometric;
pub mod half;
pub mod hstore;
pub mod inet;
pub mod int;
pub mod interval;
pub mod json;
pub mod json_float;
pub mod macaddr;
pub mod moment_text;
pub mod multirange;
pub mod numeric;
pub mod oid;
pub mod pg_lsn;
pub mod pg_snapshot;
pub mod range;
pub mod record;
pub mod sparsevec;
pub mod text;
pub mod tid;
pub mod time;
pub mod timestamp;
pub mod timetz;
pub mod tsquery;
pub mod tsvector;
pub mod uuid;
pub mod vector;
pub mod versioned;
pub mod xid8;

use crate::error::{DecodeError, EncodeError};

/// The bytes of a type that always has the same number of them.
#[inline]
fn exact<const N: usize>(name: &str, bytes: &[u8]) -> Result<[u8; N], DecodeError> {
    bytes
        .try_into()
        .map_err(|_| DecodeError::size(name, N, bytes.len()))
}

#[cold]
fn malformed(name: &str, what: &str) -> DecodeError {
    DecodeError::new(format!("{name}: {what}"))
}

#[cold]
fn unfit(name: &str, value: impl std::fmt::Display, limit: &str) -> EncodeError {
    EncodeError::new(format!("{name}: {value} {limit}"))
}

/// Bytes as the server's `encode(..., 'hex')` shows them, with blanks between the parts.
#[cfg(test)]
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .collect();
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap())
        .collect()
}

/// What ends too early is not a value.
#[cfg(test)]
fn prefixes_fail(bytes: &[u8], is_value: impl Fn(&[u8]) -> bool) {
    for length in 0..bytes.len() {
        assert!(!is_value(&bytes[..length]), "{:?}", &bytes[..length]);
    }
}
