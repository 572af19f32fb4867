//! Several statements, each with its own text, as one request.

use crate::draft::Draft;
use crate::error::Refused;
use crate::frontend;
use crate::request::STATEMENTS;
use crate::session::Session;

/// Statements being written; see [`Session::statements`](crate::Session::statements).
///
/// Dropped without [`finish`](Statements::finish), it leaves the session as it was.
pub struct Statements<'s> {
    draft: Draft<'s>,
}

impl<'s> Statements<'s> {
    pub(crate) const fn new(draft: Draft<'s>) -> Self {
        Self { draft }
    }

    /// Adds one statement, without parameters; its rows will come as text.
    ///
    /// # Errors
    ///
    /// [`Refused`]: it contains NUL or is too long. The request is as it was before.
    pub fn push(&mut self, sql: &str) -> Result<(), Refused> {
        self.draft.round(|out| frontend::statement(out, sql))
    }

    /// Queues the request: the replies of each statement, in order, and one `Done`.
    ///
    /// # Errors
    ///
    /// [`Refused`] for what cannot be sent; then nothing is queued.
    pub fn finish(self) -> Result<(), Refused> {
        self.draft.finish(STATEMENTS, frontend::sync)
    }
}

impl Session {
    /// Runs several statements without parameters as one request: all of it takes effect or,
    /// outside a transaction block, nothing. A [`transaction_command`](crate::transaction_command)
    /// among them breaks that, and so does a COPY [with the client](crate::copies_with_client). Uses the
    /// unnamed statement.
    ///
    /// # Errors
    ///
    /// [`Refused`]: the session is not ready.
    pub fn statements(&mut self) -> Result<Statements<'_>, Refused> {
        Ok(Statements::new(self.draft()?))
    }
}
