//! The bodies of the small messages.

use crate::column::{self, Column};
use crate::command_tag::CommandTag;
use crate::error::{DecodeError, ProtocolError};
use crate::event::{Event, TransactionStatus};
use crate::expect::name;
use crate::reader::Reader;

/// Says which message a malformed body belongs to.
pub(crate) fn malformed(kind: u8) -> impl FnOnce(DecodeError) -> ProtocolError {
    move |error| ProtocolError::new(format!("{} is malformed: {error}", name(kind)))
}

pub(crate) fn empty(body: &[u8]) -> Result<(), DecodeError> {
    Reader::new(body).end()
}

pub(crate) fn command_tag(body: &[u8]) -> Result<CommandTag<'_>, DecodeError> {
    let mut reader = Reader::new(body);
    let tag = CommandTag::new(reader.text()?);
    reader.end()?;
    Ok(tag)
}

/// `RowDescription`, or `NoData` in its place.
pub(crate) fn columns(kind: u8, body: &[u8]) -> Result<Vec<Column>, DecodeError> {
    match kind {
        b'T' => column::parse(body),
        _ => empty(body).map(|()| Vec::new()),
    }
}

pub(crate) fn two_texts(body: &[u8]) -> Result<(&str, &str), DecodeError> {
    let mut reader = Reader::new(body);
    let texts = (reader.text()?, reader.text()?);
    reader.end()?;
    Ok(texts)
}

pub(crate) fn notification(body: &[u8]) -> Result<Event<'_>, DecodeError> {
    let mut reader = Reader::new(body);
    let pid = reader.i32()?;
    let (channel, payload) = two_texts(reader.rest())?;
    Ok(Event::Notification {
        pid,
        channel,
        payload,
    })
}

/// `ReadyForQuery`.
pub(crate) fn status(body: &[u8]) -> Result<TransactionStatus, ProtocolError> {
    let status = match body {
        [code] => TransactionStatus::from_code(*code),
        _ => None,
    };
    status.ok_or_else(|| ProtocolError::new("ReadyForQuery has no transaction status"))
}
