//! The columns of a result (`RowDescription`).

use crate::Oid;
use crate::error::DecodeError;
use crate::format::Format;
use crate::limits::MAX_PARAMETERS;
use crate::reader::Reader;

/// One column of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name the statement gives it; not necessarily unique in a result.
    pub name: String,
    /// The table it comes from, 0 if it is not a plain table column.
    pub table_oid: Oid,
    /// Its attribute number in that table, else 0.
    pub column_number: i16,
    /// The type.
    pub type_oid: Oid,
    /// Bytes of the type, negative if variable.
    pub type_size: i16,
    /// What the type was declared with (the 100 of VARCHAR(100), encoded), -1 for nothing.
    pub type_modifier: i32,
    /// The format its values will come in; always text where a statement is only described.
    pub format: Format,
}

/// Reads the body of a `RowDescription`.
pub(crate) fn parse(body: &[u8]) -> Result<Vec<Column>, DecodeError> {
    let mut reader = Reader::new(body);
    let count = reader.count()?;
    // A column is at least 19 bytes long, so a count that lies cannot reserve much.
    let mut columns = Vec::with_capacity(usize::from(count).min(reader.remaining() / 19));
    for _ in 0..count {
        columns.push(Column {
            name: String::from_utf8_lossy(reader.cstr()?).into_owned(),
            table_oid: reader.u32()?,
            column_number: reader.i16()?,
            type_oid: reader.u32()?,
            type_size: reader.i16()?,
            type_modifier: reader.i32()?,
            format: Format::from_code(reader.u16()?)
                .ok_or_else(|| DecodeError::new("a format code is neither 0 nor 1"))?,
        });
    }
    reader.end()?;
    Ok(columns)
}

/// Reads the body of a `ParameterDescription`.
pub(crate) fn parse_parameters(body: &[u8]) -> Result<Vec<Oid>, DecodeError> {
    let mut reader = Reader::new(body);
    let count = usize::from(reader.u16()?);
    let there = reader.remaining() / 4;
    // A server lets a statement have more, and counts them modulo 65,536; that none can be bound is said later.
    let wrapped = there > MAX_PARAMETERS && there % (MAX_PARAMETERS + 1) == count;
    let count = if wrapped { there } else { count };
    let mut types = Vec::with_capacity(count.min(there));
    for _ in 0..count {
        types.push(reader.u32()?);
    }
    reader.end()?;
    Ok(types)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"\0\x01name\0\0\0\x40\x01\0\x02\0\0\x04\x13\xff\xff\0\0\0\x68\0\x01";

    #[test]
    fn every_field_of_a_column() {
        let column = Column {
            name: "name".to_owned(),
            table_oid: 16_385,
            column_number: 2,
            type_oid: 1_043,
            type_size: -1,
            type_modifier: 104,
            format: Format::Binary,
        };
        assert_eq!(parse(BODY), Ok(vec![column]));
        assert_eq!(parse(b"\0\0"), Ok(vec![]));
    }

    #[test]
    fn counts_that_lie_are_errors() {
        for end in 0..BODY.len() {
            assert!(parse(&BODY[..end]).is_err(), "{end}");
        }
        assert!(parse(b"\x7f\xff").is_err());
        assert!(parse(b"\xff\xff").is_err());
        assert!(parse(b"\0\0x").is_err());
        assert!(parse_parameters(b"\xff\xff\0\0\0\x17").is_err());
        assert_eq!(parse_parameters(b"\0\x01\0\0\0\x17"), Ok(vec![23]));
    }

    #[test]
    fn a_server_counts_parameters_modulo_65_536() {
        for (count, there) in [(0_u16, 65_536), (1, 65_537), (65_535, 65_535)] {
            let body = [&count.to_be_bytes()[..], &[0, 0, 0, 23].repeat(there)].concat();
            assert_eq!(parse_parameters(&body).map(|types| types.len()), Ok(there));
        }
        assert!(parse_parameters(&[&[0, 2][..], &[0; 65_536 * 4]].concat()).is_err());
    }

    #[test]
    fn a_format_is_0_or_1() {
        let body = [&BODY[..BODY.len() - 1], &[2]].concat();
        assert!(parse(&body).is_err());
    }
}
