//! Statements that the server keeps no longer than their request.
//!
//! A pooler may give every request another server, so each brings its own Parse. What the server says of the columns comes
//! before the rows ([`Event::Columns`](crate::Event::Columns)): nobody has to rely on what was described earlier.

use crate::Oid;
use crate::batch::Batch;
use crate::error::Refused;
use crate::format::Formats;
use crate::frontend;
use crate::params::Params;
use crate::request::{OPEN_UNNAMED, RUN_UNNAMED};
use crate::session::Session;

/// A statement by its text.
#[derive(Clone, Copy, Debug)]
pub struct Unnamed<'a> {
    /// One statement.
    pub sql: &'a str,
    /// The types its values are encoded for; 0 leaves one to the server.
    pub param_types: &'a [Oid],
}

impl Unnamed<'_> {
    pub(crate) fn parse(&self, out: &mut Vec<u8>) -> Result<(), Refused> {
        frontend::parse(out, "", self.sql, self.param_types)
    }

    pub(crate) fn run(
        &self,
        out: &mut Vec<u8>,
        result_formats: Formats<'_>,
        params: &Params,
    ) -> Result<(), Refused> {
        self.parse(out)?;
        frontend::bind(out, "", "", result_formats, params)?;
        frontend::describe_portal(out, "")?;
        frontend::execute(out, "", 0)
    }
}

impl Session {
    /// Runs a statement once: Parse, Bind, Describe, Execute and Sync.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare).
    pub fn run_unnamed(
        &mut self,
        statement: Unnamed<'_>,
        result_formats: Formats<'_>,
        params: &Params,
    ) -> Result<(), Refused> {
        self.request(RUN_UNNAMED, 1, |out| {
            statement.run(out, result_formats, params)?;
            frontend::sync(out)
        })
    }

    /// The same as [`batch`](Session::batch): one Parse, and an execution per row of values.
    ///
    /// # Errors
    ///
    /// [`Refused`]: the session is not ready.
    pub fn batch_unnamed<'s>(
        &'s mut self,
        statement: Unnamed<'s>,
        result_formats: Formats<'s>,
    ) -> Result<Batch<'s>, Refused> {
        Ok(Batch::unnamed(self.draft()?, statement, result_formats))
    }

    /// The same as [`open_portal`](Session::open_portal). In a transaction block a pooler stays with one server, so that
    /// the portal is there when its rows are fetched.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare).
    pub fn open_unnamed(
        &mut self,
        portal: &str,
        statement: Unnamed<'_>,
        result_formats: Formats<'_>,
        params: &Params,
    ) -> Result<(), Refused> {
        self.request(OPEN_UNNAMED, 1, |out| {
            statement.parse(out)?;
            frontend::bind(out, portal, "", result_formats, params)?;
            frontend::describe_portal(out, portal)?;
            frontend::sync(out)
        })
    }
}
