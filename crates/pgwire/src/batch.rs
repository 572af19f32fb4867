//! Many executions of one statement, as one request.

use crate::draft::Draft;
use crate::error::Refused;
use crate::format::Formats;
use crate::frontend;
use crate::params::Params;
use crate::request::EXECUTE;

/// Executions being written; see [`Session::batch`](crate::Session::batch).
///
/// Dropped without [`finish`](Batch::finish), it leaves the session as it was.
pub struct Batch<'s> {
    draft: Draft<'s>,
    name: &'s str,
    results: Formats<'s>,
}

impl<'s> Batch<'s> {
    pub(crate) const fn new(draft: Draft<'s>, name: &'s str, results: Formats<'s>) -> Self {
        Self {
            draft,
            name,
            results,
        }
    }

    /// Adds one execution.
    ///
    /// # Errors
    ///
    /// [`Refused`]: it is too long, or the name contains NUL. The batch is as it was before.
    pub fn push(&mut self, params: &Params) -> Result<(), Refused> {
        self.draft.round(|out| {
            frontend::bind(out, "", self.name, self.results, params)?;
            frontend::execute(out, "", 0)
        })
    }

    /// Executions added so far.
    pub const fn len(&self) -> u32 {
        self.draft.rounds()
    }

    /// Whether nothing was added so far.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Queues the request: its replies are those of each execution, in order, and one `Done`.
    ///
    /// # Errors
    ///
    /// [`Refused`] for what cannot be sent; then nothing is queued.
    pub fn finish(self) -> Result<(), Refused> {
        self.draft.finish(EXECUTE, frontend::sync)
    }
}
