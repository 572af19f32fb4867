//! A request of many messages while it is being written.

use std::collections::VecDeque;

use crate::error::Refused;
use crate::expect::Expect;
use crate::frontend;
use crate::request::Request;
use crate::session::Session;
use crate::writer::Output;

/// Rounds of one request. Dropped unfinished, it leaves the session as it was.
pub(crate) struct Draft<'s> {
    output: &'s mut Output,
    requests: &'s mut VecDeque<Request>,
    /// What begins a transaction in front of it, until it is queued.
    begin: &'s mut Option<String>,
    mark: usize,
    rounds: u32,
    finished: bool,
}

pub(crate) fn too_many() -> Refused {
    Refused::new("a batch has more than 4,294,967,295 executions: make several")
}

impl<'s> Draft<'s> {
    pub(crate) fn new(
        output: &'s mut Output,
        requests: &'s mut VecDeque<Request>,
        begin: &'s mut Option<String>,
    ) -> Result<Draft<'s>, Refused> {
        let mark = output.mark();
        if let Some(sql) = begin {
            output.write(|out| frontend::statement(out, sql))?;
        }
        Ok(Draft {
            output,
            requests,
            begin,
            mark,
            rounds: 0,
            finished: false,
        })
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

    /// Writes the end and queues the request, which goes through `plan` once per round.
    pub(crate) fn finish(
        self,
        plan: &'static [Expect],
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        self.finish_headed(&[], plan, write)
    }

    /// The same where the first round has a plan of its own, unless that is empty.
    pub(crate) fn finish_headed(
        mut self,
        head: &'static [Expect],
        plan: &'static [Expect],
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        self.output.write(write)?;
        let begins = self.begin.take().is_some();
        let headed = u32::from(!head.is_empty());
        let request = match self.rounds.checked_sub(headed) {
            Some(rest) => Request::headed(head, plan, rest, begins),
            None => Request::behind(plan, 0, begins),
        };
        self.requests.push_back(request);
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

impl Session {
    /// A request of many messages, behind what begins its transaction.
    pub(crate) fn draft(&mut self) -> Result<Draft<'_>, Refused> {
        self.close_group()?;
        Draft::new(
            &mut self.output,
            &mut self.replies.requests,
            &mut self.begin,
        )
    }
}
