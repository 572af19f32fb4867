//! Many executions of one statement whose messages are sent before the last of them is written.
//!
//! A [`Batch`](crate::Batch) can be taken back until it is finished, and keeps the server idle until then. Here the server
//! works while the rest is written; what was begun has to be finished, so only values that are known to fit may be added.

use crate::draft::too_many;
use crate::error::Refused;
use crate::format::Formats;
use crate::frontend;
use crate::params::Params;
use crate::request::{EXECUTE, Request};
use crate::session::Session;

impl Session {
    /// Begins a request of so many executions of a prepared statement: all of it takes effect or, outside a transaction
    /// block, nothing. Nothing else may be asked for until [`end_executions`](Session::end_executions).
    ///
    /// # Errors
    ///
    /// [`Refused`]: the session is not ready, or there are more than 32 bits can count.
    pub fn begin_executions(&mut self, rounds: usize) -> Result<(), Refused> {
        self.close_group()?;
        let rounds = u32::try_from(rounds).map_err(|_| too_many())?;
        if let Some(sql) = &self.begin {
            self.output.write(|out| frontend::statement(out, sql))?;
        }
        let begins = self.begin.take().is_some();
        let mut request = Request::behind(EXECUTE, rounds, begins);
        request.unsynced = true;
        self.replies.requests.push_back(request);
        Ok(())
    }

    /// Whether executions are to be added. Not any more once one has failed: the server passes over the rest, and has been
    /// sent its Sync.
    pub fn takes_executions(&self) -> bool {
        let last = self.replies.requests.back();
        last.is_some_and(|request| request.unsynced && request.copy.is_none())
    }

    /// Adds one execution. False, and nothing is sent, when none is taken (any more).
    ///
    /// # Errors
    ///
    /// [`Refused`]: it is too long, or the name contains NUL. Then the connection must be closed.
    pub fn add_execution(
        &mut self,
        name: &str,
        result_formats: Formats<'_>,
        params: &Params,
    ) -> Result<bool, Refused> {
        if !self.takes_executions() {
            return Ok(false);
        }
        self.output.write(|out| {
            frontend::bind(out, "", name, result_formats, params)?;
            frontend::execute(out, "", 0)
        })?;
        Ok(true)
    }

    /// Says that all executions have been added.
    ///
    /// # Errors
    ///
    /// None that a caller can bring about.
    pub fn end_executions(&mut self) -> Result<(), Refused> {
        if self.takes_executions() {
            self.output.write(frontend::sync)?;
            if let Some(request) = self.replies.requests.back_mut() {
                request.unsynced = false;
            }
        }
        Ok(())
    }
}
