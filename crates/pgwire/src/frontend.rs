//! What a client says: one function per message, all of them through the one writer.

use crate::Oid;
use crate::config::Config;
use crate::error::Refused;
use crate::format::{Format, Formats};
use crate::limits::{wire_count, wire_length};
use crate::params::Params;
use crate::writer::{Body, message, patch};

type Written = Result<(), Refused>;

const PROTOCOL_3_0: u32 = 3 << 16;

pub(crate) fn startup(out: &mut Vec<u8>, config: &Config) -> Written {
    message(out, None, |body| {
        body.u32(PROTOCOL_3_0)?;
        body.text("user", "")?;
        body.text(&config.user, "the user name")?;
        body.text("database", "")?;
        body.text(&config.database, "the database name")?;
        body.text("client_encoding", "")?;
        body.text("UTF8", "")?;
        for (name, value) in &config.parameters {
            body.text(name, "the name of a start-up parameter")?;
            body.text(value, "the value of a start-up parameter")?;
        }
        body.bytes(&[0])
    })
}

pub(crate) fn password(out: &mut Vec<u8>, password: &str) -> Written {
    message(out, Some(b'p'), |body| body.text(password, "the password"))
}

pub(crate) fn sasl_initial_response(
    out: &mut Vec<u8>,
    mechanism: &str,
    response: &[u8],
) -> Written {
    message(out, Some(b'p'), |body| {
        body.text(mechanism, "the mechanism")?;
        body.i32(wire_length(response.len(), "the response")?)?;
        body.bytes(response)
    })
}

pub(crate) fn sasl_response(out: &mut Vec<u8>, response: &[u8]) -> Written {
    message(out, Some(b'p'), |body| body.bytes(response))
}

pub(crate) fn parse(out: &mut Vec<u8>, name: &str, sql: &str, types: &[Oid]) -> Written {
    message(out, Some(b'P'), |body| {
        body.text(name, "the statement name")?;
        body.text(sql, "the SQL text")?;
        body.u16(wire_count(types.len(), "parameter types")?)?;
        types.iter().try_for_each(|oid| body.u32(*oid))
    })
}

pub(crate) fn describe_statement(out: &mut Vec<u8>, name: &str) -> Written {
    named(out, b'D', b"S", name, "the statement name")
}

pub(crate) fn describe_portal(out: &mut Vec<u8>, name: &str) -> Written {
    named(out, b'D', b"P", name, "the portal name")
}

pub(crate) fn close_statement(out: &mut Vec<u8>, name: &str) -> Written {
    named(out, b'C', b"S", name, "the statement name")
}

pub(crate) fn close_portal(out: &mut Vec<u8>, name: &str) -> Written {
    named(out, b'C', b"P", name, "the portal name")
}

fn named(out: &mut Vec<u8>, kind: u8, what: &[u8], name: &str, label: &str) -> Written {
    message(out, Some(kind), |body| {
        body.bytes(what)?;
        body.text(name, label)
    })
}

/// Bind to a portal; the unnamed one has an empty name.
pub(crate) fn bind(
    out: &mut Vec<u8>,
    portal: &str,
    name: &str,
    results: Formats<'_>,
    params: &Params,
) -> Written {
    message(out, Some(b'B'), |body| {
        body.text(portal, "the portal name")?;
        body.text(name, "the statement name")?;
        formats(body, params.formats())?;
        body.u16(wire_count(params.len(), "parameters")?)?;
        body.bytes(params.values())?;
        match results {
            Formats::All(format) => formats(body, &[format]),
            Formats::Each(each) => each_format(body, each),
        }
    })
}

/// One format, binary, for all of them.
const ALL_BINARY: &[u8] = &[0, 1, 0, 1];

/// The shortest way to say it: none for "all text", one for "all the same", else each.
fn formats(body: &mut Body<'_>, each: &[Format]) -> Written {
    match each.split_first() {
        None => body.u16(0),
        Some((first, rest)) if rest.iter().all(|format| format == first) => match first {
            Format::Text => body.u16(0),
            Format::Binary => body.bytes(ALL_BINARY),
        },
        Some(_) => each_format(body, each),
    }
}

fn each_format(body: &mut Body<'_>, each: &[Format]) -> Written {
    body.u16(wire_count(each.len(), "formats")?)?;
    each.iter().try_for_each(|format| body.u16(format.code()))
}

/// Execute a portal; a limit of 0 is none.
pub(crate) fn execute(out: &mut Vec<u8>, portal: &str, limit: i32) -> Written {
    message(out, Some(b'E'), |body| {
        body.text(portal, "the portal name")?;
        body.i32(limit)
    })
}

/// One statement without parameters, in full; its rows come as text.
pub(crate) fn statement(out: &mut Vec<u8>, sql: &str) -> Written {
    parse(out, "", sql, &[])?;
    bind(out, "", "", Formats::All(Format::Text), &Params::new())?;
    execute(out, "", 0)
}

/// Execute of the unnamed portal without a limit, and Sync: the end of nearly every request.
pub(crate) const EXECUTE_AND_SYNC: &[u8] = b"E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04";

/// Has the server send what it holds back until Sync.
pub(crate) fn flush(out: &mut Vec<u8>) -> Written {
    message(out, Some(b'H'), |_| Ok(()))
}

pub(crate) fn sync(out: &mut Vec<u8>) -> Written {
    message(out, Some(b'S'), |_| Ok(()))
}

pub(crate) fn query(out: &mut Vec<u8>, sql: &str) -> Written {
    message(out, Some(b'Q'), |body| body.text(sql, "the SQL text"))
}

pub(crate) fn copy_data(out: &mut Vec<u8>, data: &[u8]) -> Written {
    message(out, Some(b'd'), |body| body.bytes(data))
}

/// Bytes in front of the data of a CopyData message.
pub const COPY_ROOM: usize = 5;

/// The head of a CopyData message whose data are there, behind [`COPY_ROOM`] bytes.
pub(crate) fn copy_head(message: &mut [u8]) -> Written {
    let Some((kind, counted)) = message.split_first_mut() else {
        return Err(Refused::new("a message has no room for its head"));
    };
    *kind = b'd';
    let length = wire_length(counted.len(), "a message")?;
    patch(counted, 0, length);
    Ok(())
}

pub(crate) fn copy_done(out: &mut Vec<u8>) -> Written {
    message(out, Some(b'c'), |_| Ok(()))
}

pub(crate) fn copy_fail(out: &mut Vec<u8>, reason: &str) -> Written {
    message(out, Some(b'f'), |body| body.text(reason, "the reason"))
}

pub(crate) fn terminate(out: &mut Vec<u8>) -> Written {
    message(out, Some(b'X'), |_| Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_request_is_what_the_writer_would_write() {
        let mut out = Vec::new();
        execute(&mut out, "", 0).unwrap();
        sync(&mut out).unwrap();
        assert_eq!(out, EXECUTE_AND_SYNC);
    }
}
