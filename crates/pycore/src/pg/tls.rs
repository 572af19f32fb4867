//! TLS over a descriptor. Python's `ssl` encrypts and decrypts, between two buffers in memory (`ssl.MemoryBIO`); the
//! descriptor is read and written as it is without TLS, so that deadlines, signals and both directions work the same.

use std::time::Instant;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::blocking::{Descriptor, Failure, Moved};
use crate::lazy::{SSL_ERROR, SSL_WANTS_READ, SSL_ZERO_RETURN};

/// The longest plain text of one record: what is encrypted at once becomes a record as a whole or not at all.
const RECORD: usize = 16 * 1024;

/// Bytes encrypted ahead of what the socket takes; what is asked for in one go may be a gigabyte.
const AHEAD: usize = 128 * 1024;

/// Bytes read from the descriptor at once.
const RAW: usize = 64 * 1024;

pub struct Tls {
    descriptor: Descriptor,
    /// `ssl.SSLObject`, and what it reads from and writes to.
    object: Py<PyAny>,
    incoming: Py<PyAny>,
    outgoing: Py<PyAny>,
    /// Bytes of the session's output that are encrypted, and of which the session does not know yet: whatever is raised
    /// meanwhile, they must not be encrypted again.
    taken: usize,
    /// Encrypted bytes, of which the first `sent` are on their way.
    sealed: Vec<u8>,
    sent: usize,
    raw: Box<[u8]>,
    /// There may be decrypted bytes, or such that can be: the descriptor would not tell.
    undrained: bool,
    /// What a signal handler raised while there were bytes to be given out first.
    raised: Option<PyErr>,
    /// Why nothing more can be read.
    broken: Option<String>,
}

/// What one look for decrypted bytes gave.
enum Opened {
    Bytes(usize),
    Closed,
}

impl Tls {
    pub fn new(
        descriptor: Descriptor,
        object: Py<PyAny>,
        incoming: Py<PyAny>,
        outgoing: Py<PyAny>,
    ) -> Tls {
        Tls {
            descriptor,
            object,
            incoming,
            outgoing,
            taken: 0,
            sealed: Vec::new(),
            sent: 0,
            raw: vec![0; RAW].into_boxed_slice(),
            // The end of the handshake may have brought more.
            undrained: true,
            raised: None,
            broken: None,
        }
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
            moved.read = self.transfer(py, &[], buffer, deadline, false)?.read;
        }
        Ok(moved)
    }

    pub fn arrived(&mut self, py: Python<'_>, buffer: &mut [u8]) -> Result<Option<usize>, Failure> {
        self.check()?;
        loop {
            if self.undrained {
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
        if self.undrained {
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
        if let Some(error) = self.raised.take() {
            return Err(Failure::Raised(error));
        }
        match &self.broken {
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
        let incoming = self.incoming.bind(py);
        self.undrained = true;
        let taken = match self.raw.get(..count) {
            Some(raw) if count > 0 => {
                incoming.call_method1(intern!(py, "write"), (PyBytes::new(py, raw),))
            }
            _ => incoming.call_method0(intern!(py, "write_eof")),
        };
        taken.map(drop).map_err(|error| {
            // Bytes are missing from now on.
            self.broken = Some(lost(py, &error));
            Failure::Raised(error)
        })
    }

    /// Decrypts what has come, as much as `buffer` holds.
    fn open(&mut self, py: Python<'_>, buffer: &mut [u8]) -> Result<Opened, Failure> {
        let mut filled = 0;
        let mut closed = false;
        while let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
            // `read` looks for signals after its work, and what it has read is lost when a handler raises: so here first.
            if let Err(error) = py.check_signals() {
                self.raised = Some(error);
                break;
            }
            match self.read(py, room) {
                Ok(Some(0)) => {
                    closed = true;
                    break;
                }
                Ok(Some(count)) => filled += count,
                Ok(None) => {
                    self.undrained = false;
                    break;
                }
                Err(error) => {
                    self.broken = Some(lost(py, &error));
                    if !is(py, &error, &SSL_ERROR) {
                        self.raised = Some(error);
                    }
                    break;
                }
            }
        }
        // TLS has words of its own, such as the answer to a new key.
        self.collect(py)?;
        if filled == 0 {
            if closed {
                return Ok(Opened::Closed);
            }
            self.check()?;
        }
        Ok(Opened::Bytes(filled))
    }

    /// Bytes of one record; None when there is none, Some(0) after the last.
    fn read(&self, py: Python<'_>, room: &mut [u8]) -> PyResult<Option<usize>> {
        let object = self.object.bind(py);
        match object.call_method1(intern!(py, "read"), (room.len(),)) {
            Ok(bytes) => {
                let bytes = bytes.cast::<PyBytes>()?.as_bytes();
                for (to, from) in room.iter_mut().zip(bytes) {
                    *to = *from;
                }
                Ok(Some(bytes.len()))
            }
            Err(error) if is(py, &error, &SSL_WANTS_READ) => Ok(None),
            // Servers seldom say goodbye in TLS as well; the session knows whether it was cut short.
            Err(error) if is(py, &error, &SSL_ZERO_RETURN) => Ok(Some(0)),
            Err(error) => Err(error),
        }
    }
}

fn is(py: Python<'_>, error: &PyErr, class: &'static crate::lazy::Lazy) -> bool {
    class
        .get(py)
        .is_ok_and(|class| error.matches(py, class).unwrap_or(false))
}

fn lost(py: Python<'_>, error: &PyErr) -> String {
    let eof = error
        .get_type(py)
        .name()
        .is_ok_and(|name| name == "SSLEOFError");
    if eof {
        "the server closed the connection".to_owned()
    } else {
        format!("the connection was lost: {}", error.value(py))
    }
}
