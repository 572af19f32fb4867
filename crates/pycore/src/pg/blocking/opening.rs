//! Decrypting, so that no byte is lost whatever a signal handler raises.
//!
//! `SSLObject.read` runs signal handlers after its work, and when one of them raises it does not say how much it has
//! read. So it reads into memory of ours, and only what it is known to have: one byte of a record, then what
//! `SSLObject.pending` says is left of it.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes};

use super::tls::RECORD;
use crate::lazy::{SSL_ERROR, SSL_WANTS_READ, SSL_ZERO_RETURN};
use crate::pg::session::ending::HUNG_UP;

/// Lies where the first byte of a record will: another value has been read.
const MARK: u8 = 0xA5;

const INTERRUPTED: &str = "an exception in a signal handler interrupted the decryption at a moment at which it cannot \
                           be told what was read";

pub struct Opener {
    /// `ssl.SSLObject`, and what it reads from.
    object: Py<PyAny>,
    incoming: Py<PyAny>,
    /// What it reads into.
    plain: Py<PyByteArray>,
    /// Decrypted bytes that TLS still has, all of one record.
    left: usize,
    /// The descriptor has ended.
    ended: bool,
    /// There may be decrypted bytes, or such that can be: the descriptor would not tell.
    pub undrained: bool,
    /// What a signal handler raised while there were bytes to be given out first.
    pub raised: Option<PyErr>,
    /// Why nothing more can be read.
    pub broken: Option<String>,
}

/// What one look for decrypted bytes gave.
pub enum Opened {
    Bytes(usize),
    Closed,
}

/// What one call of `read` gave.
enum Read {
    Bytes(usize),
    Nothing,
    Closed,
    /// A signal handler raised, and this many bytes were read before.
    Interrupted(PyErr, usize),
}

impl Opener {
    pub fn new(py: Python<'_>, object: Py<PyAny>, incoming: Py<PyAny>) -> Opener {
        Opener {
            object,
            incoming,
            plain: PyByteArray::new(py, &[MARK; RECORD]).unbind(),
            left: 0,
            ended: false,
            // The end of the handshake may have brought more.
            undrained: true,
            raised: None,
            broken: None,
        }
    }

    /// Takes in encrypted bytes; none: there will be no more.
    pub fn take_in(&mut self, py: Python<'_>, raw: &[u8]) -> PyResult<()> {
        let incoming = self.incoming.bind(py);
        self.undrained = true;
        let taken = if raw.is_empty() {
            self.ended = true;
            incoming.call_method0(intern!(py, "write_eof"))
        } else {
            incoming.call_method1(intern!(py, "write"), (PyBytes::new(py, raw),))
        };
        taken.map(drop).inspect_err(|error| {
            // Bytes are missing from now on.
            self.broken = Some(lost(py, error));
        })
    }

    /// Decrypts as much as `buffer` holds; what is raised meanwhile waits in `raised` or `broken`.
    pub fn open(&mut self, py: Python<'_>, buffer: &mut [u8]) -> Opened {
        let mut filled = 0;
        while let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
            match self.read(py, room) {
                Ok(Read::Bytes(count)) => filled += count,
                Ok(Read::Closed) if filled == 0 => return Opened::Closed,
                Ok(Read::Closed) => break,
                Ok(Read::Nothing) => {
                    self.undrained = false;
                    break;
                }
                Ok(Read::Interrupted(error, count)) => {
                    filled += count;
                    self.raised = Some(error);
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
        Opened::Bytes(filled)
    }

    fn read(&mut self, py: Python<'_>, room: &mut [u8]) -> PyResult<Read> {
        let before = self.encrypted(py)?;
        if self.left == 0 && before == 0 && !self.ended {
            return Ok(Read::Nothing); // as `read` would say, by an exception
        }
        let known = self.left.min(room.len()).min(RECORD);
        let asked = known.max(1);
        let object = self.object.bind(py);
        match object.call_method1(intern!(py, "read"), (asked, &self.plain)) {
            Ok(count) => {
                let count = count.extract::<usize>()?;
                if count == 0 {
                    return Ok(Read::Closed);
                }
                self.give(py, room, count);
                self.left = if known > 0 {
                    self.left.saturating_sub(count)
                } else {
                    self.look(py)?
                };
                Ok(Read::Bytes(count))
            }
            Err(error) if is(py, &error, &SSL_WANTS_READ) => Ok(Read::Nothing),
            // Servers seldom say goodbye in TLS as well; the session knows whether it was cut short.
            Err(error) if is(py, &error, &SSL_ZERO_RETURN) => Ok(Read::Closed),
            Err(error) if is(py, &error, &SSL_ERROR) => Err(error),
            Err(error) => {
                let count = self.find_out(py, known, before)?;
                if let Some(count) = count {
                    self.give(py, room, count);
                } else {
                    self.broken = Some(INTERRUPTED.to_owned());
                }
                Ok(Read::Interrupted(error, count.unwrap_or_default()))
            }
        }
    }

    /// How much an interrupted `read` has read; None: nobody knows.
    fn find_out(&mut self, py: Python<'_>, known: usize, before: usize) -> PyResult<Option<usize>> {
        let left = self.look(py)?;
        let was = std::mem::replace(&mut self.left, left);
        if known > 0 {
            return Ok(Some(was.saturating_sub(left)));
        }
        if left > 0 {
            return Ok(Some(1));
        }
        // A record of one byte, a part of one, something of TLS's own, or nothing at all.
        let marked = self.first(py) == Some(MARK);
        let untouched = self.encrypted(py)? == before;
        Ok(match (marked, untouched) {
            (false, _) => Some(1),
            (true, true) => Some(0),
            (true, false) => None,
        })
    }

    /// Copies the first `count` bytes out, and marks the place for the next.
    fn give(&self, py: Python<'_>, room: &mut [u8], count: usize) {
        let plain = self.plain.bind(py);
        // SAFETY: nobody else has this object, no Python code runs meanwhile, and its length never changes.
        let plain = unsafe { plain.as_bytes_mut() };
        for (to, from) in room.iter_mut().zip(plain.iter().take(count)) {
            *to = *from;
        }
        if let Some(first) = plain.first_mut() {
            *first = MARK;
        }
    }

    fn first(&self, py: Python<'_>) -> Option<u8> {
        // SAFETY: as in `give`.
        unsafe { self.plain.bind(py).as_bytes() }.first().copied()
    }

    /// Encrypted bytes that TLS has not looked at.
    fn encrypted(&self, py: Python<'_>) -> PyResult<usize> {
        self.incoming
            .bind(py)
            .getattr(intern!(py, "pending"))?
            .extract()
    }

    /// Decrypted bytes that TLS still has. It is a function in Python, in which a signal handler may raise.
    fn look(&mut self, py: Python<'_>) -> PyResult<usize> {
        let object = self.object.bind(py);
        let look = || {
            object
                .call_method0(intern!(py, "pending"))?
                .extract::<usize>()
        };
        match look() {
            Ok(count) => Ok(count),
            Err(error) => {
                self.raised = Some(error);
                look()
            }
        }
    }
}

pub fn is(py: Python<'_>, error: &PyErr, class: &'static crate::lazy::Lazy) -> bool {
    class
        .get(py)
        .is_ok_and(|class| error.matches(py, class).unwrap_or(false))
}

pub fn lost(py: Python<'_>, error: &PyErr) -> String {
    let eof = error
        .get_type(py)
        .name()
        .is_ok_and(|name| name == "SSLEOFError");
    if eof {
        HUNG_UP.to_owned()
    } else {
        format!("the connection was lost: {}", error.value(py))
    }
}
