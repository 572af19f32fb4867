//! A transaction that a pipeline began is all or nothing: nobody looks between its statements and its COMMIT, so what is
//! refused on this side, where the server hears nothing of it, must undo it as well.

use pgwire::TransactionStatus;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::begin::{NOT_COMMITTED, aborted};
use super::command::ends;
use crate::pg::core::Core;
use crate::pg::core::reply::{Outcome, Reply, empty_result};
use crate::pg::core::request::Query;
use crate::raise::{asked, operational_error};

#[derive(Default)]
pub enum Whole {
    /// Somebody looks, or there is no transaction.
    #[default]
    No,
    Yes,
    /// It must not be committed.
    Refused(PyErr),
}

impl Core {
    /// A query cannot be sent.
    pub fn refuse_query(&mut self, py: Python<'_>, query: Query, error: PyErr) {
        let error = asked(py, error, query.sql.bind(py));
        self.refuse_reply(py, query.reply, error);
    }

    /// The same of any request.
    pub fn refuse_reply(&mut self, py: Python<'_>, reply: Reply, error: PyErr) {
        if matches!((&self.whole, &reply), (Whole::Yes, Reply::Pending(_))) {
            self.whole = Whole::Refused(error.clone_ref(py));
        }
        self.finished.push((reply, Err(error)));
    }

    /// Why a statement of the pipeline is not sent, because of one before it.
    pub fn spoilt(&self, py: Python<'_>, sql: &Py<PyString>, reply: &Reply) -> Option<PyErr> {
        match (&self.whole, reply) {
            (Whole::Refused(cause), Reply::Pending(_)) if ends(py, sql).is_none() => {
                Some(aborted(py, cause, Some(sql)))
            }
            _ => None,
        }
    }

    /// The transaction is about to end: the error of a COMMIT that must not be one.
    pub fn end_whole(&mut self, py: Python<'_>, sql: &Py<PyString>) -> Option<PyErr> {
        let commits = ends(py, sql)?;
        match std::mem::take(&mut self.whole) {
            Whole::Refused(cause) if commits => {
                let error = operational_error(py, NOT_COMMITTED);
                error.set_cause(py, Some(cause));
                Some(error)
            }
            _ => None,
        }
    }

    /// COMMIT or ROLLBACK of what was never sent.
    pub fn end_unsent(&mut self, py: Python<'_>, sql: &Py<PyString>) -> Outcome {
        self.begin = super::begin::Begin::Over;
        self.end_whole(py, sql)
            .map_or_else(|| empty_result(py), Err)
    }

    /// What the server refuses in a transaction that has failed says which statement of the pipeline was to blame.
    pub fn named_cause(
        &mut self,
        py: Python<'_>,
        reply: &Reply,
        sql: &Py<PyString>,
        error: PyErr,
    ) -> PyErr {
        if !matches!(reply, Reply::Pending(_)) || self.session.status() != TransactionStatus::Failed
        {
            return error;
        }
        let refused = is_refused(py, &error);
        match &self.cause {
            None if !refused => self.cause = Some(error.clone_ref(py)),
            Some(cause) if refused => return aborted(py, cause, Some(sql)),
            _ => {}
        }
        error
    }
}

/// Whether it is the error of a transaction that has failed before, in the server's own words.
fn is_refused(py: Python<'_>, error: &PyErr) -> bool {
    let code = error.value(py).getattr(intern!(py, "sqlstate"));
    code.is_ok_and(|code| code.eq("25P02").unwrap_or(false)) && error.cause(py).is_none()
}
