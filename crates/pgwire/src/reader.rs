//! The one reader: it knows at every step what remains, and indexes nothing.

use memchr::memchr;

use crate::error::DecodeError;

pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) const fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Everything that is left.
    pub(crate) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    #[inline]
    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (chunk, rest) = self.rest.split_first_chunk::<N>().ok_or_else(short)?;
        self.rest = rest;
        Ok(*chunk)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, DecodeError> {
        self.chunk().map(u8::from_be_bytes)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, DecodeError> {
        self.chunk().map(u16::from_be_bytes)
    }

    pub(crate) fn i16(&mut self) -> Result<i16, DecodeError> {
        self.chunk().map(i16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, DecodeError> {
        self.chunk().map(u32::from_be_bytes)
    }

    pub(crate) fn i32(&mut self) -> Result<i32, DecodeError> {
        self.chunk().map(i32::from_be_bytes)
    }

    /// A count that the wire writes as a signed 16-bit number.
    pub(crate) fn count(&mut self) -> Result<u16, DecodeError> {
        u16::try_from(self.i16()?).map_err(|_| DecodeError::new("a count is negative"))
    }

    /// Bytes up to a NUL, which is taken too.
    pub(crate) fn cstr(&mut self) -> Result<&'a [u8], DecodeError> {
        let end = memchr(0, self.rest).ok_or_else(|| DecodeError::new("a string has no end"))?;
        let (text, rest) = self.rest.split_at_checked(end).ok_or_else(short)?;
        self.rest = rest.get(1..).unwrap_or_default();
        Ok(text)
    }

    /// The same, as UTF-8.
    pub(crate) fn text(&mut self) -> Result<&'a str, DecodeError> {
        std::str::from_utf8(self.cstr()?).map_err(|_| DecodeError::new("a string is not UTF-8"))
    }

    /// Nothing may be left.
    pub(crate) fn end(&self) -> Result<(), DecodeError> {
        match self.remaining() {
            0 => Ok(()),
            bytes => Err(DecodeError::new(format!("{bytes} bytes too many"))),
        }
    }
}

#[cold]
fn short() -> DecodeError {
    DecodeError::new("it ends too early")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_stops_where_the_bytes_do() {
        let mut reader = Reader::new(b"\0\x05ab\0\xff");
        assert_eq!(reader.count(), Ok(5));
        assert_eq!(reader.cstr(), Ok(&b"ab"[..]));
        assert!(reader.end().is_err());
        assert!(reader.i16().is_err());
        assert!(reader.cstr().is_err());
        assert_eq!(reader.u8(), Ok(255));
        assert_eq!((reader.end(), reader.remaining()), (Ok(()), 0));
    }
}
