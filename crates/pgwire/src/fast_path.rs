//! The fast path: the messages that most answers consist of, without an event for each. A method that returns None has consumed
//! nothing and judged nothing: [`Session::next`] is to look at the same bytes.

use crate::bodies::command_tag;
use crate::command_tag::CommandTag;
use crate::event::TransactionStatus;
use crate::frames;
use crate::replies::Replies;
use crate::rows::Rows;
use crate::session::Session;

impl Session {
    /// Skips the BindComplete in front of an execution's rows, if `input` begins with all of it.
    #[inline]
    pub fn pass_bound(&mut self, input: &mut &[u8]) {
        if let Some((b'2', [], rest)) = self.peek(input)
            && self.replies.pass_bound()
        {
            *input = rest;
        }
    }

    /// A reader of the rows to come, if rows may come next: twice as fast as an event for each.
    pub fn rows(&mut self) -> Option<Rows<'_>> {
        if self.broken.is_some() || self.frames.unfinished() != 0 {
            return None;
        }
        let request = self.replies.rows()?;
        Some(Rows::new(request, self.frames.max_message()))
    }

    /// The tag of CommandComplete, if `input` begins with that and the ReadyForQuery of the last execution.
    #[inline]
    pub fn end<'i>(&mut self, input: &mut &'i [u8]) -> Option<CommandTag<'i>> {
        let Some((b'C', body, rest)) = self.peek(input) else {
            return None;
        };
        let Some((b'Z', [code], rest)) = self.peek(rest) else {
            return None;
        };
        let tag = command_tag(body).ok()?;
        let status = TransactionStatus::from_code(*code)?;
        if !self.replies.end(status) {
            return None;
        }
        // `next` does this otherwise, and need not be called again while answers take the fast path.
        frames::free_large(&mut self.joined);
        *input = rest;
        Some(tag)
    }

    /// The message that `input` begins with, if it is complete and no earlier one is unfinished.
    #[inline]
    fn peek<'i>(&self, input: &'i [u8]) -> Option<(u8, &'i [u8], &'i [u8])> {
        if self.broken.is_some() || self.frames.unfinished() != 0 {
            return None;
        }
        self.frames.peek(input)
    }
}

impl Replies {
    fn pass_bound(&mut self) -> bool {
        let over = self.ended || self.startup.is_some();
        match self.requests.front_mut() {
            Some(request) if !over && request.is_binding() => {
                request.advance();
                true
            }
            _ => false,
        }
    }

    fn end(&mut self, status: TransactionStatus) -> bool {
        let over = self.ended || self.startup.is_some();
        let ends = !over && self.requests.front().is_some_and(|it| it.is_at_its_end());
        if ends {
            self.status = status;
            self.requests.pop_front();
        }
        ends
    }
}

#[cfg(test)]
mod tests {
    use crate::{Config, Event, Format, Formats, Params, Session};

    #[test]
    fn a_long_row_is_not_kept_for_ever() {
        let mut session = Session::new(Config::new("ada", "library")).unwrap();
        let mut input: &[u8] = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I";
        assert!(matches!(session.next(&mut input), Ok(Some(Event::Ready))));
        let formats = Formats::All(Format::Binary);
        session.execute("s", formats, &Params::new()).unwrap();

        let value = vec![b'x'; 2 << 20];
        let row = [&b"D\0\x20\0\x0a\0\x01\0\x20\0\0"[..], &value].concat();
        let (mut head, tail) = row.split_at(1000);
        let tail = [tail, b"C\0\0\0\x0dSELECT 1\0Z\0\0\0\x05I"].concat();
        let mut tail = &tail[..];
        session.pass_bound(&mut &b"2\0\0\0\x04"[..]);
        assert!(matches!(session.next(&mut head), Ok(None)));
        assert!(matches!(session.next(&mut tail), Ok(Some(Event::Row(_)))));
        assert!(session.joined.capacity() > 2 << 20);
        assert!(session.end(&mut tail).is_some());
        assert_eq!((tail.len(), session.joined.capacity()), (0, 0));
    }
}
