//! hstore: a count, then each key and its value or NULL, both as a length and text.

use super::counted::{Counted, Counter, split};
use super::malformed;
use crate::error::{DecodeError, PushError, Refused};
use crate::parts::{Parts, add_up};
use crate::writer;

/// An hstore whose texts have all been checked.
pub type Hstore<'a> = Counted<'a, Pair<'a>>;

/// Reads an hstore.
pub fn decode(bytes: &[u8]) -> Result<Hstore<'_>, DecodeError> {
    let (count, pairs) = split("hstore", bytes)?;
    if !add_up::<Pair<'_>>(count, pairs) {
        let reason = "its lengths do not add up or a text is not UTF-8";
        return Err(malformed("hstore", reason));
    }
    Ok(Hstore::new(count, pairs))
}

type Pair<'a> = (&'a str, Option<&'a str>);

/// The pairs of an [`Hstore`].
pub type Pairs<'a> = Parts<'a, Pair<'a>>;

/// Writes an hstore, pair by pair; begin with [`Writer::new`], end with [`Writer::finish`].
///
/// Of two pairs with the same key the server keeps one, and does not say which.
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

    /// Appends a key and its value, None for NULL.
    ///
    /// # Errors
    ///
    /// [`Refused`] for a text of 2 GiB; then the pair is not added.
    pub fn push(&mut self, key: &str, value: Option<&str>) -> Result<(), Refused> {
        let start = self.out.len();
        text(key, self.out)?;
        match value {
            None => self.out.extend_from_slice(&(-1_i32).to_be_bytes()),
            Some(value) => text(value, self.out).inspect_err(|_| self.out.truncate(start))?,
        }
        self.counter.add();
        Ok(())
    }

    /// Puts the count where it belongs.
    ///
    /// # Errors
    ///
    /// [`Refused`] for more than 2,147,483,647 pairs.
    pub fn finish(self) -> Result<(), Refused> {
        self.counter.finish("an hstore", self.out)
    }
}

fn text(value: &str, out: &mut Vec<u8>) -> Result<(), Refused> {
    let written = writer::value(out, |out| {
        out.extend_from_slice(value.as_bytes());
        Ok::<(), Refused>(())
    });
    written.map_err(|error| match error {
        PushError::Refused(refused) | PushError::Encode(refused) => refused,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{hex, prefixes_fail};

    const THREE: &str = "00000003 00000000 00000000 00000001 61 00000001 31
        00000001 62 ffffffff";

    #[test]
    fn hstores_as_postgresql_writes_them() {
        let bytes = hex(THREE);
        let hstore = decode(&bytes).unwrap();
        let pairs: Vec<_> = hstore.iter().collect();
        assert_eq!(pairs, [("", Some("")), ("a", Some("1")), ("b", None)]);
        assert_eq!(hstore.len(), 3);
        prefixes_fail(&bytes, |bytes| decode(bytes).is_ok());
        assert!(decode(&[0; 4]).unwrap().is_empty());

        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out);
        for (key, value) in pairs {
            writer.push(key, value).unwrap();
        }
        writer.finish().unwrap();
        assert_eq!(out, bytes);
    }

    #[test]
    fn what_is_no_hstore() {
        for bytes in [
            "ffffffff",
            "7fffffff",
            "00000001 ffffffff ffffffff",
            "00000001 00000001 ff ffffffff",
            "00000001 00000000 00000001 ff",
            "00000000 00",
        ] {
            assert!(decode(&hex(bytes)).is_err(), "{bytes}");
        }
    }
}
