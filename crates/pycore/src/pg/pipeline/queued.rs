//! Statements that are queued without waiting: how they go out, and how they are waited for.

use pyo3::intern;
use pyo3::prelude::*;

use super::pending::{PgPending, PgPipeline};
use crate::deadline::deadline;
use crate::pg::blocking::waiting;
use crate::pg::core::Core;
use crate::pg::core::execution::Execution;
use crate::pg::core::flight::Flight;
use crate::pg::core::reply::Reply;
use crate::pg::core::request::Request;
use crate::pg::session::PgSession;
use crate::pg::session::deliver::{deliver_rest, reentered};
use crate::raise::{connection_lost, internal_error};

/// Bytes that are collected before they are sent.
const ENOUGH: usize = 64 * 1024;
/// Requests that wait for an answer before they can be sent; beyond, the blocking wire waits for it.
const MOST_WAITING: usize = 256;

/// Queues a request. In the blocking wire it is also sent, as soon as there is enough, and answers are read meanwhile: a
/// pipeline of any length ends neither with both sides waiting for the other to read, nor with all of it in memory.
pub fn queue(
    slf: &Bound<'_, PgSession>,
    pipeline: &Bound<'_, PgPipeline>,
    request: impl FnOnce(Reply) -> Request,
) -> PyResult<Py<PgPending>> {
    let py = slf.py();
    let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
    this.leave_to_parent(py);
    if this.transport.is_none() && this.channel.is_none() && this.core.ended.is_none() {
        return Err(connection_lost(py, "the connection is not open"));
    }
    let pending = PgPending::of(pipeline)?;
    let reply = Reply::Pending(pending.clone_ref(py));
    let request = request(reply);
    match &mut this.core.held {
        Some(held) => held.push(request),
        None => this.core.submit(py, request),
    }
    if this.is_unfinished() {
        let deliveries = this.deliveries(py)?;
        drop(this);
        let outcome = deliveries.deliver(slf);
        return outcome.and(deliver_rest(slf)).map(|()| pending);
    }
    if this.transport.is_none() && this.core.is_crowded() {
        drop(this);
        relieve(slf)?;
        this = slf.try_borrow_mut().map_err(|_| reentered())?;
    }
    let full = this.core.session.output().len() > ENOUGH;
    if this.core.finished.is_empty() && !(full && this.transport.is_some()) && this.flush_scheduled
    {
        return Ok(pending);
    }
    let call_soon = match &this.call_soon {
        Some(call_soon) if !this.flush_scheduled => Some(call_soon.clone_ref(py)),
        _ => None,
    };
    this.flush_scheduled |= call_soon.is_some();
    // The group is left open: more may join it in this turn of the loop.
    let output = if full { this.output(py) } else { None };
    let mut deliveries = this.outcomes();
    deliveries.output = output;
    drop(this);
    if let Some(call_soon) = call_soon {
        call_soon
            .bind(py)
            .call1((slf.getattr(intern!(py, "flush"))?,))?;
    }
    deliveries.deliver(slf)?;
    Ok(pending)
}

/// Waits, in the blocking wire, for one statement of a pipeline, or for all of them.
pub fn wait(
    slf: &Bound<'_, PgSession>,
    pipeline: &Bound<'_, PgPipeline>,
    pending: Option<&Bound<'_, PgPending>>,
    timeout: Option<f64>,
) -> PyResult<()> {
    let py = slf.py();
    let at = deadline(timeout);
    let over = || match pending {
        Some(pending) => pending.get().done(),
        None => pipeline.get().outstanding() == 0,
    };
    while !over() {
        waiting::until(slf, |this| {
            this.leave_to_parent(py);
            if this.core.finished.is_empty() {
                if this.core.pending() == 0 {
                    return Err(internal_error(py, "a statement of a pipeline was lost"));
                }
                this.exchange(py, at)?;
            }
            Ok((!this.core.finished.is_empty()).then_some(()))
        })?;
    }
    Ok(())
}

/// Waits, in the blocking wire, until one more statement can be queued.
fn relieve(slf: &Bound<'_, PgSession>) -> PyResult<()> {
    let py = slf.py();
    let mut pushed = false;
    waiting::until(slf, |this| {
        let core = &this.core;
        if core.ended.is_some() {
            return Ok(Some(()));
        }
        let piecemeal = core.next_row.is_some();
        if !piecemeal && !pushed && (core.preparing || core.session.output().len() > ENOUGH) {
            pushed = this.push_some(py, None, ENOUGH)?;
        } else if piecemeal || core.waiting.len() > MOST_WAITING {
            this.exchange(py, None)?;
        } else {
            return Ok(Some(()));
        }
        Ok(None)
    })
}

impl Core {
    /// Whether something has to be moved before more is queued.
    fn is_crowded(&self) -> bool {
        self.next_row.is_some()
            || self.preparing
            || self.session.output().len() > ENOUGH
            || self.waiting.len() > MOST_WAITING
    }

    /// Requests of pipelines that are not finished, and those that nobody made but the core.
    pub fn queued(&self) -> usize {
        let waiting = self.waiting.iter().map(Request::reply);
        let stale = self.stale.iter().map(|(query, _)| &query.reply);
        let flying = self.flying.iter().filter_map(Flight::reply);
        let replies = waiting.chain(stale).chain(flying);
        let ours = |flight: &&Flight| matches!(flight, Flight::Begin | Flight::Housekeeping);
        replies
            .filter(|reply| matches!(reply, Reply::Pending(_)))
            .count()
            + self.flying.iter().filter(ours).count()
    }

    /// Nothing that pipelines queue is sent until `release`.
    pub fn hold(&mut self) -> bool {
        let new = self.held.is_none();
        self.held.get_or_insert_default();
        new
    }

    pub fn release(&mut self, py: Python<'_>) {
        for request in self.held.take().unwrap_or_default() {
            match request {
                // Only pipelines queue where something is held.
                Request::Begin(sql, whole, _) => self.begin(sql, whole, true),
                request => self.submit(py, request),
            }
        }
    }

    /// What is held back is not sent at all: nobody wants it any more.
    pub fn drop_held(&mut self, py: Python<'_>) {
        for request in self.held.as_mut().map(std::mem::take).unwrap_or_default() {
            self.leave_out(py, request.into_reply());
        }
    }

    /// No more can join: whoever is about to wait wants the answers.
    pub fn close_group(&mut self) {
        // Refused only when the session is over, or copies: then there is none.
        let _ = self.session.close_group();
    }

    /// An execution of a group is over, though its Sync is not answered.
    pub fn member_done(&mut self, py: Python<'_>) {
        if matches!(self.flying.front(), Some(Flight::Execute(it)) if it.group > 0)
            && let Some(Flight::Execute(execution)) = self.flying.pop_front()
        {
            self.execution_over(py, execution);
        }
    }

    /// The Sync of the oldest group is answered: one of its executions failed, and those behind it were not run.
    pub fn group_done(&mut self, py: Python<'_>) {
        self.groups_done += 1;
        self.refresh_block();
        let mut members = Vec::new();
        while matches!(self.flying.front(), Some(Flight::Execute(it)) if it.group == self.groups_done)
        {
            if let Some(Flight::Execute(execution)) = self.flying.pop_front() {
                members.push(execution);
            }
        }
        let mut cause: Option<PyErr> = None;
        for mut execution in members {
            match &cause {
                None => {
                    let error = execution.error.get_or_insert_with(|| {
                        internal_error(py, "the server left a statement out")
                    });
                    cause = Some(error.clone_ref(py));
                }
                Some(cause) => {
                    let sql = execution.query.sql.clone_ref(py);
                    let error = crate::pg::transaction::begin::aborted(py, cause, Some(&sql));
                    if self.anew.is_some() {
                        self.stale.push((execution.query, error));
                        continue;
                    }
                    execution.error = Some(error);
                }
            }
            self.executed(py, execution);
        }
        self.refresh_block();
        self.pump(py);
    }

    pub fn execution_over(&mut self, py: Python<'_>, execution: Execution) {
        if execution.error.is_none() && !execution.missing.is_empty() {
            self.look_up_for_rows(py, execution);
        } else {
            self.executed(py, execution);
        }
    }
}
