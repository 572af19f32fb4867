//! Who gets into a connection, what happens around every operation, and who closes what.

use std::sync::TryLockError;
use std::sync::atomic::Ordering;
use std::time::Instant;

use pyo3::prelude::*;

use super::SqliteConnection;
use super::gate::Entered;
use crate::deadline::deadline;
use crate::fork;
use crate::raise::{
    connection_lost, interface_error, is_operational_error, is_query_cancelled, query_timeout,
};
use crate::sqlite::execution::database::Database;
use crate::thread_end::stopped;

const LATE: &str = "the statement did not end before its deadline";
const CLOSED: &str = "Connection is closed";

/// How to close what a connection has under a number.
pub type Discard = (u64, fn(&mut Database, u64));

impl SqliteConnection {
    /// Interrupts what runs, unless nothing does.
    pub fn interrupt_running(&self) {
        if !self.process.is_parent() && self.gate.is_occupied() {
            self.control.interrupt();
        }
    }

    /// Closes something that belongs to the connection, now or when it is free.
    pub fn discard(&self, py: Python<'_>, id: u64, how: fn(&mut Database, u64)) {
        if let Ok(mut discarded) = self.discarded.lock() {
            discarded.push((id, how));
        }
        self.littered.store(true, Ordering::Release);
        // Whoever is inside does it otherwise.
        let _ = self
            .gate
            .enter(py, &self.database, false, None, |database| {
                if let Some(database) = database {
                    self.close_discarded(database);
                    // An aggregate that was cut off may have had something to say.
                    self.control.take_raised();
                }
            });
        if self.control.closed() {
            self.release(py);
        }
    }

    #[inline]
    fn close_discarded(&self, database: &mut Database) {
        if self.littered.load(Ordering::Acquire) {
            self.littered.store(false, Ordering::Release);
            let discarded = self
                .discarded
                .lock()
                .map(|mut list| std::mem::take(&mut *list));
            for (id, how) in discarded.unwrap_or_default() {
                how(database, id);
            }
        }
    }

    pub fn is_closed(&self) -> bool {
        self.control.closed() || self.process.is_parent()
    }

    pub fn with<T>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Database) -> PyResult<T>,
    ) -> PyResult<T> {
        self.within(py, None, work)
    }

    /// The same, interrupted with QueryTimeout after so many seconds.
    pub fn within<T>(
        &self,
        py: Python<'_>,
        timeout: Option<f64>,
        work: impl FnOnce(&mut Database) -> PyResult<T>,
    ) -> PyResult<T> {
        let until = deadline(timeout);
        let entered = self.enter_until(py, true, until, |database| {
            database.refuse_if_lent(py)?;
            work(database)
        })?;
        entered.ok_or_else(|| {
            interface_error(
                py,
                "the connection was used from inside one of its own results (by a model's constructor or a codec) or functions; \
                 collect the rows first, then query, or use another connection",
            )
        })
    }

    /// The same for the other side of a backup. It does not wait: that side could be waiting for this one.
    pub fn with_other<T>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Database) -> PyResult<T>,
    ) -> PyResult<T> {
        self.enter(py, false, work)?.ok_or_else(|| {
            interface_error(
                py,
                "the target of a backup is in use; wait until its statement has ended",
            )
        })
    }

    /// None when the connection is in use: by another thread unless `patient`, or from inside.
    #[inline]
    pub fn enter<T>(
        &self,
        py: Python<'_>,
        patient: bool,
        work: impl FnOnce(&mut Database) -> PyResult<T>,
    ) -> PyResult<Option<T>> {
        self.enter_until(py, patient, None, work)
    }

    #[inline]
    fn enter_until<T>(
        &self,
        py: Python<'_>,
        patient: bool,
        until: Option<Instant>,
        work: impl FnOnce(&mut Database) -> PyResult<T>,
    ) -> PyResult<Option<T>> {
        if self.process.is_parent() {
            return Err(interface_error(py, fork::REASON));
        }
        let entered = self.gate.enter(
            py,
            &self.database,
            patient,
            until,
            |database| match database {
                Some(database) if !self.control.closed() => {
                    self.control.begin();
                    if self.codecs.is_waiting() {
                        self.codecs.hand_over(&mut database.cache);
                    }
                    if let Some(until) = until {
                        self.control.set_deadline(until);
                    }
                    let outcome = work(database).map_err(|error| database.explain(py, error));
                    self.close_discarded(database);
                    let late = until.is_some() && self.control.end_deadline();
                    let outcome = match self.control.take_raised() {
                        None => outcome.map_err(|error| self.cut_off(py, error)),
                        Some(raised) => Err(database.raised(py, raised, outcome.err())),
                    };
                    database.tidy();
                    // Not where one must not wait: what was discarded meanwhile may have written.
                    if patient {
                        database.mark(py);
                    }
                    // Interrupted, or refused a lock, by the deadline and not by somebody else.
                    outcome.map_err(|error| match late && is_operational_error(py, &error) {
                        true => query_timeout(py, LATE),
                        false => error,
                    })
                }
                _ => Err(interface_error(py, CLOSED)),
            },
        )?;
        let outcome = match entered {
            Entered::Done(outcome) => outcome.map(Some),
            Entered::Occupied => Ok(None),
            Entered::Late => Err(query_timeout(py, LATE)),
            Entered::Stopped => Err(stopped()),
            Entered::Broken => Err(interface_error(py, "Connection is broken")),
        };
        if self.control.closed() {
            self.release(py);
        }
        outcome
    }

    /// The error of what `close` has interrupted, a wait for a lock included, in place of SQLite's own.
    fn cut_off(&self, py: Python<'_>, error: PyErr) -> PyErr {
        let control = &self.control;
        let is_cut = control.closed()
            && (is_query_cancelled(py, &error)
                || (control.interrupted() && is_operational_error(py, &error)));
        match is_cut {
            true => connection_lost(py, CLOSED),
            false => error,
        }
    }

    /// Closes the database, unless a thread is using it: then false, and that one does it when it leaves.
    pub fn release(&self, py: Python<'_>) -> bool {
        if self.process.is_parent() {
            return true;
        }
        // Behind the gate until it is closed: who waits for that waits there.
        let entered = self
            .gate
            .enter(py, &self.database, false, None, |it| shut(py, it));
        match entered {
            Ok(Entered::Done(())) => true,
            Ok(Entered::Broken) => {
                if let Err(TryLockError::Poisoned(poisoned)) = self.database.try_lock() {
                    shut(py, &mut poisoned.into_inner());
                }
                true
            }
            _ => false,
        }
    }

    /// Waits until whoever is inside has left, and the database is closed. From inside there is nothing to wait for.
    pub fn await_end(&self, py: Python<'_>, seconds: f64) -> PyResult<()> {
        if !self.process.is_parent() {
            let until = deadline(Some(seconds));
            self.gate
                .enter(py, &self.database, true, until, |it| shut(py, it))?;
        }
        Ok(())
    }
}

fn shut(py: Python<'_>, database: &mut Option<Database>) {
    let database = database.take();
    py.detach(|| database.map(Database::close));
}
