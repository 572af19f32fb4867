//! asyncio's buffered protocol: the event loop reads into the session's own memory.

use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;

use super::wake::hearing;
use crate::pg::blocking::channel::Channel;
use crate::pg::core::turn;
use crate::pg::session::PgSession;
use crate::pg::session::deliver::{delivering, reentered};
use crate::pg::session::ending::HUNG_UP;

pub fn connection_made(slf: &Bound<'_, PgSession>, transport: Py<PyAny>) -> PyResult<()> {
    delivering(slf, |this| {
        this.transport = Some(transport);
        Ok(())
    })
}

pub fn get_buffer(slf: &Bound<'_, PgSession>) -> PyResult<Py<PyAny>> {
    let py = slf.py();
    // A loop nested in a model's constructor must not overwrite the bytes that are being decoded.
    if let Some(view) = &slf.try_borrow().map_err(|_| reentered())?.view {
        return Ok(view.clone_ref(py));
    }
    // SAFETY: a new reference or NULL with an error set.
    let view =
        unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyMemoryView_FromObject(slf.as_ptr()))? }
            .unbind();
    slf.try_borrow_mut().map_err(|_| reentered())?.view = Some(view.clone_ref(py));
    Ok(view)
}

/// Fills the view that `get_buffer` hands out.
///
/// # Safety
/// The caller is CPython, with a valid `view` to fill.
pub unsafe fn fill(
    slf: &Bound<'_, PgSession>,
    view: *mut ffi::Py_buffer,
    flags: std::ffi::c_int,
) -> PyResult<()> {
    let (pointer, length) = {
        let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
        (this.buffer.as_mut_ptr(), this.buffer.len())
    };
    // SAFETY: `buffer` is a boxed slice that is neither moved nor resized while the session, which the view keeps
    // alive, exists. The event loop writes into it only between get_buffer and buffer_updated, with the GIL held.
    let status = unsafe {
        ffi::PyBuffer_FillInfo(
            view,
            slf.as_ptr(),
            pointer.cast(),
            ffi::Py_ssize_t::try_from(length)?,
            0,
            flags,
        )
    };
    if status == 0 {
        Ok(())
    } else {
        Err(PyErr::fetch(slf.py()))
    }
}

pub fn buffer_updated(slf: &Bound<'_, PgSession>, nbytes: usize) -> PyResult<()> {
    let py = slf.py();
    let (broken, answer) = hearing(slf, |this| {
        if nbytes > this.buffer.len() {
            return Err(PyValueError::new_err("more bytes than the buffer has"));
        }
        let heard = this.arrived(py, nbytes, true);
        Ok(heard.err().and_then(|reason| this.broken(py, &reason)))
    })?;
    let outcome = match broken {
        Some(transport) => transport
            .bind(py)
            .call_method0(intern!(py, "abort"))
            .map(drop),
        None => turn::schedule(slf),
    };
    let woken = answer.map_or(Ok(()), |answer| answer.deliver(py));
    outcome.and(woken)
}

impl PgSession {
    /// The connection cannot go on: the transport to be given up.
    pub fn broken(&mut self, py: Python<'_>, reason: &str) -> Option<Py<PyAny>> {
        self.turn.forget();
        self.core.end(py, reason);
        self.transport
            .as_ref()
            .map(|transport| transport.clone_ref(py))
    }
}

pub fn connection_lost(slf: &Bound<'_, PgSession>, exc: Option<Bound<'_, PyAny>>) -> PyResult<()> {
    let py = slf.py();
    // TLS reads on in a pause, so that it may come to the end before all of it has been heard.
    let unheard = |this: &PgSession| this.turn.holds() || this.core.works_on_rows();
    if exc.is_some() {
        hear_unread(slf)?;
    }
    if exc.is_some() || slf.try_borrow().is_ok_and(|this| unheard(&this)) {
        turn::hear_rest(slf)?;
    }
    delivering(slf, |this| {
        let reason = match exc {
            Some(exc) => format!("the connection was lost: {exc}"),
            None => HUNG_UP.to_owned(),
        };
        this.lost(py, &reason);
        // The view refers back to the session; drop the cycle.
        this.view = None;
        this.transport = None;
        this.channel = None;
        Ok(())
    })?;
    turn::schedule(slf)
}

/// What lay in the socket, which is open until we return, when writing to it failed: a server that hangs up has often said why.
fn hear_unread(slf: &Bound<'_, PgSession>) -> PyResult<()> {
    let py = slf.py();
    while delivering(slf, |this| {
        let Some(channel @ Channel::Plain(_)) = &mut this.channel else {
            return Ok(false);
        };
        if this.core.ended.is_some() {
            return Ok(false);
        }
        let count = match channel.arrived(py, &mut this.buffer) {
            Ok(Some(count)) if count > 0 => count,
            _ => return Ok(false),
        };
        if let Err(reason) = this.arrived(py, count, false) {
            this.broken(py, &reason);
        }
        Ok(true)
    })? {}
    Ok(())
}
