//! A COPY that arrived as an ordinary statement: it fails, and the session goes on.

use crate::error::{DecodeError, ProtocolError};
use crate::frontend;
use crate::reader::Reader;
use crate::server_error::ServerError;
use crate::writer::Output;

const REASON: &str = "COPY needs the copy API: it cannot run as an ordinary statement";

/// Turns a COPY FROM STDIN down; the server answers with an error.
pub(crate) fn decline(
    others_in_flight: bool,
    more_rounds: bool,
    is_simple: bool,
    out: &mut Output,
) -> Result<(), ProtocolError> {
    if others_in_flight {
        // The server has taken what follows for copy data, so nobody can say which replies are
        // still to come.
        return Err(ProtocolError::new(format!(
            "{REASON}, least of all with requests behind it"
        )));
    }
    if more_rounds {
        // The server fails by itself on the next Bind, and skips to the Sync.
        return Ok(());
    }
    let declined = out.write(|out| {
        frontend::copy_fail(out, REASON)?;
        // During COPY the server ignores Sync, so ours is lost. A simple query had none.
        if is_simple {
            Ok(())
        } else {
            frontend::sync(out)
        }
    });
    declined.map_err(|refused| ProtocolError::new(refused.message))
}

/// The error of a COPY TO STDOUT, whose data nobody takes.
pub(crate) fn error() -> ServerError {
    ServerError {
        severity: "ERROR".to_owned(),
        code: "0A000".to_owned(),
        message: REASON.to_owned(),
        ..ServerError::default()
    }
}

/// `CopyInResponse` and `CopyOutResponse`: formats of the whole and of each column.
pub(crate) fn check(body: &[u8]) -> Result<(), DecodeError> {
    let mut reader = Reader::new(body);
    reader.u8()?;
    for _ in 0..reader.count()? {
        reader.u16()?;
    }
    reader.end()
}
