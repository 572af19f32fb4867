//! One connection's side of the conversation.

use crate::config::Config;
use crate::error::{ProtocolError, Refused};
use crate::event::{Event, TransactionStatus};
use crate::expect::Expect;
use crate::frames::{self, Frames};
use crate::frontend;
use crate::key::BackendKey;
use crate::replies::Replies;
use crate::request::{Request, SIMPLE};
use crate::scram::Keys;
use crate::startup::{self, Startup};
use crate::tokens::Strings;
use crate::writer::Output;

/// A PostgreSQL session without a socket; see the [crate] for how it is used.
///
/// Each request ends with its own Sync, so an error belongs to exactly one of them, and several
/// may be in flight: their replies come in order, each up to its [`Event::Done`].
pub struct Session {
    pub(crate) output: Output,
    pub(crate) frames: Frames,
    /// The last message that came in pieces; events borrow from it.
    pub(crate) joined: Vec<u8>,
    pub(crate) replies: Replies,
    /// What begins a transaction in front of the next request.
    pub(crate) begin: Option<String>,
    pub(crate) broken: Option<ProtocolError>,
    terminated: bool,
}

impl Session {
    /// A session with its first message waiting to be sent.
    ///
    /// # Errors
    ///
    /// [`Refused`] if a setting cannot be sent as it is meant (a NUL character, an empty user).
    pub fn new(config: Config) -> Result<Self, Refused> {
        startup::check(&config)?;
        let mut output = Output::default();
        output.write(|out| frontend::startup(out, &config))?;
        Ok(Self {
            output,
            frames: Frames::new(config.max_message),
            joined: Vec::new(),
            replies: Replies::new(Startup::new(config)),
            begin: None,
            broken: None,
            terminated: false,
        })
    }

    /// Says, before anything is sent, that the session runs in TLS, with a server of this certificate (DER).
    ///
    /// `verified`: somebody trusted has signed it. The server may then have the password in clear text.
    pub fn secured(&mut self, certificate: &[u8], verified: bool) {
        if let Some(startup) = &mut self.replies.startup {
            startup.secured(certificate, verified);
        }
    }

    /// The answer to [`Event::Hashing`]. Keys that are not waited for, or not any more, are dropped.
    ///
    /// # Errors
    ///
    /// [`ProtocolError`]: the proof cannot be sent.
    pub fn hashed(&mut self, keys: Keys) -> Result<(), ProtocolError> {
        match &mut self.replies.startup {
            Some(startup) if self.broken.is_none() => startup.hashed(keys, &mut self.output),
            _ => Ok(()),
        }
    }

    /// The bytes to send.
    pub fn output(&self) -> &[u8] {
        self.output.waiting()
    }

    /// Says that the first `bytes` of [`output`](Session::output) have been sent.
    pub fn consume_output(&mut self, bytes: usize) {
        self.output.consume(bytes);
    }

    /// Takes the bytes to send.
    pub fn take_output(&mut self) -> Vec<u8> {
        self.output.take()
    }

    /// The next event in `input`, which is moved past what was used.
    ///
    /// None means that more bytes are needed. Then all of `input` has been used: the beginning of
    /// an unfinished message is kept. Call it until it says None: events cause output too.
    ///
    /// # Errors
    ///
    /// [`ProtocolError`]: the connection must be closed. Every later call says the same.
    pub fn next<'s, 'i: 's>(
        &'s mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<Event<'s>>, ProtocolError> {
        let Self {
            output,
            frames,
            joined,
            replies,
            broken,
            ..
        } = self;
        if let Some(error) = broken {
            return Err(error.clone());
        }
        pull(frames, joined, replies, output, input)
            .inspect_err(|error| *broken = Some(error.clone()))
    }

    /// The server has closed the connection.
    ///
    /// # Errors
    ///
    /// [`ProtocolError`] unless this was to be expected, after [`terminate`](Session::terminate) or a
    /// fatal error. In no case will a request still in flight be answered.
    pub fn eof(&mut self) -> Result<(), ProtocolError> {
        if let Some(error) = &self.broken {
            return Err(error.clone());
        }
        let expected = self.replies.ended || self.terminated && self.in_flight() == 0;
        let error = match self.frames.unfinished() {
            0 if expected => return Ok(()),
            0 if self.replies.startup.is_some() => {
                "the server closed the connection during start-up".to_owned()
            }
            0 => format!(
                "the server closed the connection unexpectedly; requests in flight: {}",
                self.in_flight()
            ),
            bytes => format!(
                "the server closed the connection in the middle of a message, after {bytes} bytes of it"
            ),
        };
        let error = ProtocolError::new(error);
        self.broken = Some(error.clone());
        Err(error)
    }

    /// Runs one or several statements without parameters; their results come as text.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare).
    pub fn simple(&mut self, sql: &str) -> Result<(), Refused> {
        self.close_group()?;
        self.output.write(|out| frontend::query(out, sql))?;
        self.replies.requests.push_back(Request::new(SIMPLE, 1));
        Ok(())
    }

    /// Says goodbye: once this is sent, the server closes the connection.
    pub fn terminate(&mut self) {
        // A message of five bytes is never refused.
        if !self.terminated && self.output.write(frontend::terminate).is_ok() {
            self.terminated = true;
        }
    }

    /// Requests whose `Done` has not come.
    pub fn in_flight(&self) -> usize {
        self.replies.requests.len()
    }

    /// The transaction status as of the last `Done`.
    pub const fn status(&self) -> TransactionStatus {
        self.replies.status
    }

    /// Whether requests are welcome: start-up is finished, the session not over, and no COPY under
    /// way, behind which nothing may be sent, nor a request whose executions are still being added.
    pub fn is_ready(&self) -> bool {
        self.replies.startup.is_none()
            && !self.is_over()
            && !self.is_copying()
            && !self.takes_executions()
    }

    /// The value of a server parameter the server reports (`server_version`, `TimeZone`, …).
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.replies.parameters.get(name)
    }

    /// How the server reads a backslash in plain strings, as it has last said.
    pub fn strings(&self) -> Strings {
        match self.parameter("standard_conforming_strings") {
            Some("off") => Strings::Escaping,
            _ => Strings::Standard,
        }
    }

    /// All parameters the server has reported, in no particular order.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.replies.parameters.iter()
    }

    /// What [`cancel_request`](crate::cancel_request) needs, if the server gave it.
    pub const fn backend_key(&self) -> Option<&BackendKey> {
        self.replies.key.as_ref()
    }

    fn is_copying(&self) -> bool {
        let front = self.replies.requests.front();
        front.is_some_and(|request| request.copy.is_some())
    }

    const fn is_over(&self) -> bool {
        self.replies.ended || self.terminated || self.broken.is_some()
    }

    pub(crate) fn check_ready(&self) -> Result<(), Refused> {
        if self.is_ready() {
            return Ok(());
        }
        Err(Refused::new(if !self.is_over() && self.is_copying() {
            "a COPY is under way: finish it first"
        } else if !self.is_over() && self.takes_executions() {
            "executions are being added to a request: end them first"
        } else if self.replies.startup.is_some() && self.broken.is_none() {
            "the session is not ready: wait for start-up to finish"
        } else {
            "the session is over: open a new connection"
        }))
    }

    /// Writes a request, behind the BEGIN that is to go out with it.
    pub(crate) fn write_begun(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        let begin = &self.begin;
        self.output.write(|out| {
            if let Some(sql) = begin {
                frontend::statement(out, sql)?;
            }
            write(out)
        })
    }

    pub(crate) fn request(
        &mut self,
        plan: &'static [Expect],
        rounds: u32,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        self.close_group()?;
        self.write_begun(write)?;
        let begins = self.begin.take().is_some();
        self.replies
            .requests
            .push_back(Request::behind(plan, rounds, begins));
        Ok(())
    }
}

/// Apart from the session, so that the borrow checker sees what an event borrows from.
fn pull<'s, 'i: 's>(
    frames: &mut Frames,
    joined: &'s mut Vec<u8>,
    replies: &mut Replies,
    output: &mut Output,
    input: &mut &'i [u8],
) -> Result<Option<Event<'s>>, ProtocolError> {
    if let Some(kind) = frames.join(joined, input)?
        && let Some(event) = replies.turn(kind, frames::body(joined), output)?
    {
        return Ok(Some(event));
    }
    while let Some((kind, body)) = frames.whole(input)? {
        if let Some(event) = replies.turn(kind, body, output)? {
            return Ok(Some(event));
        }
    }
    Ok(None)
}
