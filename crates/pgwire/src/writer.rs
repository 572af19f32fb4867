//! The one writer: every length is computed here, checked, and put where the wire wants it.

use crate::error::{PushError, Refused};
use crate::limits::{MAX_SENT, too_long, wire_length};

/// The longest message, its type byte not counted.
const LONGEST: usize = MAX_SENT;

/// Room that stays reserved once all is sent: a connection must not hold the memory of its largest request for ever.
const KEPT: usize = 256 * 1024;

/// Bytes waiting to be sent.
#[derive(Debug, Default)]
pub(crate) struct Output {
    buffer: Vec<u8>,
    sent: usize,
}

impl Output {
    pub(crate) fn waiting(&self) -> &[u8] {
        self.buffer.get(self.sent..).unwrap_or_default()
    }

    pub(crate) fn consume(&mut self, bytes: usize) {
        self.sent = self.sent.saturating_add(bytes);
        if self.sent >= self.buffer.len() {
            self.buffer.clear();
            self.buffer.shrink_to(KEPT);
            self.sent = 0;
        }
    }

    /// Appends a message; where nothing waits it is not copied, and `message` gets the empty memory.
    pub(crate) fn adopt(&mut self, message: &mut Vec<u8>) {
        if self.buffer.is_empty() {
            std::mem::swap(&mut self.buffer, message);
        } else {
            self.buffer.extend_from_slice(message);
            message.clear();
        }
    }

    pub(crate) fn take(&mut self) -> Vec<u8> {
        let mut bytes = std::mem::take(&mut self.buffer);
        bytes.drain(..std::mem::take(&mut self.sent));
        bytes
    }

    pub(crate) const fn mark(&self) -> usize {
        self.buffer.len()
    }

    /// Takes back everything written since the mark.
    pub(crate) fn rewind(&mut self, mark: usize) {
        self.buffer.truncate(mark);
    }

    /// Writes all of it or nothing.
    pub(crate) fn write(
        &mut self,
        f: impl FnOnce(&mut Vec<u8>) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        let mark = self.mark();
        f(&mut self.buffer).inspect_err(|_| self.rewind(mark))
    }
}

/// One message: its type (none for the first of a session), its length, its body.
///
/// A refused message leaves its beginning in `out`; [`Output::write`] takes it back.
pub(crate) fn message(
    out: &mut Vec<u8>,
    kind: Option<u8>,
    body: impl FnOnce(&mut Body<'_>) -> Result<(), Refused>,
) -> Result<(), Refused> {
    out.extend(kind);
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    body(&mut Body {
        out,
        start,
        limit: LONGEST,
    })?;
    let length = out.len().saturating_sub(start);
    patch(out, start, wire_length(length, "a message")?);
    Ok(())
}

/// One value: its length, then what `f` appends. If `f` fails or writes too much, `out` is as it was.
pub(crate) fn value<E>(
    out: &mut Vec<u8>,
    f: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
) -> Result<(), PushError<E>> {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    let written = f(out).map_err(PushError::Encode).and_then(|()| {
        let length = out.len().saturating_sub(start).checked_sub(4);
        let length =
            length.ok_or_else(|| Refused::new("an encoder removed bytes of other values"))?;
        Ok(wire_length(length, "a value")?)
    });
    match written {
        Ok(length) => patch(out, start, length),
        Err(_) => out.truncate(start),
    }
    written.map(|_| ())
}

/// Writes a length over the place kept for it.
pub(crate) fn patch(out: &mut [u8], start: usize, length: i32) {
    if let Some(slot) = out
        .get_mut(start..)
        .and_then(|rest| rest.first_chunk_mut::<4>())
    {
        *slot = length.to_be_bytes();
    }
}

/// The inside of a message; refuses before it copies what would make the message too long.
pub(crate) struct Body<'o> {
    out: &'o mut Vec<u8>,
    start: usize,
    limit: usize,
}

impl Body<'_> {
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        let length = self
            .out
            .len()
            .saturating_sub(self.start)
            .saturating_add(bytes.len());
        if length > self.limit {
            return Err(too_long(length, "a request", self.limit));
        }
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    pub(crate) fn u16(&mut self, number: u16) -> Result<(), Refused> {
        self.bytes(&number.to_be_bytes())
    }

    pub(crate) fn u32(&mut self, number: u32) -> Result<(), Refused> {
        self.bytes(&number.to_be_bytes())
    }

    pub(crate) fn i32(&mut self, number: i32) -> Result<(), Refused> {
        self.bytes(&number.to_be_bytes())
    }

    /// Text and the NUL that ends it; a NUL inside would make two texts of it.
    pub(crate) fn text(&mut self, text: &str, what: &str) -> Result<(), Refused> {
        if has_nul(text.as_bytes()) {
            return Err(Refused::new(format!(
                "{what} contains a NUL character, which PostgreSQL cannot take: remove it"
            )));
        }
        self.bytes(text.as_bytes())?;
        self.bytes(&[0])
    }
}

fn has_nul(text: &[u8]) -> bool {
    match text.len() {
        ..=SHORT => text.contains(&0),
        _ => memchr::memchr(0, text).is_some(),
    }
}

/// Up to this length a plain loop is faster than memchr.
const SHORT: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_refused_before_it_is_copied() {
        let mut out = vec![0; 4];
        let mut body = Body {
            out: &mut out,
            start: 0,
            limit: 8,
        };
        assert!(body.bytes(b"1234").is_ok());
        assert!(body.bytes(b"5").is_err());
        assert_eq!(out.len(), 8);
    }

    #[test]
    fn a_failed_value_leaves_nothing_behind() {
        let mut out = b"before".to_vec();
        let failed = value(&mut out, |out| {
            out.extend_from_slice(b"half");
            Err("no")
        });
        assert_eq!(failed, Err(PushError::Encode("no")));
        assert_eq!(out, b"before");
    }

    #[test]
    fn the_memory_of_a_large_request_is_given_back() {
        let mut output = Output::default();
        let large = vec![0; 10 * KEPT];
        output
            .write(|out| message(out, Some(b'Q'), |body| body.bytes(&large)))
            .unwrap();
        output.consume(output.waiting().len());
        assert!(output.buffer.capacity() <= KEPT);
        assert_eq!(output.waiting(), []);
    }

    #[test]
    fn output_can_be_taken_in_parts() {
        let mut output = Output::default();
        output
            .write(|out| message(out, Some(b'H'), |_| Ok(())))
            .unwrap();
        assert!(
            output
                .write(|out| message(out, Some(b'Q'), |body| body.text("\0", "it")))
                .is_err()
        );
        output.consume(2);
        assert_eq!(output.waiting(), [0, 0, 4]);
        assert_eq!(output.take(), [0, 0, 4]);
        assert_eq!(output.waiting(), []);
    }
}
