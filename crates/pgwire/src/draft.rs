//! A request of many messages while it is being written.

use std::collections::VecDeque;

use crate::error::Refused;
use crate::request::Request;
use crate::writer::Output;

/// Rounds of one request. Dropped unfinished, it leaves the session as it was.
pub(crate) struct Draft<'s> {
    output: &'s mut Output,
    requests: &'s mut VecDeque<Request>,
    mark: usize,
    rounds: u32,
    finished: bool,
}

pub(crate) fn too_many() -> Refused {
    Refused::new("a batch has more than 4,294,967,295 executions: make several")
}

impl<'s> Draft<'s> {
    pub(crate) const fn new(
        output: &'s mut Output,
        requests: &'s mut VecDeque<Request>,
    ) -> Draft<'s> {
        let mark = output.mark();
        Draft {
            output,
            requests,
            mark,
            rounds: 0,
            finished: false,
        }
    }

    /// Writes all messages of one round, or none.
    pub(crate) fn round(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        let rounds = self.rounds.checked_add(1).ok_or_else(too_many)?;
        self.output.write(write)?;
        self.rounds = rounds;
        Ok(())
    }

    pub(crate) const fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Writes the end and queues what `request` makes of the number of rounds.
    pub(crate) fn finish(
        mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Refused>,
        request: impl FnOnce(u32) -> Request,
    ) -> Result<(), Refused> {
        self.output.write(write)?;
        self.requests.push_back(request(self.rounds));
        self.finished = true;
        Ok(())
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.output.rewind(self.mark);
        }
    }
}
