//! TLS over a descriptor. Python's `ssl` encrypts and decrypts, between two buffers in memory (`ssl.MemoryBIO`); the
//! descriptor is read and written as it is without TLS, so that deadlines, signals and both directions work the same.

use std::time::Instant;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::descriptor::{Descriptor, Failure, Moved};
use super::opening::{Opened, Opener, is, lost};
use crate::lazy::SSL_ERROR;

/// The longest plain text of one record: what is encrypted at once becomes a record as a whole or not at all.
pub const RECORD: usize = 16 * 1024;

/// Bytes encrypted ahead of what the socket takes; what is asked for in one go may be a gigabyte.
const AHEAD: usize = 128 * 1024;

/// Bytes read from the descriptor at once.
const RAW: usize = 64 * 1024;

pub struct Tls {
    descriptor: Descriptor,
    /// `ssl.SSLObject`, and what it writes to.
    object: Py<PyAny>,
    outgoing: Py<PyAny>,
    opener: Opener,
    /// Bytes of the session's output that are encrypted, and of which the session does not know yet: whatever is raised
    /// meanwhile, they must not be encrypted again.
    taken: usize,
    /// Encrypted bytes, of which the first `sent` are on their way.
    sealed: Vec<u8>,
    sent: usize,
    raw: Box<[u8]>,
}

impl Tls {
    pub fn new(
        py: Python<'_>,
        descriptor: Descriptor,
        object: Py<PyAny>,
        incoming: Py<PyAny>,
        outgoing: Py<PyAny>,
    ) -> Tls {
        Tls {
            descriptor,
            opener: Opener::new(py, object.clone_ref(py), incoming),
            object,
            outgoing,
            taken: 0,
            sealed: Vec::new(),
            sent: 0,
            raw: vec![0; RAW].into_boxed_slice(),
        }
    }

    /// Why nothing more can be read, if so.
    pub fn broken(&self) -> Option<&str> {
        self.opener.broken.as_deref()
    }

    pub fn exchange(
        &mut self,
        py: Python<'_>,
        output: &[u8],
        buffer: &mut [u8],
        deadline: Option<Instant>,
    ) -> Result<Moved, Failure> {
        self.transfer(py, output, buffer, deadline, true)
    }

    pub fn push(
        &mut self,
        py: Python<'_>,
        output: &[u8],
        buffer: &mut [u8],
        deadline: Option<Instant>,
    ) -> Result<Moved, Failure> {
        let mut moved = self.transfer(py, output, buffer, deadline, false)?;
        // What is taken counts as sent for the session, which then asks no more: see that it is.
        while moved.written == output.len() && self.waiting() > 0 && moved.read == Some(0) {
            match self.transfer(py, &[], buffer, deadline, false) {
                Ok(more) => moved.read = more.read,
                Err(failure) => {
                    // The session has not heard that it is taken.
                    self.taken = moved.written;
                    return Err(failure);
                }
            }
        }
        Ok(moved)
    }

    pub fn arrived(&mut self, py: Python<'_>, buffer: &mut [u8]) -> Result<Option<usize>, Failure> {
        self.check()?;
        loop {
            if self.opener.undrained {
                match self.open(py, buffer)? {
                    Opened::Closed => return Ok(Some(0)),
                    Opened::Bytes(0) => self.check()?,
                    Opened::Bytes(count) => return Ok(Some(count)),
                }
            }
            match self.descriptor.arrived(&mut self.raw)? {
                None => return Ok(None),
                Some(count) => self.take_in(py, count)?,
            }
        }
    }

    /// The last bytes: what was not sent yet, the goodbye, and TLS's own.
    pub fn farewell(&mut self, py: Python<'_>, output: &[u8]) -> Vec<u8> {
        // It is a courtesy; whoever hangs up does not care whether it can still be said.
        let _ = self.seal(py, output);
        let _ = self.object.bind(py).call_method0(intern!(py, "unwrap"));
        let _ = self.collect(py);
        self.sealed.split_off(self.sent)
    }

    /// `wait`: for an answer, once everything is sent.
    fn transfer(
        &mut self,
        py: Python<'_>,
        output: &[u8],
        buffer: &mut [u8],
        deadline: Option<Instant>,
        wait: bool,
    ) -> Result<Moved, Failure> {
        self.check()?;
        self.seal(py, output)?;
        if self.opener.undrained {
            match self.open(py, buffer)? {
                Opened::Bytes(0) => {}
                Opened::Bytes(count) => return Ok(self.moved(Some(count))),
                Opened::Closed => return Ok(self.moved(None)),
            }
        }
        self.check()?;
        let sealed = self.sealed.get(self.sent..).unwrap_or_default();
        let step = if wait && self.taken == output.len() {
            self.descriptor
                .exchange(py, sealed, &mut self.raw, deadline)
        } else {
            self.descriptor.push(py, sealed, &mut self.raw, deadline)
        };
        let step = step?;
        self.consume(step.written);
        match step.read {
            Some(0) => return Ok(self.moved(Some(0))),
            Some(count) => self.take_in(py, count)?,
            None => self.take_in(py, 0)?,
        }
        let read = match self.open(py, buffer)? {
            Opened::Bytes(count) => Some(count),
            Opened::Closed => None,
        };
        Ok(self.moved(read))
    }

    fn moved(&mut self, read: Option<usize>) -> Moved {
        Moved {
            written: std::mem::take(&mut self.taken),
            read,
        }
    }

    fn check(&mut self) -> Result<(), Failure> {
        if let Some(error) = self.opener.raised.take() {
            return Err(Failure::Raised(error));
        }
        match &self.opener.broken {
            Some(reason) => Err(Failure::Lost(reason.clone())),
            None => Ok(()),
        }
    }

    fn waiting(&self) -> usize {
        self.sealed.len().saturating_sub(self.sent)
    }

    fn consume(&mut self, count: usize) {
        self.sent = self.sent.saturating_add(count);
        if self.sent >= self.sealed.len() {
            self.sealed.clear();
            self.sent = 0;
        }
    }

    /// Encrypts as much of the output as may be ahead.
    fn seal(&mut self, py: Python<'_>, output: &[u8]) -> Result<(), Failure> {
        let rest = output.get(self.taken..).unwrap_or_default();
        for part in rest.chunks(RECORD) {
            if self.waiting() >= AHEAD {
                break;
            }
            let plain = PyBytes::new(py, part);
            let sealed = self
                .object
                .bind(py)
                .call_method1(intern!(py, "write"), (plain,));
            let made = self.collect(py)?;
            // A signal handler may have raised, which `write` runs after its work.
            if made {
                self.taken += part.len();
            }
            match sealed {
                Ok(_) => {}
                Err(error) if is(py, &error, &SSL_ERROR) => {
                    return Err(Failure::Lost(lost(py, &error)));
                }
                Err(error) => return Err(Failure::Raised(error)),
            }
        }
        Ok(())
    }

    /// Fetches what TLS wants to send; whether there was anything.
    fn collect(&mut self, py: Python<'_>) -> Result<bool, Failure> {
        let bytes = self
            .outgoing
            .bind(py)
            .call_method0(intern!(py, "read"))
            .map_err(Failure::Raised)?;
        let bytes = bytes
            .cast::<PyBytes>()
            .map_err(|error| Failure::Raised(error.into()))?;
        self.sealed.extend_from_slice(bytes.as_bytes());
        Ok(!bytes.as_bytes().is_empty())
    }

    /// Takes in what was read from the descriptor; 0 bytes: it has ended.
    fn take_in(&mut self, py: Python<'_>, count: usize) -> Result<(), Failure> {
        let raw = self.raw.get(..count).unwrap_or_default();
        self.opener.take_in(py, raw).map_err(Failure::Raised)
    }

    /// Decrypts what has come, as much as `buffer` holds.
    fn open(&mut self, py: Python<'_>, buffer: &mut [u8]) -> Result<Opened, Failure> {
        let opened = self.opener.open(py, buffer);
        // TLS has words of its own, such as the answer to a new key.
        self.collect(py)?;
        match opened {
            Opened::Bytes(0) => self.check()?,
            Opened::Bytes(_) | Opened::Closed => {}
        }
        Ok(opened)
    }
}
