//! Many executions of one statement, as one request.

use crate::draft::Draft;
use crate::error::Refused;
use crate::format::Formats;
use crate::frontend;
use crate::params::Params;
use crate::request::{EXECUTE, RUN_UNNAMED};
use crate::session::Session;
use crate::unnamed::Unnamed;

/// Executions being written; see [`Session::batch`](crate::Session::batch).
///
/// Dropped without [`finish`](Batch::finish), it leaves the session as it was.
pub struct Batch<'s> {
    draft: Draft<'s>,
    name: &'s str,
    /// What the first round parses, where there is no name.
    unnamed: Option<Unnamed<'s>>,
    results: Formats<'s>,
}

impl<'s> Batch<'s> {
    pub(crate) const fn new(draft: Draft<'s>, name: &'s str, results: Formats<'s>) -> Self {
        Self {
            draft,
            name,
            unnamed: None,
            results,
        }
    }

    pub(crate) const fn unnamed(
        draft: Draft<'s>,
        statement: Unnamed<'s>,
        results: Formats<'s>,
    ) -> Self {
        Self {
            draft,
            name: "",
            unnamed: Some(statement),
            results,
        }
    }

    /// Adds one execution.
    ///
    /// # Errors
    ///
    /// [`Refused`]: it is too long, or the name contains NUL. The batch is as it was before.
    pub fn push(&mut self, params: &Params) -> Result<(), Refused> {
        let first = self.unnamed.filter(|_| self.draft.rounds() == 0);
        self.draft.round(|out| {
            if let Some(statement) = first {
                statement.parse(out)?;
            }
            frontend::bind(out, "", self.name, self.results, params)?;
            if first.is_some() {
                frontend::describe_portal(out, "")?;
            }
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
        let head = match self.unnamed {
            Some(_) => RUN_UNNAMED,
            None => &[],
        };
        self.draft.finish_headed(head, EXECUTE, frontend::sync)
    }
}

impl Session {
    /// Runs a prepared statement once per row of values, as one request: all of it takes effect
    /// or, outside a transaction block, nothing.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare); nothing is queued if any row is refused.
    pub fn execute_many<'p>(
        &mut self,
        name: &str,
        result_formats: Formats<'_>,
        rows: impl IntoIterator<Item = &'p Params>,
    ) -> Result<(), Refused> {
        let mut batch = self.batch(name, result_formats)?;
        for params in rows {
            batch.push(params)?;
        }
        batch.finish()
    }

    /// The same, row by row: what is dropped unfinished is not sent.
    ///
    /// # Errors
    ///
    /// [`Refused`]: the session is not ready.
    pub fn batch<'s>(
        &'s mut self,
        name: &'s str,
        result_formats: Formats<'s>,
    ) -> Result<Batch<'s>, Refused> {
        Ok(Batch::new(self.draft()?, name, result_formats))
    }
}
