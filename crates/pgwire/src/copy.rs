//! COPY: what the server says of it, and what we say where it is not what was asked for.

use crate::error::{DecodeError, ProtocolError, Refused};
use crate::frontend;
use crate::reader::Reader;
use crate::server_error::ServerError;
use crate::writer::Output;

const REASON: &str = "COPY cannot run as an ordinary statement: call copy_in or copy_out";

/// Which way the data of a COPY go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the server: COPY FROM STDIN.
    In,
    /// From the server: COPY TO STDOUT.
    Out,
}

/// How the data of a COPY are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyFormat {
    /// Whether they are in binary format; else text, as lines or CSV.
    pub binary: bool,
    /// The number of columns.
    pub columns: u16,
}

impl CopyFormat {
    /// Reads the body of a `CopyInResponse` or `CopyOutResponse`.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(body);
        let binary = match reader.u8()? {
            0 => false,
            1 => true,
            _ => return Err(DecodeError::new("the format is neither text nor binary")),
        };
        let columns = reader.count()?;
        for _ in 0..columns {
            reader.u16()?;
        }
        reader.end()?;
        Ok(Self { binary, columns })
    }
}

/// Turns down, as an ordinary statement, a COPY FROM STDIN; the server answers with an error.
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

/// Turns down a COPY FROM STDIN where a COPY TO STDOUT was asked for.
pub(crate) fn turn_round(out: &mut Output) -> Result<(), Refused> {
    out.write(|out| {
        frontend::copy_fail(
            out,
            "it takes data, where data were asked for: use the other direction",
        )?;
        frontend::sync(out)
    })
}

/// The error of a COPY TO STDOUT whose data nobody takes: an ordinary statement, or asked for as a COPY FROM STDIN.
pub(crate) fn error(is_copy: bool) -> ServerError {
    unfit(if is_copy {
        "COPY gives data, where it was to take them: use the other direction"
    } else {
        REASON
    })
}

/// The error of a statement that was asked for as a COPY and is none.
pub(crate) fn not_a_copy() -> ServerError {
    unfit("the statement is no COPY FROM STDIN or TO STDOUT: run it as an ordinary statement")
}

fn unfit(message: &str) -> ServerError {
    ServerError {
        severity: "ERROR".to_owned(),
        code: "0A000".to_owned(),
        message: message.to_owned(),
        ..ServerError::default()
    }
}
