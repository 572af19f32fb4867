//! Requests of the asyncio wire: what one turn of the event loop asks for is written together.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::pg::blocking::waiting;
use crate::pg::core::Core;
use crate::pg::core::arguments;
use crate::pg::core::reply::{Outcome, Reply};
use crate::pg::core::request::{Query, Request};
use crate::pg::session::PgSession;
use crate::pg::session::deliver::{deliver_rest, delivering, reentered};
use crate::raise::connection_lost;
use crate::rows::Shape;

/// Queues a request and writes it: at once when nothing else is under way, else together with what this turn of
/// the loop still adds.
pub fn send(slf: &Bound<'_, PgSession>, request: impl FnOnce(&mut Core)) -> PyResult<()> {
    let py = slf.py();
    let (deliveries, schedule, unfinished) = {
        let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
        let this = &mut *this;
        this.leave_to_parent(py);
        if this.transport.is_none() && this.core.ended.is_none() {
            return Err(connection_lost(py, "the connection is not open"));
        }
        let alone = this.core.pending() == 0;
        request(&mut this.core);
        let unfinished = this.is_unfinished();
        match &this.call_soon {
            Some(call_soon) if !alone && !unfinished => {
                let schedule = (!this.flush_scheduled).then(|| call_soon.clone_ref(py));
                this.flush_scheduled = true;
                (this.outcomes(), schedule, false)
            }
            _ => (this.deliveries(py)?, None, unfinished),
        }
    };
    if let Some(call_soon) = schedule {
        call_soon
            .bind(py)
            .call1((slf.getattr(intern!(py, "flush"))?,))?;
    }
    let outcome = deliveries.deliver(slf);
    if unfinished {
        return outcome.and(deliver_rest(slf));
    }
    outcome
}

/// One statement, and the future of its result: a call of Python less than making that first.
pub fn ask_anew(
    slf: &Bound<'_, PgSession>,
    sql: Py<PyString>,
    params: Option<&Bound<'_, PyAny>>,
    shape: Py<Shape>,
) -> PyResult<Py<PyAny>> {
    let py = slf.py();
    let arguments = arguments::one(py, params)?;
    let create_future = {
        let this = slf.try_borrow().map_err(|_| reentered())?;
        let create_future = this.create_future.as_ref();
        create_future.map(|create_future| create_future.clone_ref(py))
    };
    let Some(create_future) = create_future else {
        return Err(connection_lost(py, "the connection is not open"));
    };
    let future = create_future.call0(py)?;
    let query = Query::new(sql, arguments, shape, Reply::Future(future.clone_ref(py)));
    send(slf, |core| core.submit(py, Request::Query(query)))?;
    Ok(future)
}

/// The same for what belongs to a request under way: nothing else of this turn of the loop can join it.
pub fn send_now(slf: &Bound<'_, PgSession>, work: impl FnOnce(&mut Core)) -> PyResult<()> {
    delivering(slf, |this| {
        this.leave_to_parent(slf.py());
        work(&mut this.core);
        Ok(())
    })
}

pub fn flush(slf: &Bound<'_, PgSession>) -> PyResult<()> {
    delivering(slf, |this| {
        this.flush_scheduled = false;
        Ok(())
    })
}

/// A request of either wire: its result goes to the future, or is waited for, up to `timeout` seconds, and returned.
pub fn ask(
    slf: &Bound<'_, PgSession>,
    future: Option<Py<PyAny>>,
    timeout: Option<f64>,
    request: impl FnOnce(Reply) -> Request,
) -> Outcome {
    let py = slf.py();
    match future {
        Some(future) => {
            let request = request(Reply::Future(future));
            send(slf, |core| core.submit(py, request)).map(|()| None)
        }
        None => {
            let request = request(Reply::Caller);
            waiting::run(slf, timeout, |core| core.submit(py, request))
        }
    }
}
