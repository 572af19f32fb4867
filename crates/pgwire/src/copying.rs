//! COPY, asked for as such.
//!
//! It goes as Parse, Bind, Execute and Flush. Its one Sync follows when nothing more can come: the
//! server ignores a Sync while it takes data, so one sent too early may be lost or not, and nobody
//! could say how many `ReadyForQuery` to expect.

use crate::copy::Direction;
use crate::error::Refused;
use crate::expect::Expect;
use crate::frontend;
use crate::request::Request;
use crate::session::Session;

impl Session {
    /// Asks for a COPY FROM STDIN (leads to [`Event::CopyIn`]) or TO STDOUT ([`Event::CopyOut`]).
    ///
    /// Nothing else may be asked for until its `Done`. A statement that is no COPY, or goes the
    /// other way, fails.
    ///
    /// [`Event::CopyIn`]: crate::Event::CopyIn
    /// [`Event::CopyOut`]: crate::Event::CopyOut
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare), and while other requests are in flight.
    pub fn copy(&mut self, sql: &str, direction: Direction) -> Result<(), Refused> {
        self.ask_to_copy(sql, direction, None)
    }

    /// The same, behind the question what the columns of `query` are, which is not run: its [`Event::Prepared`] comes first.
    /// Both belong to one transaction, so that the answer holds for the COPY.
    ///
    /// [`Event::Prepared`]: crate::Event::Prepared
    ///
    /// # Errors
    ///
    /// As [`copy`](Session::copy).
    pub fn copy_described(
        &mut self,
        sql: &str,
        direction: Direction,
        query: &str,
    ) -> Result<(), Refused> {
        self.ask_to_copy(sql, direction, Some(query))
    }

    fn ask_to_copy(
        &mut self,
        sql: &str,
        direction: Direction,
        query: Option<&str>,
    ) -> Result<(), Refused> {
        self.close_group()?;
        if self.in_flight() > 0 {
            return Err(Refused::new(
                "a COPY runs alone: wait for the requests in flight first",
            ));
        }
        let begin = &self.begin;
        self.output.write(|out| {
            if let Some(sql) = begin {
                frontend::statement(out, sql)?;
            }
            if let Some(query) = query {
                frontend::parse(out, "", query, &[])?;
                frontend::describe_statement(out, "")?;
            }
            frontend::statement(out, sql)?;
            frontend::flush(out)
        })?;
        let begins = self.begin.take().is_some();
        self.replies
            .requests
            .push_back(Request::copy(direction, query.is_some(), begins));
        Ok(())
    }

    /// Sends some data. False, and nothing is sent, when the server takes none (any more): it
    /// refused what came before, or the COPY was ended.
    ///
    /// # Errors
    ///
    /// [`Refused`]: more than fits into one message.
    pub fn copy_data(&mut self, data: &[u8]) -> Result<bool, Refused> {
        if !self.takes_copy_data() {
            return Ok(false);
        }
        self.output.write(|out| frontend::copy_data(out, data))?;
        Ok(true)
    }

    /// The same for a message that is written already: its body behind [`COPY_ROOM`] bytes, which are for its head. Memory
    /// for the next one is left in its place, empty.
    ///
    /// [`COPY_ROOM`]: crate::COPY_ROOM
    ///
    /// # Errors
    ///
    /// As [`copy_data`](Session::copy_data).
    pub fn copy_message(&mut self, message: &mut Vec<u8>) -> Result<bool, Refused> {
        if !self.takes_copy_data() {
            return Ok(false);
        }
        frontend::copy_head(message)?;
        self.output.adopt(message);
        Ok(true)
    }

    /// Says that the data are complete. False as for [`copy_data`](Session::copy_data).
    ///
    /// # Errors
    ///
    /// None that a caller can bring about.
    pub fn copy_done(&mut self) -> Result<bool, Refused> {
        self.end_copy(Expect::CopyInEnd, frontend::copy_done)
    }

    /// Gives the COPY up: it fails with `reason`. False as for [`copy_data`](Session::copy_data).
    ///
    /// # Errors
    ///
    /// [`Refused`]: the reason contains NUL.
    pub fn copy_fail(&mut self, reason: &str) -> Result<bool, Refused> {
        self.end_copy(Expect::CopyIn, |out| frontend::copy_fail(out, reason))
    }

    /// Whether a COPY is under way that takes data.
    pub fn takes_copy_data(&self) -> bool {
        let front = self.replies.requests.front();
        front.is_some_and(Request::takes_data)
    }

    fn end_copy(
        &mut self,
        at: Expect,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Refused>,
    ) -> Result<bool, Refused> {
        if !self.takes_copy_data() {
            return Ok(false);
        }
        self.output.write(|out| {
            write(out)?;
            frontend::sync(out)
        })?;
        if let Some(request) = self.replies.requests.front_mut() {
            request.at = at;
            request.unsynced = false;
        }
        Ok(true)
    }
}
