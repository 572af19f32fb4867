//! Several statements, each with its own text, as one request.

use crate::draft::Draft;
use crate::error::Refused;
use crate::format::{Format, Formats};
use crate::frontend;
use crate::params::Params;
use crate::request::{Request, STATEMENTS};

/// Statements being written; see [`Session::statements`](crate::Session::statements).
///
/// Dropped without [`finish`](Statements::finish), it leaves the session as it was.
pub struct Statements<'s> {
    draft: Draft<'s>,
    none: Params,
}

impl<'s> Statements<'s> {
    pub(crate) fn new(draft: Draft<'s>) -> Self {
        Self {
            draft,
            none: Params::new(),
        }
    }

    /// Adds one statement, without parameters; its rows will come as text.
    ///
    /// # Errors
    ///
    /// [`Refused`]: it contains NUL or is too long. The request is as it was before.
    pub fn push(&mut self, sql: &str) -> Result<(), Refused> {
        self.draft.round(|out| {
            frontend::parse(out, "", sql, &[])?;
            frontend::bind(out, "", "", Formats::All(Format::Text), &self.none)?;
            frontend::execute(out, "", 0)
        })
    }

    /// Queues the request: the replies of each statement, in order, and one `Done`.
    ///
    /// # Errors
    ///
    /// [`Refused`] for what cannot be sent; then nothing is queued.
    pub fn finish(self) -> Result<(), Refused> {
        self.draft
            .finish(frontend::sync, |rounds| Request::new(STATEMENTS, rounds))
    }
}
