//! Where one message ends and the next begins.
//!
//! Whole messages are parsed where they lie; only a message that came in pieces is copied, once.

use std::mem;

use crate::error::ProtocolError;
use crate::limits::{KEEP_BUFFER, body_length};

const HEADER: usize = 5;

/// The unfinished message at the end of what has been read.
#[derive(Debug)]
pub(crate) struct Frames {
    partial: Vec<u8>,
    max_message: usize,
}

impl Frames {
    pub(crate) const fn new(max_message: usize) -> Self {
        Self {
            partial: Vec::new(),
            max_message,
        }
    }

    /// Bytes of a message whose end has not come yet.
    pub(crate) const fn unfinished(&self) -> usize {
        self.partial.len()
    }

    pub(crate) const fn max_message(&self) -> usize {
        self.max_message
    }

    /// Finishes the message that came in pieces: its type, its bytes in `joined` (see [`body`]).
    pub(crate) fn join(
        &mut self,
        joined: &mut Vec<u8>,
        input: &mut &[u8],
    ) -> Result<Option<u8>, ProtocolError> {
        free_large(joined);
        if self.partial.is_empty() {
            return Ok(None);
        }
        self.fill(HEADER, input);
        let Some((header, _)) = self.partial.split_first_chunk() else {
            return Ok(None);
        };
        let (kind, length) = self.header(*header)?;
        let total = length.saturating_add(HEADER);
        self.fill(total, input);
        if self.partial.len() < total {
            return Ok(None);
        }
        mem::swap(&mut self.partial, joined);
        self.partial.clear();
        Ok(Some(kind))
    }

    /// The next message that lies whole in `input`; if there is none, the rest is kept.
    pub(crate) fn whole<'a>(
        &mut self,
        input: &mut &'a [u8],
    ) -> Result<Option<(u8, &'a [u8])>, ProtocolError> {
        if let Some((header, rest)) = input.split_first_chunk() {
            let (kind, length) = self.header(*header)?;
            if let Some((body, rest)) = rest.split_at_checked(length) {
                *input = rest;
                return Ok(Some((kind, body)));
            }
        }
        self.fill(usize::MAX, input);
        Ok(None)
    }

    /// The next message of `input`, and what follows it; None if it is not whole, or not right.
    #[inline]
    pub(crate) fn peek<'a>(&self, input: &'a [u8]) -> Option<(u8, &'a [u8], &'a [u8])> {
        let (header, rest) = input.split_first_chunk()?;
        let (kind, length) = self.header(*header).ok()?;
        let (body, rest) = rest.split_at_checked(length)?;
        Some((kind, body, rest))
    }

    #[inline]
    fn header(&self, [kind, a, b, c, d]: [u8; HEADER]) -> Result<(u8, usize), ProtocolError> {
        let length = body_length(kind, i32::from_be_bytes([a, b, c, d]), self.max_message)?;
        Ok((kind, length))
    }

    fn fill(&mut self, total: usize, input: &mut &[u8]) {
        let missing = total.saturating_sub(self.partial.len()).min(input.len());
        let (taken, rest) = input.split_at_checked(missing).unwrap_or((input, &[]));
        self.partial.extend_from_slice(taken);
        *input = rest;
    }
}

/// The joined message has been read: frees a large buffer.
#[inline]
pub(crate) fn free_large(joined: &mut Vec<u8>) {
    if joined.capacity() > KEEP_BUFFER {
        *joined = Vec::new();
    }
}

/// The body of a joined message.
pub(crate) fn body(joined: &[u8]) -> &[u8] {
    joined.get(HEADER..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_not_kept_for_ever() {
        let mut frames = Frames::new(1 << 30);
        let mut joined = Vec::new();
        let long = [&b"D\0\x20\0\x04"[..], &[7; 2 << 20]].concat();
        let (mut head, mut tail) = long.split_at(1000);
        assert_eq!(frames.whole(&mut head), Ok(None));
        assert_eq!(frames.join(&mut joined, &mut tail), Ok(Some(b'D')));
        assert_eq!((body(&joined).len(), frames.unfinished()), (2 << 20, 0));
        assert_eq!(frames.join(&mut joined, &mut tail), Ok(None));
        assert_eq!(joined.capacity(), 0);
    }
}
