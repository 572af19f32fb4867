//! The short way of rows, of which a result may have ten thousand.

use crate::data_row::{DataRow, Values};
use crate::request::Request;

/// What no row changes is looked at once for all of them; see [`Session::rows`](crate::Session::rows).
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

    /// The row that lies whole at the beginning of `input`, which is moved past it. None says nothing about what does lie
    /// there: [`next`](crate::Session::next) does.
    #[inline]
    pub fn next<'i>(&mut self, input: &mut &'i [u8]) -> Option<DataRow<'i>> {
        let (body, rest) = self.body(input)?;
        let row = self.request.row(body).ok()?;
        *input = rest;
        Some(row)
    }

    /// What `make` makes of that row. It is handed values of which it is not known yet whether they add up, and what it has
    /// made of some that do not is dropped; so they are looked at once. None says as little, of the row as well.
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
