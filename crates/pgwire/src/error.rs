//! What can go wrong, and what it means for the connection.

use std::error::Error;
use std::fmt;

/// A request that was not made: nothing was queued, the session is as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What was refused, and what to do instead.
    pub message: String,
}

/// The server broke the protocol, or asked for something we will not do.
///
/// The connection must be closed: no later byte of it can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtocolError {
    /// What was expected and what came.
    pub message: String,
}

/// Bytes that are not a value of the type they were said to be.
///
/// The reply around them is intact, so the connection stays usable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The type, what it needs and what came.
    pub message: Box<str>,
}

/// A value the wire format of its type cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// The type, the value and the limit.
    pub message: Box<str>,
}

/// Why a value was not added: the writer refused it, or its encoder failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushError<E> {
    /// Too many values, or too many bytes.
    Refused(Refused),
    /// The encoder's own error.
    Encode(E),
}

impl Refused {
    #[cold]
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl ProtocolError {
    #[cold]
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl DecodeError {
    #[cold]
    pub(crate) fn new(message: impl Into<Box<str>>) -> Self {
        Self {
            message: message.into(),
        }
    }

    /// A value of fixed size that has another one.
    #[cold]
    pub(crate) fn size(name: &str, needs: usize, got: usize) -> Self {
        Self::new(format!("{name}: {got} bytes came, the type has {needs}"))
    }
}

impl EncodeError {
    #[cold]
    pub(crate) fn new(message: impl Into<Box<str>>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl<E> From<Refused> for PushError<E> {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl<E: fmt::Display> fmt::Display for PushError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(f),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl Error for Refused {}
impl Error for ProtocolError {}
impl Error for DecodeError {}
impl Error for EncodeError {}
impl<E: Error> Error for PushError<E> {}
