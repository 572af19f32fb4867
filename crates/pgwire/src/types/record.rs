//! Records, named types and rows of tables: a count, then each field as its type, its length and
//! its bytes.

use super::counted::{Counted, Counter, split};
use super::malformed;
use crate::Oid;
use crate::error::{DecodeError, PushError, Refused};
use crate::parts::{Parts, add_up};
use crate::writer;

/// A record whose lengths have been checked: they add up to its bytes exactly.
pub type Record<'a> = Counted<'a, Field<'a>>;

/// Reads a record.
pub fn decode(bytes: &[u8]) -> Result<Record<'_>, DecodeError> {
    let (count, fields) = split("record", bytes)?;
    if !add_up::<Field<'_>>(count, fields) {
        return Err(malformed("record", "its lengths do not add up"));
    }
    Ok(Record::new(count, fields))
}

type Field<'a> = (Oid, Option<&'a [u8]>);

/// The fields of a [`Record`].
pub type Fields<'a> = Parts<'a, Field<'a>>;

/// Writes a record, field by field; begin with [`Writer::new`], end with [`Writer::finish`].
///
/// The server takes a record only with all columns of the type, in order, each with its own type.
pub struct Writer<'o> {
    out: &'o mut Vec<u8>,
    counter: Counter,
}

impl<'o> Writer<'o> {
    /// Appends the place of the count.
    pub fn new(out: &'o mut Vec<u8>) -> Self {
        let counter = Counter::new(out);
        Self { out, counter }
    }

    /// Appends a NULL of this type.
    pub fn push_null(&mut self, oid: Oid) {
        self.out.extend_from_slice(&oid.to_be_bytes());
        self.out.extend_from_slice(&(-1_i32).to_be_bytes());
        self.counter.add();
    }

    /// Appends a field of this type: what `encode` appends to the bytes it is given.
    ///
    /// # Errors
    ///
    /// The error of `encode`, or [`Refused`] for a field of 2 GiB; then it is not added.
    pub fn push_with<E>(
        &mut self,
        oid: Oid,
        encode: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), PushError<E>> {
        let start = self.out.len();
        self.out.extend_from_slice(&oid.to_be_bytes());
        writer::value(self.out, encode).inspect_err(|_| self.out.truncate(start))?;
        self.counter.add();
        Ok(())
    }

    /// Puts the count where it belongs.
    ///
    /// # Errors
    ///
    /// [`Refused`] for more than 2,147,483,647 fields.
    pub fn finish(self) -> Result<(), Refused> {
        self.counter.finish("a record", self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{hex, oid, prefixes_fail};

    const ROW: &str = "00000003 00000017 00000004 00000001 00000019 00000002 6162
        00000010 ffffffff";

    #[test]
    fn records_as_postgresql_writes_them() {
        let bytes = hex(ROW);
        let record = decode(&bytes).unwrap();
        let fields: Vec<_> = record.iter().collect();
        assert_eq!(
            fields,
            [
                (oid::INT4, Some(&[0, 0, 0, 1][..])),
                (oid::TEXT, Some(b"ab")),
                (oid::BOOL, None)
            ]
        );
        assert_eq!(record.len(), 3);
        prefixes_fail(&bytes, |bytes| decode(bytes).is_ok());
        assert!(decode(&[0; 4]).unwrap().is_empty());

        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out);
        for (oid, value) in fields {
            match value {
                None => writer.push_null(oid),
                Some(value) => writer
                    .push_with(oid, |out| {
                        out.extend_from_slice(value);
                        Ok::<(), ()>(())
                    })
                    .unwrap(),
            }
        }
        assert!(writer.push_with(25, |_| Err(())).is_err());
        writer.finish().unwrap();
        assert_eq!(out, bytes);
    }

    #[test]
    fn what_is_no_record() {
        for bytes in [
            "ffffffff",
            "7fffffff",
            "00000001 00000017",
            "00000001 00000017 fffffffe",
            "00000001 00000017 00000002 00",
            "00000000 00",
        ] {
            assert!(decode(&hex(bytes)).is_err(), "{bytes}");
        }
    }
}
