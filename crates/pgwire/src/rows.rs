//! The fast path of rows.

use crate::data_row::{DataRow, Values};
use crate::request::Request;

/// Reads rows; see [`Session::rows`](crate::Session::rows). What holds for all rows was checked when it was made.
pub struct Rows<'s> {
    request: &'s mut Request,
    max_message: usize,
}

impl<'s> Rows<'s> {
    pub(crate) const fn new(request: &'s mut Request, max_message: usize) -> Self {
        Self {
            request,
            max_message,
        }
    }

    /// The row that `input` begins with, if it is complete; moves `input` past it. On None, ask
    /// [`Session::next`](crate::Session::next).
    #[inline]
    pub fn next<'i>(&mut self, input: &mut &'i [u8]) -> Option<DataRow<'i>> {
        let (body, rest) = self.body(input)?;
        let row = self.request.row(body).ok()?;
        *input = rest;
        Some(row)
    }

    /// As `next`, but gives what `make` returns for the row's values. Their lengths are only checked while `make` reads them, which
    /// saves a pass; if they turn out not to add up, its result is dropped. On None, read the row again with `next`.
    #[inline(always)]
    pub fn made<'i, T>(
        &mut self,
        input: &mut &'i [u8],
        make: impl FnOnce(&mut Values<'i>) -> Option<T>,
    ) -> Option<T> {
        let (body, rest) = self.body(input)?;
        let mut values = DataRow::unchecked(body)?;
        let count = values.len();
        let made = make(&mut values)?;
        if !values.is_used_up() || self.request.counts(count).is_err() {
            return None;
        }
        *input = rest;
        Some(made)
    }

    /// The body of the message, and what follows it.
    #[inline(always)]
    fn body<'i>(&self, input: &'i [u8]) -> Option<(&'i [u8], &'i [u8])> {
        let ([b'D', length @ ..], rest) = input.split_first_chunk::<5>()? else {
            return None;
        };
        let length = usize::try_from(i32::from_be_bytes(*length))
            .ok()?
            .checked_sub(4)
            .filter(|length| *length <= self.max_message)?;
        rest.split_at_checked(length)
    }
}
