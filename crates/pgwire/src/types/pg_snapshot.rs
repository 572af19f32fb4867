//! pg_snapshot: which transactions a snapshot sees; how many were running, two ends, then those.

use std::fmt::Write;

use super::{malformed, unfit};
use crate::error::{DecodeError, EncodeError};

/// Reads a pg_snapshot, as the server writes its text: `10:20:10,14`.
pub fn decode(bytes: &[u8]) -> Result<String, DecodeError> {
    let wrong = || {
        malformed(
            "pg_snapshot",
            "its number of transactions and its length do not fit",
        )
    };
    let (count, rest) = bytes.split_first_chunk::<4>().ok_or_else(wrong)?;
    let count = usize::try_from(i32::from_be_bytes(*count)).map_err(|_| wrong())?;
    let (numbers, rest) = rest.as_chunks::<8>();
    let ([xmin, xmax], running) = numbers.split_first_chunk::<2>().ok_or_else(wrong)?;
    if running.len() != count || !rest.is_empty() {
        return Err(wrong());
    }
    let mut text = format!(
        "{}:{}:",
        u64::from_be_bytes(*xmin),
        u64::from_be_bytes(*xmax)
    );
    for (index, xid) in running.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(text, "{comma}{}", u64::from_be_bytes(*xid));
    }
    Ok(text)
}

/// Appends a pg_snapshot, given as its text.
///
/// # Errors
///
/// [`EncodeError`] for other text. Whether the numbers are in order is for the server to say.
pub fn encode(text: &str, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let numbers = numbers(text).ok_or_else(|| {
        unfit(
            "pg_snapshot",
            format_args!("{text:?}"),
            "is not a snapshot such as 10:20:10,14",
        )
    })?;
    let count = i32::try_from(numbers.len().saturating_sub(2))
        .map_err(|_| unfit("pg_snapshot", numbers.len(), "transactions are too many"))?;
    out.extend_from_slice(&count.to_be_bytes());
    for number in numbers {
        out.extend_from_slice(&number.to_be_bytes());
    }
    Ok(())
}

fn numbers(text: &str) -> Option<Vec<u64>> {
    let (xmin, rest) = text.split_once(':')?;
    let (xmax, running) = rest.split_once(':')?;
    let running = running.split(',').filter(|_| !running.is_empty());
    [xmin, xmax]
        .into_iter()
        .chain(running)
        .map(number)
        .collect()
}

fn number(digits: &str) -> Option<u64> {
    // Without this a sign would do.
    let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{hex, prefixes_fail};

    #[test]
    fn snapshots_as_postgresql_writes_them() {
        for (bytes, text) in [
            (
                "00000002 000000000000000a 0000000000000014 000000000000000a 000000000000000e",
                "10:20:10,14",
            ),
            ("00000000 0000000000000001 0000000000000002", "1:2:"),
        ] {
            let bytes = hex(bytes);
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
            let mut out = Vec::new();
            encode(text, &mut out).unwrap();
            assert_eq!(out, bytes);
            prefixes_fail(&bytes, |bytes| decode(bytes).is_ok());
        }
    }

    #[test]
    fn what_is_no_snapshot() {
        let mut out = Vec::new();
        for text in [
            "", "1", "1:2", "1:2:,", "1:2:3,", "1:2:3:4", "+1:2:", "1:2:x", ":2:", "-1:2:",
        ] {
            assert!(encode(text, &mut out).is_err(), "{text}");
        }
        assert!(out.is_empty());
        assert!(decode(&hex("ffffffff 0000000000000001 0000000000000002")).is_err());
    }
}
