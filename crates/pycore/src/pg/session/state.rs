//! What a session knows, what it is told, and how it ends.

use std::collections::BTreeMap;

use pgwire::{TransactionStatus, cancel_request};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::PgSession;
use super::deliver::{delivering, reentered};
use super::ending;
use crate::fork;
use crate::pg::core::wanted::Watch;
use crate::pg::types::codec::{Codec, canonical};
use crate::pg::types::pg_types::PgTypes;
use crate::raise::{connection_lost, interface_error, operational_error};

#[pymethods]
impl PgSession {
    /// Begins a transaction: the statement goes out in front of the next one. Until then nothing is sent.
    /// `whole`: it is all or nothing, though nobody looks at what becomes of its statements. `guarded`: no statement may end it
    /// but COMMIT and ROLLBACK as scripts.
    #[pyo3(signature = (sql, whole=false, guarded=false))]
    fn begin(slf: &Bound<'_, Self>, sql: String, whole: bool, guarded: bool) -> PyResult<()> {
        let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
        this.core.begin(sql, whole, guarded);
        Ok(())
    }

    /// Ends the session on this side: what is under way fails with `reason`, and the descriptor may be closed.
    fn abandon(slf: &Bound<'_, Self>, reason: &str) -> PyResult<()> {
        ending::abandon(slf, reason)
    }

    /// The bytes that say goodbye.
    fn terminate<'py>(&mut self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.goodbye(py))
    }

    /// Says, before anything is sent, that the session runs in TLS, with a server of this certificate (DER). `verified`:
    /// with the server that was meant, which may then have the password in clear text if it asks for that.
    fn secured(&mut self, certificate: &[u8], verified: bool) {
        self.core.session.secured(certificate, verified);
    }

    /// The bytes that, sent over a connection of their own, cancel the running statement.
    fn cancel_message<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        match self.core.session.backend_key() {
            Some(key) => Ok(PyBytes::new(py, &cancel_request(key))),
            None => Err(operational_error(
                py,
                "the server gave no key to cancel statements with",
            )),
        }
    }

    /// Sends the values of a type through a `ferrow.types.Codec` from now on; one without functions stands for what is
    /// built in. Forgets the prepared statements.
    fn set_codec(slf: &Bound<'_, Self>, codec: &Bound<'_, PyAny>) -> PyResult<()> {
        let codec = Codec::new(codec, canonical)?;
        delivering(slf, |this| {
            this.core.set_codec(codec);
            Ok(())
        })
    }

    /// What is known of types at this moment.
    fn types(&self) -> PgTypes {
        PgTypes(self.core.types.clone())
    }

    /// The server's last word on a parameter such as `TimeZone` or `server_version`.
    fn parameter(slf: &Bound<'_, Self>, name: &str) -> PyResult<Option<String>> {
        let this = slf.try_borrow().map_err(|_| reentered())?;
        Ok(this.core.session.parameter(name).map(str::to_owned))
    }

    /// All parameters the server has reported, by name.
    fn parameters(slf: &Bound<'_, Self>) -> PyResult<BTreeMap<String, String>> {
        let this = slf.try_borrow().map_err(|_| reentered())?;
        let found = this.core.session.parameters();
        Ok(found
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }

    /// Whether statements come along with every execution, instead of being prepared on the server under names.
    #[getter]
    fn unnamed(slf: &Bound<'_, Self>) -> PyResult<bool> {
        let this = slf.try_borrow().map_err(|_| reentered())?;
        Ok(this.core.naming.is_unnamed())
    }

    #[getter]
    fn cached_statements(slf: &Bound<'_, Self>) -> PyResult<usize> {
        let this = slf.try_borrow().map_err(|_| reentered())?;
        Ok(this.core.cache.len())
    }

    /// Object ids of the types of a statement's parameters, None if it is not kept prepared, or was before this session changed a table.
    fn parameter_types(slf: &Bound<'_, Self>, sql: &str) -> PyResult<Option<Vec<u32>>> {
        let this = slf.try_borrow().map_err(|_| reentered())?;
        let kept = this.core.cache.peek(sql, this.core.changes);
        Ok(kept.map(|statement| statement.described.parameters.clone()))
    }

    /// Requests made so far, to tell whether there were any since.
    #[getter]
    fn requests(slf: &Bound<'_, Self>) -> PyResult<u64> {
        let this = slf.try_borrow().map_err(|_| reentered())?;
        Ok(this.core.requests)
    }

    // While a result is being built the session is borrowed; code that runs then (a model's constructor) may still ask
    // how it is, and gets what is true at that time: it is busy.

    #[getter]
    fn status(slf: &Bound<'_, Self>) -> &'static str {
        match slf.try_borrow() {
            Err(_) => "transaction",
            Ok(this) => match this.core.status() {
                TransactionStatus::Starting | TransactionStatus::Idle => "idle",
                TransactionStatus::InTransaction => "transaction",
                TransactionStatus::Failed => "failed",
            },
        }
    }

    /// Requests made and not finished.
    #[getter]
    fn in_flight(slf: &Bound<'_, Self>) -> usize {
        slf.try_borrow().map_or(1, |this| this.core.pending())
    }

    /// Whether nothing is under way, no transaction is open, and the session is not over.
    #[getter]
    fn clean(slf: &Bound<'_, Self>) -> bool {
        slf.try_borrow().is_ok_and(|this| {
            let idle = matches!(
                this.core.session.status(),
                TransactionStatus::Starting | TransactionStatus::Idle
            );
            idle && this.core.pending() == 0
                && this.core.ended.is_none()
                && !this.process.is_parent()
        })
    }

    /// Whether anybody still waits for an answer.
    #[getter]
    fn wanted(slf: &Bound<'_, Self>) -> bool {
        slf.try_borrow()
            .map_or(true, |this| this.core.is_wanted(slf.py()))
    }

    /// Whether nobody waits for the answer to something that was sent.
    #[getter]
    fn orphaned(slf: &Bound<'_, Self>) -> bool {
        slf.try_borrow()
            .is_ok_and(|this| this.core.is_orphaned(slf.py()))
    }

    /// Whether anybody waits for what was asked before a BEGIN that is not answered.
    #[getter]
    fn wanted_outside(slf: &Bound<'_, Self>) -> bool {
        slf.try_borrow()
            .is_ok_and(|this| this.core.is_wanted_outside(slf.py()))
    }

    /// The future is done as soon as nobody waits for an answer any more, or for one from `outside` the transaction that
    /// begins. One at a time.
    #[pyo3(signature = (future, outside=false))]
    fn watch(&mut self, future: Py<PyAny>, outside: bool) {
        self.core.watch = Some(Watch { future, outside });
    }

    /// Those of them that belong to pipelines.
    #[getter]
    fn queued(slf: &Bound<'_, Self>) -> usize {
        slf.try_borrow().map_or(0, |this| this.core.queued())
    }

    /// Why nothing can be asked any more, as an error; None also for a loss of which nobody has been told: a request will be.
    fn refusal(slf: &Bound<'_, Self>) -> Option<PyErr> {
        let this = slf.try_borrow().ok()?;
        if this.process.is_parent() {
            return Some(interface_error(slf.py(), fork::REASON));
        }
        this.core.gone(slf.py())
    }

    /// The error for who has waited for news until the session was over; None: it is not.
    fn heard(slf: &Bound<'_, Self>) -> PyResult<Option<PyErr>> {
        let mut this = slf.try_borrow_mut().map_err(|_| reentered())?;
        if this.process.is_parent() {
            return Ok(Some(connection_lost(slf.py(), fork::REASON)));
        }
        Ok(this.core.heard(slf.py()))
    }

    /// For how many seconds the server has had nothing to do for this connection; None while it has.
    #[getter]
    fn idle_for(slf: &Bound<'_, Self>) -> Option<f64> {
        let this = slf.try_borrow().ok()?;
        let idle = this.core.flying.is_empty() && this.core.waiting.is_empty();
        idle.then(|| this.core.rested.elapsed().as_secs_f64())
    }

    /// How often the server refused a write as read-only; None while a statement runs in another thread.
    #[getter]
    fn refusals(slf: &Bound<'_, Self>) -> Option<u64> {
        Some(slf.try_borrow().ok()?.core.refusals)
    }

    /// Why the session is over, if it is.
    #[getter]
    fn ended(slf: &Bound<'_, Self>) -> Option<String> {
        let this = slf.try_borrow().ok()?;
        if this.process.is_parent() {
            return Some(fork::REASON.to_owned());
        }
        this.core.ended.clone()
    }

    #[getter]
    fn backend_pid(slf: &Bound<'_, Self>) -> Option<i32> {
        let this = slf.try_borrow().ok()?;
        this.core.session.backend_key().map(pgwire::BackendKey::pid)
    }

    /// Who takes a `PgHashing` that would hold up an event loop; without one all hashing is done here.
    #[setter]
    fn set_on_hashing(&mut self, handler: Option<Py<PyAny>>) {
        self.core.login.elsewhere = handler.is_some();
        self.on_hashing = handler;
    }

    #[setter]
    fn set_on_notice(&mut self, handler: Option<Py<PyAny>>) {
        self.on_notice = handler;
    }

    #[setter]
    fn set_on_notification(&mut self, handler: Option<Py<PyAny>>) {
        self.on_notification = handler;
    }
}
