//! Every limit in one place: what we refuse to send, and what we refuse to keep.

use crate::error::{ProtocolError, Refused};

/// Default of [`Config::max_message`](crate::Config::max_message), in bytes: PostgreSQL itself
/// cannot build a longer value.
pub const MAX_MESSAGE: usize = 1 << 30;

/// The longest message that is sent, in bytes: to a longer one a server answers by hanging up
/// (`PQ_LARGE_MESSAGE_LIMIT` in PostgreSQL's `libpq.h`).
pub(crate) const MAX_SENT: usize = 0x3fff_fffe;

/// Parameters of one execution: their count is an unsigned 16-bit number on the wire.
pub const MAX_PARAMETERS: usize = 65_535;

/// Default, and also the highest value that has an effect, of
/// [`Config::scram_max_iterations`](crate::Config::scram_max_iterations).
pub const SCRAM_MAX_ITERATIONS: u32 = 100_000;

/// Server parameters kept (`ParameterStatus`); a server reports some fifteen.
pub(crate) const SERVER_PARAMETERS: usize = 1_000;

/// Bytes of all names and values of the kept server parameters together.
pub(crate) const SERVER_PARAMETER_BYTES: usize = 64 << 10;

/// Length of the secret in a `BackendKeyData`: four bytes up to protocol 3.0, at most 256 later.
pub(crate) const KEY_BYTES: std::ops::RangeInclusive<usize> = 4..=256;

/// Room kept for a message that came in pieces; a larger one is given back after its use.
pub(crate) const KEEP_BUFFER: usize = 1 << 20;

const CONTROL: usize = 64 << 10;
const DESCRIPTION: usize = 4 << 20;
/// An error is copied some times before it is one of the user's.
const REPORT: usize = 8 << 20;

/// The longest body of a message of this type, None for a type that does not exist.
///
/// Only rows are as long as the caller allows: a server that announces a gigabyte of anything
/// else is turned away at the header, before a byte of it is kept.
pub(crate) const fn longest(kind: u8, max_message: usize) -> Option<usize> {
    let limit = match kind {
        b'D' | b'd' => max_message,
        b'E' | b'N' | b'A' => REPORT,
        b'T' | b't' => DESCRIPTION,
        b'R' | b'S' | b'K' | b'Z' | b'C' | b'I' | b'1' | b'2' | b'3' | b'n' | b's' | b'v'
        | b'G' | b'H' | b'W' | b'c' | b'V' => CONTROL,
        _ => return None,
    };
    Some(if limit < max_message {
        limit
    } else {
        max_message
    })
}

/// A length as the wire writes it; the one place where a length becomes an `i32`.
pub(crate) fn wire_length(bytes: usize, what: &str) -> Result<i32, Refused> {
    let length = i32::try_from(bytes).ok();
    length
        .filter(|_| bytes <= MAX_SENT)
        .ok_or_else(|| too_long(bytes, what, MAX_SENT))
}

/// What is said of something that is longer than a message may be.
#[cold]
pub(crate) fn too_long(bytes: usize, what: &str, most: usize) -> Refused {
    Refused::new(format!(
        "{what} of {bytes} bytes does not fit into one message (at most {most} bytes): send less at a time"
    ))
}

/// A count as the wire writes it.
pub(crate) fn wire_count(count: usize, what: &str) -> Result<u16, Refused> {
    u16::try_from(count).map_err(|_| {
        Refused::new(format!(
            "{count} {what} are too many: PostgreSQL takes at most {MAX_PARAMETERS} in one statement"
        ))
    })
}

/// The length in a message header, which counts itself, as the length of the body.
#[inline]
pub(crate) fn body_length(
    kind: u8,
    length: i32,
    max_message: usize,
) -> Result<usize, ProtocolError> {
    let body = usize::try_from(length)
        .ok()
        .and_then(|length| length.checked_sub(4));
    match (body, longest(kind, max_message)) {
        (Some(body), Some(limit)) if body <= limit => Ok(body),
        (_, limit) => Err(wrong_length(kind, length, limit)),
    }
}

#[cold]
fn wrong_length(kind: u8, length: i32, limit: Option<usize>) -> ProtocolError {
    ProtocolError::new(match limit {
        None => format!(
            "a message of the unknown type {} came: this is not PostgreSQL, or the stream is damaged",
            printable(kind)
        ),
        Some(limit) => format!(
            "a message of type {} says it is {length} bytes long; 4 to {} are possible",
            printable(kind),
            limit.saturating_add(4)
        ),
    })
}

pub(crate) fn printable(kind: u8) -> String {
    format!("'{}'", kind.escape_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_end_where_a_server_hangs_up() {
        assert_eq!(wire_length(1_073_741_822, "x"), Ok(1_073_741_822));
        for bytes in [
            1_073_741_823,
            1 << 30,
            i32::MAX as usize,
            1 << 31,
            (1 << 32) - 1,
            1 << 32,
            (1 << 32) + 4,
            usize::MAX,
        ] {
            assert!(wire_length(bytes, "x").is_err(), "{bytes}");
        }
    }

    #[test]
    fn counts_end_at_65_535() {
        assert_eq!(wire_count(65_535, "parameters"), Ok(65_535));
        assert!(wire_count(65_536, "parameters").is_err());
    }

    #[test]
    fn headers_are_judged_before_their_body_comes() {
        assert_eq!(body_length(b'D', 4, MAX_MESSAGE), Ok(0));
        for length in [i32::MIN, -1, 0, 1, 3, i32::MAX] {
            assert!(body_length(b'D', length, MAX_MESSAGE).is_err(), "{length}");
        }
        assert!(body_length(b'D', 1 << 29, MAX_MESSAGE).is_ok());
        assert!(body_length(b'Z', 1 << 29, MAX_MESSAGE).is_err());
        assert!(body_length(b'Y', 4, MAX_MESSAGE).is_err());
    }
}
