//! The binary format of COPY: a header, tuples that look like rows, and a mark at the end.
//!
//! The stream may be cut anywhere, so "not all of it is here yet" is an answer.

use crate::data_row::{DataRow, Split};
use crate::error::DecodeError;
use crate::limits::MAX_MESSAGE;

const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
/// Says that rows have an oid before their values, which no living server does.
const HAS_OIDS: u32 = 1 << 16;
/// Flags above this one change the format in ways nobody has thought of yet.
const CRITICAL: u32 = 0xffff_0000;

/// What begins a stream: the signature, no flags, no extension.
pub const COPY_HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What ends one.
pub const COPY_TRAILER: &[u8; 2] = &[0xff, 0xff];

/// One step through a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyTuple<'a> {
    /// The values of one row.
    Row(DataRow<'a>),
    /// The last row has been read.
    End,
}

/// Reads over the header: what follows it, None if more bytes are needed.
///
/// # Errors
///
/// [`DecodeError`]: it is none, or of a format unknown here.
pub fn copy_header(bytes: &[u8]) -> Result<Option<&[u8]>, DecodeError> {
    let known = bytes.len().min(SIGNATURE.len());
    if bytes.get(..known) != SIGNATURE.get(..known) {
        return Err(DecodeError::new(
            "a binary COPY begins with PGCOPY, this does not",
        ));
    }
    let Some((flags, rest)) = bytes
        .get(SIGNATURE.len()..)
        .and_then(|rest| rest.split_first_chunk::<4>())
    else {
        return Ok(None);
    };
    let flags = u32::from_be_bytes(*flags);
    if flags & (CRITICAL | HAS_OIDS) != 0 {
        return Err(DecodeError::new(format!(
            "a binary COPY with the flags {flags:#x} is of a format unknown here"
        )));
    }
    let Some((length, rest)) = rest.split_first_chunk::<4>() else {
        return Ok(None);
    };
    let length = usize::try_from(i32::from_be_bytes(*length))
        .ok()
        .filter(|length| *length <= MAX_MESSAGE)
        .ok_or_else(|| DecodeError::new("the header of a binary COPY has an impossible length"))?;
    Ok(rest.get(length..))
}

/// Reads the next tuple and says what follows it; None if more bytes are needed.
///
/// # Errors
///
/// [`DecodeError`]: an impossible count or length.
#[inline]
pub fn copy_tuple(bytes: &[u8]) -> Result<Option<(CopyTuple<'_>, &[u8])>, DecodeError> {
    match DataRow::split(bytes, MAX_MESSAGE) {
        Split::Row(row, rest) => Ok(Some((CopyTuple::Row(row), rest))),
        Split::Short => Ok(None),
        Split::Wrong => match bytes.strip_prefix(COPY_TRAILER) {
            Some(rest) => Ok(Some((CopyTuple::End, rest))),
            None => Err(DecodeError::new(
                "a tuple of a binary COPY has a negative count or length",
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cut_of_a_header_is_only_short() {
        for end in 0..COPY_HEADER.len() {
            assert_eq!(copy_header(&COPY_HEADER[..end]), Ok(None), "{end}");
        }
        assert_eq!(copy_header(COPY_HEADER), Ok(Some(&b""[..])));
        let longer = [&COPY_HEADER[..15], b"\0\0\0\x02xyz"].concat();
        assert_eq!(copy_header(&longer), Ok(Some(&b"z"[..])));
    }

    #[test]
    fn what_is_no_header_is_refused_at_the_first_byte() {
        assert!(copy_header(b"1\t2\n").is_err());
        assert!(copy_header(b"PGCOPX").is_err());
        let oids = [&SIGNATURE[..], &HAS_OIDS.to_be_bytes()].concat();
        assert!(copy_header(&oids).is_err());
        let negative = [&COPY_HEADER[..15], b"\xff\xff\xff\xff"].concat();
        assert!(copy_header(&negative).is_err());
    }

    #[test]
    fn every_cut_of_a_tuple_is_only_short() {
        let tuple = b"\0\x02\0\0\0\x01a\xff\xff\xff\xff";
        for end in 0..tuple.len() {
            assert_eq!(copy_tuple(&tuple[..end]), Ok(None), "{end}");
        }
        let more = [&tuple[..], COPY_TRAILER].concat();
        let Ok(Some((CopyTuple::Row(row), rest))) = copy_tuple(&more) else {
            panic!("no row")
        };
        assert_eq!(row.iter().collect::<Vec<_>>(), [Some(&b"a"[..]), None]);
        assert_eq!(copy_tuple(rest), Ok(Some((CopyTuple::End, &b""[..]))));
    }

    #[test]
    fn impossible_numbers_are_errors() {
        for bytes in [
            &b"\xff\xfe"[..],
            b"\x80\0",
            b"\0\x01\xff\xff\xff\xfe",
            b"\0\x01\x7f\xff\xff\xff",
        ] {
            assert!(copy_tuple(bytes).is_err(), "{bytes:?}");
        }
    }
}
