//! What a blocking session moves its bytes through: a descriptor, or TLS over one.

use std::time::Instant;

use pyo3::prelude::*;

use super::descriptor::{Descriptor, Failure, Moved};
use super::tls::Tls;

pub enum Channel {
    Plain(Descriptor),
    Tls(Box<Tls>),
}

impl Channel {
    /// As [`Descriptor::exchange`].
    pub fn exchange(
        &mut self,
        py: Python<'_>,
        output: &[u8],
        buffer: &mut [u8],
        deadline: Option<Instant>,
    ) -> Result<Moved, Failure> {
        match self {
            Channel::Plain(descriptor) => descriptor.exchange(py, output, buffer, deadline),
            Channel::Tls(tls) => tls.exchange(py, output, buffer, deadline),
        }
    }

    /// As [`Descriptor::push`].
    pub fn push(
        &mut self,
        py: Python<'_>,
        output: &[u8],
        buffer: &mut [u8],
        deadline: Option<Instant>,
    ) -> Result<Moved, Failure> {
        match self {
            Channel::Plain(descriptor) => descriptor.push(py, output, buffer, deadline),
            Channel::Tls(tls) => tls.push(py, output, buffer, deadline),
        }
    }

    /// As [`Descriptor::arrived`].
    pub fn arrived(&mut self, py: Python<'_>, buffer: &mut [u8]) -> Result<Option<usize>, Failure> {
        match self {
            Channel::Plain(descriptor) => descriptor.arrived(buffer),
            Channel::Tls(tls) => tls.arrived(py, buffer),
        }
    }

    /// The last bytes, as they go over the descriptor.
    pub fn farewell(&mut self, py: Python<'_>, output: Vec<u8>) -> Vec<u8> {
        match self {
            Channel::Plain(_) => output,
            Channel::Tls(tls) => tls.farewell(py, &output),
        }
    }

    /// Why nothing more can be read from it, if so, though its descriptor is fine.
    pub fn broken(&self) -> Option<&str> {
        match self {
            Channel::Plain(_) => None,
            Channel::Tls(tls) => tls.broken(),
        }
    }
}
