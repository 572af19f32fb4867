//! The key to cancel a running query, and the request that uses it.

use std::fmt;

use crate::error::DecodeError;
use crate::limits::KEY_BYTES;
use crate::reader::Reader;

const CANCEL_CODE: u32 = 80_877_102;

/// What the server wants to see before it cancels; its secret never appears in a `Debug` output.
#[derive(Clone, PartialEq, Eq)]
pub struct BackendKey {
    pid: i32,
    secret: Vec<u8>,
}

impl BackendKey {
    /// The process that serves the session, as `pg_backend_pid()` says it.
    pub const fn pid(&self) -> i32 {
        self.pid
    }

    pub(crate) fn parse(body: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(body);
        let pid = reader.i32()?;
        let secret = reader.rest();
        if !KEY_BYTES.contains(&secret.len()) {
            return Err(DecodeError::new(format!(
                "the key is {} bytes long; 4 to 256 are possible",
                secret.len()
            )));
        }
        Ok(Self {
            pid,
            secret: secret.to_vec(),
        })
    }
}

impl fmt::Debug for BackendKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackendKey")
            .field("pid", &self.pid)
            .finish_non_exhaustive()
    }
}

/// The bytes to write, first and alone, to a new connection to the same server (over TLS if the
/// session is) to cancel what the session is running. The server closes without an answer.
pub fn cancel_request(key: &BackendKey) -> Vec<u8> {
    // At most 268: `BackendKey::parse` has checked the secret.
    let length = u32::try_from(key.secret.len())
        .unwrap_or(0)
        .saturating_add(12);
    let mut request = Vec::with_capacity(key.secret.len().saturating_add(12));
    request.extend_from_slice(&length.to_be_bytes());
    request.extend_from_slice(&CANCEL_CODE.to_be_bytes());
    request.extend_from_slice(&key.pid.to_be_bytes());
    request.extend_from_slice(&key.secret);
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_keys_are_sent_back_whole() {
        for length in [4_usize, 32, 256] {
            let body = [&[0, 0, 0, 9][..], &vec![7; length]].concat();
            let request = cancel_request(&BackendKey::parse(&body).unwrap());
            assert_eq!(request.len(), 12 + length);
            assert_eq!(
                request[..4],
                u32::try_from(12 + length).unwrap().to_be_bytes()
            );
            assert_eq!(request[4..8], [0x04, 0xd2, 0x16, 0x2e]);
            assert_eq!(request[8..], body);
        }
    }

    #[test]
    fn other_lengths_are_refused() {
        for length in [0, 3, 257] {
            assert!(BackendKey::parse(&vec![0; 4 + length]).is_err(), "{length}");
        }
    }

    #[test]
    fn the_secret_stays_out_of_debug_output() {
        let key = BackendKey::parse(&[0, 0, 0, 9, 222, 222, 222, 222]).unwrap();
        assert_eq!(format!("{key:?}"), "BackendKey { pid: 9, .. }");
    }
}
