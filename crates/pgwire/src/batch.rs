//! Many executions of one statement, as one request.

use std::collections::VecDeque;

use crate::error::Refused;
use crate::format::Formats;
use crate::frontend;
use crate::params::Params;
use crate::request::{EXECUTE, Request};
use crate::writer::Output;

/// Executions being written; see [`Session::batch`](crate::Session::batch).
///
/// Dropped without [`finish`](Batch::finish), it leaves the session as it was.
pub struct Batch<'s> {
    output: &'s mut Output,
    requests: &'s mut VecDeque<Request>,
    name: &'s str,
    results: Formats<'s>,
    mark: usize,
    rounds: u32,
    finished: bool,
}

impl<'s> Batch<'s> {
    pub(crate) fn new(
        output: &'s mut Output,
        requests: &'s mut VecDeque<Request>,
        name: &'s str,
        results: Formats<'s>,
    ) -> Self {
        let mark = output.mark();
        Self {
            output,
            requests,
            name,
            results,
            mark,
            rounds: 0,
            finished: false,
        }
    }

    /// Adds one execution.
    ///
    /// # Errors
    ///
    /// [`Refused`]: it is too long, or the name contains NUL. The batch is as it was before.
    pub fn push(&mut self, params: &Params) -> Result<(), Refused> {
        let rounds = self.rounds.checked_add(1).ok_or_else(|| {
            Refused::new("a batch has more than 4,294,967,295 executions: make several")
        })?;
        self.output.write(|out| {
            frontend::bind(out, "", self.name, self.results, params)?;
            frontend::execute(out, "", 0)
        })?;
        self.rounds = rounds;
        Ok(())
    }

    /// Executions added so far.
    pub const fn len(&self) -> u32 {
        self.rounds
    }

    /// Whether nothing was added so far.
    pub const fn is_empty(&self) -> bool {
        self.rounds == 0
    }

    /// Queues the request: its replies are those of each execution, in order, and one `Done`.
    ///
    /// # Errors
    ///
    /// [`Refused`] for what cannot be sent; then nothing is queued.
    pub fn finish(mut self) -> Result<(), Refused> {
        self.output.write(frontend::sync)?;
        self.requests.push_back(Request::new(EXECUTE, self.rounds));
        self.finished = true;
        Ok(())
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.output.rewind(self.mark);
        }
    }
}
