//! The values of one execution, encoded in place.

use std::convert::Infallible;

use crate::error::{PushError, Refused};
use crate::format::Format;
use crate::limits::{MAX_PARAMETERS, wire_length};
use crate::writer;

/// Values for the parameters of a statement, from `$1` on, as they go on the wire.
///
/// Made to be used again: [`clear`](Params::clear) keeps the memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params {
    formats: Vec<Format>,
    values: Vec<u8>,
}

impl Params {
    /// No values yet.
    pub const fn new() -> Self {
        Self {
            formats: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Forgets the values and keeps the memory.
    pub fn clear(&mut self) {
        self.formats.clear();
        self.values.clear();
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        self.formats.len()
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.formats.is_empty()
    }

    /// Adds a NULL.
    ///
    /// # Errors
    ///
    /// [`Refused`] for the 65,536th value.
    pub fn push_null(&mut self) -> Result<(), Refused> {
        self.room(4)?;
        self.values.extend_from_slice(&(-1_i32).to_be_bytes());
        // Either format will do; the one of its neighbour keeps the formats uniform, hence short.
        self.formats
            .push(self.formats.last().copied().unwrap_or(Format::Binary));
        Ok(())
    }

    /// Adds a NULL of a type that has no binary form: of such a type the server refuses even a NULL in binary.
    ///
    /// # Errors
    ///
    /// [`Refused`] for the 65,536th value.
    pub fn push_null_text(&mut self) -> Result<(), Refused> {
        self.push_null()?;
        if let Some(format) = self.formats.last_mut() {
            *format = Format::Text;
        }
        Ok(())
    }

    /// Adds a value that is encoded already.
    ///
    /// # Errors
    ///
    /// [`Refused`], before anything is copied, for the 65,536th value or if all of them together
    /// exceed 2 GiB - 1.
    pub fn push(&mut self, format: Format, value: &[u8]) -> Result<(), Refused> {
        self.room(value.len().saturating_add(4))?;
        let copied = writer::value(&mut self.values, |out| {
            out.extend_from_slice(value);
            Ok::<(), Infallible>(())
        });
        match copied {
            Err(PushError::Refused(refused)) => Err(refused),
            Ok(()) => {
                self.formats.push(format);
                Ok(())
            }
        }
    }

    /// Adds the value that `encode` appends to the bytes it is given.
    ///
    /// # Errors
    ///
    /// The error of `encode`, or [`Refused`] as for [`push`](Params::push). In both cases the
    /// values are as they were before.
    pub fn push_with<E>(
        &mut self,
        format: Format,
        encode: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), PushError<E>> {
        self.room(4)?;
        let start = self.values.len();
        writer::value(&mut self.values, encode)?;
        if let Err(refused) = wire_length(self.values.len(), "the parameters") {
            self.values.truncate(start);
            return Err(refused.into());
        }
        self.formats.push(format);
        Ok(())
    }

    fn room(&self, bytes: usize) -> Result<(), Refused> {
        if self.len() >= MAX_PARAMETERS {
            return Err(Refused::new(format!(
                "more than {MAX_PARAMETERS} parameters: PostgreSQL takes no more in one statement; \
                 use several executions, or one array parameter"
            )));
        }
        wire_length(self.values.len().saturating_add(bytes), "the parameters").map(|_| ())
    }

    pub(crate) fn formats(&self) -> &[Format] {
        &self.formats
    }

    pub(crate) fn values(&self) -> &[u8] {
        &self.values
    }
}
