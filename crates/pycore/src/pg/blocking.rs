//! Reading and writing a descriptor, with the GIL released.

use std::io;
use std::os::fd::{BorrowedFd, RawFd};
use std::time::Instant;

use pyo3::prelude::*;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, recv, send};

use crate::raise::query_timeout;

/// Bytes that are seldom written in one step; what is shorter is spared a look for signals.
const LARGE: usize = 64 * 1024;

/// What one step of I/O did.
pub struct Moved {
    pub written: usize,
    /// None: the server closed its end.
    pub read: Option<usize>,
}

/// Why a step of I/O failed.
pub enum Failure {
    /// The connection is gone.
    Lost(String),
    /// The connection may be fine: a signal handler raised, or the deadline passed.
    Raised(PyErr),
}

/// A blocking socket that belongs to a Python `socket` object.
#[derive(Clone, Copy)]
pub struct Descriptor(pub RawFd);

impl Descriptor {
    fn borrow(&self) -> BorrowedFd<'_> {
        // SAFETY: the blocking wire keeps the Python socket open as long as the session has its number, and detaches the
        // number before it closes the socket.
        unsafe { BorrowedFd::borrow_raw(self.0) }
    }

    /// Writes what can be written and waits until something can be read. Both directions move in turn, so a long
    /// pipeline cannot end with both sides waiting for the other to read.
    pub fn exchange(
        self,
        py: Python<'_>,
        output: &[u8],
        buffer: &mut [u8],
        deadline: Option<Instant>,
    ) -> Result<Moved, Failure> {
        if output.is_empty() || output.len() > LARGE {
            // A signal that interrupted the step which wrote the request, or a part of it, was not reported by it.
            py.check_signals().map_err(Failure::Raised)?;
        }
        loop {
            let step = py.detach(|| step(self.borrow(), output, buffer, deadline));
            match step {
                Ok(moved) => return Ok(moved),
                Err(Errno::INTR) => py.check_signals().map_err(Failure::Raised)?,
                Err(Errno::TIMEDOUT) if deadline.is_some_and(|at| at <= Instant::now()) => {
                    return Err(Failure::Raised(late(py)));
                }
                Err(error) => {
                    let reason = io::Error::from(error);
                    return Err(Failure::Lost(format!("the connection was lost: {reason}")));
                }
            }
        }
    }
}

impl Descriptor {
    /// Writes what can be written, waiting for room but not for an answer, and reads what is there.
    pub fn push(
        self,
        py: Python<'_>,
        output: &[u8],
        buffer: &mut [u8],
        deadline: Option<Instant>,
    ) -> Result<Moved, Failure> {
        loop {
            match py.detach(|| push_step(self.borrow(), output, buffer, deadline)) {
                Ok(moved) => return Ok(moved),
                Err(Errno::INTR) => py.check_signals().map_err(Failure::Raised)?,
                Err(Errno::TIMEDOUT) if deadline.is_some_and(|at| at <= Instant::now()) => {
                    return Err(Failure::Raised(late(py)));
                }
                Err(error) => {
                    let reason = io::Error::from(error);
                    return Err(Failure::Lost(format!("the connection was lost: {reason}")));
                }
            }
        }
    }

    /// What has come without being asked for; None when nothing has. Does not wait.
    pub fn arrived(self, buffer: &mut [u8]) -> Result<Option<usize>, Failure> {
        match recv(self.borrow(), &mut *buffer, RecvFlags::DONTWAIT) {
            Ok((_, count)) => Ok(Some(count)),
            Err(Errno::AGAIN | Errno::INTR) => Ok(None),
            Err(error) => {
                let reason = io::Error::from(error);
                Err(Failure::Lost(format!("the connection was lost: {reason}")))
            }
        }
    }
}

fn step(
    fd: BorrowedFd<'_>,
    output: &[u8],
    buffer: &mut [u8],
    deadline: Option<Instant>,
) -> Result<Moved, Errno> {
    let mut written = 0;
    if !output.is_empty() {
        match send(fd, output, SendFlags::DONTWAIT | SendFlags::NOSIGNAL) {
            Ok(count) => written = count,
            Err(Errno::AGAIN) => {}
            Err(error) => return Err(error),
        }
    }
    let all_written = written == output.len();
    if all_written && deadline.is_none() {
        // One system call less than poll and recv; what was written is reported even when the wait is interrupted.
        return match recv(fd, &mut *buffer, RecvFlags::empty()) {
            Ok((_, count)) => Ok(moved(written, count)),
            Err(Errno::INTR) if written > 0 => Ok(Moved {
                written,
                read: Some(0),
            }),
            Err(error) => Err(error),
        };
    }
    let mut interest = PollFlags::IN;
    if !all_written {
        interest |= PollFlags::OUT;
    }
    let mut fds = [PollFd::from_borrowed_fd(fd, interest)];
    let polled = match remaining(deadline) {
        Ok(left) => poll(&mut fds, left.as_ref()),
        Err(late) => Err(late),
    };
    match polled {
        // What was written must be reported, or it would be written again: the next step is the one that is late.
        Ok(0) | Err(Errno::INTR | Errno::TIMEDOUT) if written > 0 => {
            return Ok(Moved {
                written,
                read: Some(0),
            });
        }
        Ok(0) => return Err(Errno::TIMEDOUT),
        Ok(_) => {}
        Err(error) => return Err(error),
    }
    match recv(fd, &mut *buffer, RecvFlags::DONTWAIT) {
        Ok((_, count)) => Ok(moved(written, count)),
        Err(Errno::AGAIN) => Ok(Moved {
            written,
            read: Some(0),
        }),
        Err(error) => Err(error),
    }
}

fn late(py: Python<'_>) -> PyErr {
    query_timeout(py, "no answer from the server before the deadline")
}

fn push_step(
    fd: BorrowedFd<'_>,
    output: &[u8],
    buffer: &mut [u8],
    deadline: Option<Instant>,
) -> Result<Moved, Errno> {
    let written = match send(fd, output, SendFlags::DONTWAIT | SendFlags::NOSIGNAL) {
        Ok(count) => count,
        Err(Errno::AGAIN) => {
            let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::IN | PollFlags::OUT)];
            if poll(&mut fds, remaining(deadline)?.as_ref())? == 0 {
                return Err(Errno::TIMEDOUT);
            }
            0
        }
        // A server that hangs up has often said why.
        Err(error @ (Errno::PIPE | Errno::CONNRESET)) => {
            return match recv(fd, &mut *buffer, RecvFlags::DONTWAIT) {
                Ok((_, count)) if count > 0 => Ok(moved(0, count)),
                _ => Err(error),
            };
        }
        Err(error) => return Err(error),
    };
    match recv(fd, &mut *buffer, RecvFlags::DONTWAIT) {
        Ok((_, count)) => Ok(moved(written, count)),
        Err(Errno::AGAIN) => Ok(Moved {
            written,
            read: Some(0),
        }),
        Err(Errno::INTR) => Ok(Moved {
            written,
            read: Some(0),
        }),
        Err(error) => Err(error),
    }
}

fn moved(written: usize, count: usize) -> Moved {
    Moved {
        written,
        read: (count > 0).then_some(count),
    }
}

fn remaining(deadline: Option<Instant>) -> Result<Option<Timespec>, Errno> {
    let Some(at) = deadline else {
        return Ok(None);
    };
    let left = at.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(Errno::TIMEDOUT);
    }
    Ok(Some(Timespec {
        tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: i64::from(left.subsec_nanos()),
    }))
}
