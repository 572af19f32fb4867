//! Executions that share a Sync, and statements that begin a transaction in front of a request.

use crate::error::Refused;
use crate::expect::Expect;
use crate::format::Formats;
use crate::frontend;
use crate::params::Params;
use crate::request::{EXECUTE, RUN_UNNAMED, Request};
use crate::session::Session;
use crate::unnamed::Unnamed;

impl Session {
    /// Runs a prepared statement as one of a group: those that are joined without anything else between them share a Sync,
    /// and when one fails the server skips those behind it. For executions inside a transaction, which such an error
    /// ends anyway.
    ///
    /// Each is over with its `Complete` (or `EmptyQuery`); [`Event::GroupDone`] follows once [`close_group`] was called.
    /// Every other request calls that. True: a new group was opened.
    ///
    /// [`close_group`]: Session::close_group
    /// [`Event::GroupDone`]: crate::Event::GroupDone
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare).
    pub fn join(
        &mut self,
        name: &str,
        result_formats: Formats<'_>,
        params: &Params,
    ) -> Result<bool, Refused> {
        self.join_group(EXECUTE, |out| {
            frontend::bind(out, "", name, result_formats, params)?;
            frontend::execute(out, "", 0)
        })
    }

    /// The same for a statement that comes with its execution. Those share a Sync with their kind only.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare).
    pub fn join_unnamed(
        &mut self,
        statement: Unnamed<'_>,
        result_formats: Formats<'_>,
        params: &Params,
    ) -> Result<bool, Refused> {
        self.join_group(RUN_UNNAMED, |out| {
            statement.run(out, result_formats, params)
        })
    }

    fn join_group(
        &mut self,
        plan: &'static [Expect],
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Refused>,
    ) -> Result<bool, Refused> {
        self.check_ready()?;
        let grows = self.begin.is_none() && self.group().is_some_and(|it| it.may_grow(plan));
        if !grows {
            self.close_group()?;
        }
        self.write_begun(write)?;
        match self.replies.requests.back_mut() {
            Some(group) if grows => group.grow(),
            _ => {
                let begins = self.begin.take().is_some();
                self.replies
                    .requests
                    .push_back(Request::group(plan, begins));
            }
        }
        Ok(!grows)
    }

    /// Writes the Sync of an open group, if there is one.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare).
    pub fn close_group(&mut self) -> Result<(), Refused> {
        self.check_ready()?;
        if self.group().is_some() {
            self.output.write(frontend::sync)?;
            if let Some(group) = self.replies.requests.back_mut() {
                group.open = false;
            }
        }
        Ok(())
    }

    /// Begins a transaction with this statement in front of the next request but scripts and the closing of statements, under
    /// the same Sync: if it fails, the request fails with its error and is not run. Leads to
    /// [`Event::Begun`](crate::Event::Begun).
    pub fn begin_with_next(&mut self, sql: &str) {
        self.begin = Some(sql.to_owned());
    }

    /// Takes that back; false: it has gone out.
    pub fn take_back_begin(&mut self) -> bool {
        self.begin.take().is_some()
    }

    /// Whether what comes next is about the statement that begins a transaction, in front of the oldest request.
    pub fn is_beginning(&self) -> bool {
        let front = self.replies.requests.front();
        front.is_some_and(|request| request.beginning)
    }

    fn group(&self) -> Option<&Request> {
        let back = self.replies.requests.back();
        back.filter(|request| request.open)
    }
}
