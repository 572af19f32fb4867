//! What the server says, one message at a time: the table decides, this acts.

use std::collections::VecDeque;

use crate::bodies::{columns, command_tag, empty, malformed, notification, status, two_texts};
use crate::column;
use crate::copy::{self, CopyFormat, Direction};
use crate::error::{ProtocolError, Refused};
use crate::event::{Event, TransactionStatus};
use crate::expect::{Expect, name, step};
use crate::frontend;
use crate::key::BackendKey;
use crate::parameters::Parameters;
use crate::request::Request;
use crate::server_error::ServerError;
use crate::startup::{self, Startup};
use crate::writer::Output;

pub(crate) struct Replies {
    pub(crate) startup: Option<Startup>,
    pub(crate) requests: VecDeque<Request>,
    pub(crate) status: TransactionStatus,
    pub(crate) parameters: Parameters,
    pub(crate) key: Option<BackendKey>,
    /// The server has said that it ends the session.
    pub(crate) ended: bool,
}

impl Replies {
    pub(crate) fn new(startup: Startup) -> Self {
        Self {
            startup: Some(startup),
            requests: VecDeque::new(),
            status: TransactionStatus::Starting,
            parameters: Parameters::default(),
            key: None,
            ended: false,
        }
    }

    /// The request that is to be answered next, if rows may come for it.
    pub(crate) fn rows(&mut self) -> Option<&mut Request> {
        let request = self.requests.front_mut()?;
        let awaited = matches!(
            request.at,
            Expect::Rows | Expect::Portal | Expect::StatementRows
        );
        (awaited && !request.failed && !request.beginning).then_some(request)
    }

    /// Takes in one message; None if it is of no interest to anybody else.
    pub(crate) fn turn<'b>(
        &mut self,
        kind: u8,
        body: &'b [u8],
        out: &mut Output,
    ) -> Result<Option<Event<'b>>, ProtocolError> {
        if self.ended {
            return Err(ProtocolError::new(format!(
                "{} came after the server had ended the session",
                name(kind)
            )));
        }
        match kind {
            b'N' => {
                let notice = ServerError::parse(body).map_err(malformed(kind))?;
                Ok(Some(Event::Notice(Box::new(notice))))
            }
            b'S' => self.parameter(body).map(Some),
            b'A' if self.startup.is_none() => notification(body).map(Some).map_err(malformed(kind)),
            _ if self.startup.is_some() => self.starting(kind, body, out),
            _ => self.reply(kind, body, out),
        }
    }

    fn parameter<'b>(&mut self, body: &'b [u8]) -> Result<Event<'b>, ProtocolError> {
        let (name, value) = two_texts(body).map_err(malformed(b'S'))?;
        self.parameters.set(name, value)?;
        Ok(Event::Parameter { name, value })
    }

    fn starting<'b>(
        &mut self,
        kind: u8,
        body: &'b [u8],
        out: &mut Output,
    ) -> Result<Option<Event<'b>>, ProtocolError> {
        let Some(startup) = &mut self.startup else {
            return Ok(None);
        };
        step(startup.at, kind).ok_or_else(|| unexpected(kind, "during start-up"))?;
        match kind {
            b'R' => return Ok(startup.authenticate(body, out)?.map(Event::Hashing)),
            b'v' => startup::check_negotiation(body).map_err(malformed(kind))?,
            b'K' => self.key = Some(BackendKey::parse(body).map_err(malformed(kind))?),
            b'E' => return self.over(body).map(Some),
            _ => {
                self.status = status(body)?;
                // The password goes with it.
                self.startup = None;
                return Ok(Some(Event::Ready));
            }
        }
        Ok(None)
    }

    fn reply<'b>(
        &mut self,
        kind: u8,
        body: &'b [u8],
        out: &mut Output,
    ) -> Result<Option<Event<'b>>, ProtocolError> {
        let others = self.requests.len() > 1;
        let Some(request) = self.requests.front_mut() else {
            return self.unasked(kind, body).map(Some);
        };
        let at = request.at;
        let beginning = request.beginning;
        let more_rounds = request.has_more_rounds();
        advance(request, kind, out)?;
        let wrong = malformed(kind);
        let event = match kind {
            b'E' => return self.failed(body),
            b'Z' => return self.done(body).map(Some),
            b't' => {
                request.parameters = column::parse_parameters(body).map_err(wrong)?;
                return Ok(None);
            }
            b'T' | b'n' if at == Expect::Description => Event::Prepared {
                parameters: std::mem::take(&mut request.parameters),
                columns: columns(kind, body).map_err(wrong)?,
                returns_rows: kind == b'T',
            },
            b'T' | b'n' => {
                let columns = columns(kind, body).map_err(wrong)?;
                request.width = Some(columns.len());
                Event::Columns(columns)
            }
            b'C' | b'I' | b'D' if at == Expect::CopyAsked => {
                match kind {
                    b'C' => command_tag(body).map(|_| ()).map_err(wrong)?,
                    b'I' => empty(body).map_err(wrong)?,
                    _ => request.row(body).map(|_| ())?,
                }
                request.failed = true;
                return Ok(Some(Event::Failed(Box::new(copy::not_a_copy()))));
            }
            b'C' if beginning => {
                command_tag(body).map_err(wrong)?;
                Event::Begun
            }
            b'C' => Event::Complete(command_tag(body).map_err(wrong)?),
            b'I' => {
                empty(body).map_err(wrong)?;
                Event::EmptyQuery
            }
            b'G' | b'H' => {
                let format = CopyFormat::parse(body).map_err(wrong)?;
                match (kind, request.copy) {
                    (b'G', Some(Direction::In)) => Event::CopyIn(format),
                    (b'H', Some(Direction::Out)) => Event::CopyOut(format),
                    (b'G', _) => {
                        turn_down_copy_in(request, others, more_rounds, out)?;
                        return Ok(None);
                    }
                    _ => return Ok(turn_down_copy_out(request)),
                }
            }
            b'D' => Event::Row(request.row(body)?),
            b'd' => Event::CopyData(body),
            b's' => {
                empty(body).map_err(wrong)?;
                Event::Suspended
            }
            _ => {
                empty(body).map_err(wrong)?;
                return Ok(None);
            }
        };
        Ok((!request.failed).then_some(event))
    }

    fn done<'b>(&mut self, body: &[u8]) -> Result<Event<'b>, ProtocolError> {
        self.status = status(body)?;
        let group = self.requests.pop_front().is_some_and(|it| it.group);
        Ok(if group { Event::GroupDone } else { Event::Done })
    }

    fn failed<'b>(&mut self, body: &[u8]) -> Result<Option<Event<'b>>, ProtocolError> {
        let mut error = ServerError::parse(body).map_err(malformed(b'E'))?;
        self.ended = error.is_fatal();
        let reported = self.requests.front_mut().is_some_and(|request| {
            error.unexecuted = !request.begun;
            if request.declined && !error.is_fatal() {
                error = copy::error(false); // the server only repeats what it was told
            }
            std::mem::replace(&mut request.failed, true)
        });
        Ok((self.ended || !reported).then(|| Event::Failed(Box::new(error))))
    }

    fn unasked<'b>(&mut self, kind: u8, body: &[u8]) -> Result<Event<'b>, ProtocolError> {
        match kind {
            b'E' => {
                let event = self.over(body)?;
                match &event {
                    Event::Failed(error) if !error.is_fatal() => Err(ProtocolError::new(format!(
                        "an error came that nobody asked for: {error}"
                    ))),
                    _ => Ok(event),
                }
            }
            _ => Err(unexpected(kind, "which nobody had asked for")),
        }
    }

    /// An error that ends the session.
    fn over<'b>(&mut self, body: &[u8]) -> Result<Event<'b>, ProtocolError> {
        let error = ServerError::parse(body).map_err(malformed(b'E'))?;
        self.ended = true;
        Ok(Event::Failed(Box::new(error)))
    }
}

/// Takes the request to what may come after this message.
fn advance(request: &mut Request, kind: u8, out: &mut Output) -> Result<(), ProtocolError> {
    let at = request.at;
    let next =
        step(at, kind).ok_or_else(|| unexpected(kind, &format!("where {at:?} was expected")))?;
    if request.open && kind == b'Z' {
        return Err(unexpected(kind, "before its Sync was sent"));
    }
    if request.beginning && matches!(kind, b'D' | b'I' | b'G' | b'H') {
        return Err(unexpected(kind, "where a transaction was to begin"));
    }
    request.go(next);
    if request.lacks_sync() {
        request.unsynced = false;
        out.write(frontend::sync).map_err(unsaid)?;
    }
    Ok(())
}

/// The server takes data where nobody has any: the statement was another COPY, or none that was asked for.
fn turn_down_copy_in(
    request: &mut Request,
    others: bool,
    more_rounds: bool,
    out: &mut Output,
) -> Result<(), ProtocolError> {
    if request.copy.is_some() {
        request.unsynced = false;
        return copy::turn_round(out).map_err(unsaid);
    }
    request.declined = true;
    copy::decline(others, more_rounds, request.is_simple(), out)
}

/// The server gives data that nobody takes; they are passed over.
fn turn_down_copy_out<'b>(request: &mut Request) -> Option<Event<'b>> {
    let reported = std::mem::replace(&mut request.failed, true);
    (!reported).then(|| Event::Failed(Box::new(copy::error(request.copy.is_some()))))
}

/// What of our own making cannot be sent.
fn unsaid(refused: Refused) -> ProtocolError {
    ProtocolError::new(refused.message)
}

fn unexpected(kind: u8, when: &str) -> ProtocolError {
    ProtocolError::new(format!("{} came {when}", name(kind)))
}
