//! Binary codecs, one type per file: pure functions between wire bytes and plain Rust values.
//!
//! `decode` takes the bytes of one value that is not NULL, `encode` appends them. What cannot be
//! encoded is an [`EncodeError`], never another value.

pub mod array;
pub mod bool;
pub mod bytea;
pub mod char;
pub mod civil;
pub mod date;
pub mod float;
pub mod int;
pub mod json;
pub mod numeric;
pub mod oid;
pub mod text;
pub mod time;
pub mod timestamp;
pub mod uuid;

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
