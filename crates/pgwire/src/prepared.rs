//! Prepared statements: made, run once, forgotten.

use crate::Oid;
use crate::draft::Draft;
use crate::error::Refused;
use crate::format::Formats;
use crate::frontend;
use crate::params::Params;
use crate::request::{CLOSE, EXECUTE, PREPARE};
use crate::session::Session;

impl Session {
    /// Parses a statement and has it described: leads to [`Event::Prepared`].
    ///
    /// An empty name is the unnamed statement, which the next one replaces. `param_types` may be
    /// shorter than the parameters are many; 0 leaves a type to the server.
    ///
    /// # Errors
    ///
    /// [`Refused`]: the session is not ready, a text contains NUL, or something is too long.
    pub fn prepare(&mut self, name: &str, sql: &str, param_types: &[Oid]) -> Result<(), Refused> {
        self.request(PREPARE, 1, |out| {
            frontend::parse(out, name, sql, param_types)?;
            frontend::describe_statement(out, name)?;
            frontend::sync(out)
        })
    }

    /// Runs a prepared statement once.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare).
    pub fn execute(
        &mut self,
        name: &str,
        result_formats: Formats<'_>,
        params: &Params,
    ) -> Result<(), Refused> {
        self.request(EXECUTE, 1, |out| {
            frontend::bind(out, "", name, result_formats, params)?;
            out.extend_from_slice(frontend::EXECUTE_AND_SYNC);
            Ok(())
        })
    }

    /// Forgets prepared statements, as one request; it is no error if there are none of these names.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare).
    pub fn close_statements<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<(), Refused> {
        self.close_group()?;
        // Whatever transaction is to begin has nothing to do with it.
        let mut nothing = None;
        let mut draft = Draft::new(&mut self.output, &mut self.replies.requests, &mut nothing)?;
        for name in names {
            draft.round(|out| frontend::close_statement(out, name))?;
        }
        draft.finish(CLOSE, frontend::sync)
    }

    /// Forgets one prepared statement.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare).
    pub fn close_statement(&mut self, name: &str) -> Result<(), Refused> {
        self.close_statements([name])
    }
}
