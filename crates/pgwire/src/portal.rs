//! Portals: a result that is fetched in parts.

use crate::error::Refused;
use crate::format::Formats;
use crate::frontend;
use crate::params::Params;
use crate::request::{CLOSE, FETCH, OPEN};
use crate::session::Session;

/// A limit is a positive `i32` on the wire.
const MOST: u32 = i32::MAX as u32;

impl Session {
    /// Binds a prepared statement to a portal of this name, which lives until the transaction ends:
    /// outside a transaction block, until its own `Done`.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare).
    pub fn open_portal(
        &mut self,
        portal: &str,
        name: &str,
        result_formats: Formats<'_>,
        params: &Params,
    ) -> Result<(), Refused> {
        self.request(OPEN, 1, |out| {
            frontend::bind(out, portal, name, result_formats, params)?;
            frontend::sync(out)
        })
    }

    /// The next rows of a portal, at most `limit`: they end with [`Event::Suspended`] when the
    /// limit was reached, with [`Event::Complete`] when there are no more.
    ///
    /// [`Event::Suspended`]: crate::Event::Suspended
    /// [`Event::Complete`]: crate::Event::Complete
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare), and for a limit of 0, which the server takes for none.
    pub fn fetch(&mut self, portal: &str, limit: u32) -> Result<(), Refused> {
        if limit == 0 {
            return Err(Refused::new("a portal gives at least one row at a time"));
        }
        let most = i32::try_from(limit.min(MOST)).unwrap_or(i32::MAX);
        self.request(FETCH, 1, |out| {
            frontend::execute(out, portal, most)?;
            frontend::sync(out)
        })?;
        if let Some(request) = self.replies.requests.back_mut() {
            request.limit = Some(limit);
        }
        Ok(())
    }

    /// Gives a portal up; it is no error if there is none.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Session::prepare).
    pub fn close_portal(&mut self, portal: &str) -> Result<(), Refused> {
        self.request(CLOSE, 1, |out| {
            frontend::close_portal(out, portal)?;
            frontend::sync(out)
        })
    }
}
