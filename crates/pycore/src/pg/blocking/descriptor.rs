//! Reading and writing a descriptor, with the GIL released.

use std::io;
use std::os::fd::{BorrowedFd, RawFd};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{RecvFlags, SendFlags, recv, send};

use crate::raise::query_timeout;

/// Bytes that are seldom written in one step; what is shorter is spared a look for signals.
const LARGE: usize = 64 * 1024;

/// How long a wait goes on without a look for signals. One that arrives a moment before the wait begins, or is given to another
/// thread, does not interrupt it: without this limit a Ctrl-C would be seen when the server answers.
const PATIENCE: Duration = Duration::from_millis(250);

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

/// A socket that belongs to a Python `socket` object, or to the transport of an event loop.
#[derive(Clone, Copy)]
pub struct Descriptor(RawFd);

impl Descriptor {
    /// A descriptor to wait on, with the limit in the kernel: it costs no system call for each wait.
    pub fn new(number: RawFd) -> Descriptor {
        let descriptor = Descriptor(number);
        // Without the limit everything works but what it is for.
        let _ = set_socket_timeout(descriptor.borrow(), Timeout::Recv, Some(PATIENCE));
        descriptor
    }

    fn borrow(&self) -> BorrowedFd<'_> {
        // SAFETY: the blocking wire keeps the Python socket open as long as the session has its number, and detaches the
        // number before it closes the socket. A transport is asked before each use whether it is closing.
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
        insist(py, deadline, || {
            step(self.borrow(), output, buffer, deadline)
        })
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
        insist(py, deadline, || {
            push_step(self.borrow(), output, buffer, deadline)
        })
    }

    /// Writes what can be written without waiting; an error is for whoever looks after the socket to find.
    pub fn try_send(self, output: &[u8]) -> usize {
        send(
            self.borrow(),
            output,
            SendFlags::DONTWAIT | SendFlags::NOSIGNAL,
        )
        .unwrap_or_default()
    }

    /// What has come without being asked for; None when nothing has. Does not wait.
    pub fn arrived(self, buffer: &mut [u8]) -> Result<Option<usize>, Failure> {
        match recv(self.borrow(), &mut *buffer, RecvFlags::DONTWAIT) {
            Ok((_, count)) => Ok(Some(count)),
            Err(Errno::AGAIN | Errno::INTR) => Ok(None),
            Err(error) => Err(lost(error)),
        }
    }
}

/// Repeats a step, with the GIL released, as long as it is only interrupted.
fn insist(
    py: Python<'_>,
    deadline: Option<Instant>,
    mut step: impl FnMut() -> Result<Moved, Errno> + Send,
) -> Result<Moved, Failure> {
    loop {
        match py.detach(&mut step) {
            Ok(moved) => return Ok(moved),
            Err(Errno::INTR) => py.check_signals().map_err(Failure::Raised)?,
            Err(Errno::TIMEDOUT) if deadline.is_some_and(|at| at <= Instant::now()) => {
                return Err(Failure::Raised(late(py)));
            }
            Err(error) => return Err(lost(error)),
        }
    }
}

fn lost(error: Errno) -> Failure {
    let reason = io::Error::from(error);
    Failure::Lost(format!("the connection was lost: {reason}"))
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
            Err(error) => return last_words(fd, buffer, error),
        }
    }
    let all_written = written == output.len();
    if all_written && deadline.is_none() {
        // One system call less than poll and recv; what was written is reported even when the wait is interrupted.
        return match recv(fd, &mut *buffer, RecvFlags::empty()) {
            Ok((_, count)) => Ok(moved(written, count)),
            Err(Errno::INTR | Errno::AGAIN) if written > 0 => Ok(Moved {
                written,
                read: Some(0),
            }),
            Err(Errno::AGAIN) => Err(Errno::INTR),
            Err(error) => Err(error),
        };
    }
    let mut interest = PollFlags::IN;
    if !all_written {
        interest |= PollFlags::OUT;
    }
    let mut fds = [PollFd::from_borrowed_fd(fd, interest)];
    let polled = match wait(deadline) {
        Ok(left) => poll(&mut fds, Some(&left)),
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
        Ok(0) => return Err(Errno::INTR),
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

pub fn late(py: Python<'_>) -> PyErr {
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
            if poll(&mut fds, Some(&wait(deadline)?))? == 0 {
                return Err(Errno::INTR);
            }
            0
        }
        Err(error) => return last_words(fd, buffer, error),
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

/// A server that hangs up has often said why.
fn last_words(fd: BorrowedFd<'_>, buffer: &mut [u8], error: Errno) -> Result<Moved, Errno> {
    if !matches!(error, Errno::PIPE | Errno::CONNRESET) {
        return Err(error);
    }
    match recv(fd, buffer, RecvFlags::DONTWAIT) {
        Ok((_, count)) if count > 0 => Ok(moved(0, count)),
        _ => Err(error),
    }
}

fn moved(written: usize, count: usize) -> Moved {
    Moved {
        written,
        read: (count > 0).then_some(count),
    }
}

/// How long to wait in one go. An error once the deadline has passed.
fn wait(deadline: Option<Instant>) -> Result<Timespec, Errno> {
    let Some(at) = deadline else {
        return Ok(timespec(PATIENCE));
    };
    let left = at.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(Errno::TIMEDOUT);
    }
    Ok(timespec(left.min(PATIENCE)))
}

fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: i64::from(duration.subsec_nanos()),
    }
}
