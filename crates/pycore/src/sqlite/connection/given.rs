//! What a connection is given to keep: prepared statements, and codecs for those that it prepares.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use super::SqliteConnection;
use super::gate::Entered;
use crate::codec::Codec;
use crate::raise::interface_error;
use crate::sql_text::text;
use crate::sqlite::execution::cache::Cache;
use crate::sqlite::values::codecs::{Codecs, own_codec};

#[pymethods]
impl SqliteConnection {
    /// Checks a statement and keeps it prepared, if it is of a kind that is kept.
    #[pyo3(signature = (sql, timeout=None))]
    fn prepare(
        &self,
        py: Python<'_>,
        sql: &Bound<'_, PyAny>,
        timeout: Option<f64>,
    ) -> PyResult<()> {
        let sql = text(sql)?;
        self.within(py, timeout, |database| database.prepare(py, sql))
    }

    /// Reads and writes the values of a declared type through a `ferrow.types.Codec` from now on; one without functions stands
    /// for what is built in. Does not wait for what another thread is running, which goes on without it.
    fn set_codec(&self, py: Python<'_>, codec: &Bound<'_, PyAny>) -> PyResult<()> {
        let codec = own_codec(codec)?;
        if self.is_closed() {
            return Err(interface_error(py, "Connection is closed"));
        }
        self.codecs.add(codec);
        Ok(())
    }

    /// Gives up all prepared statements.
    fn clear_cache(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, |database| {
            database.cache.clear();
            Ok(())
        })
    }

    /// Statements kept prepared; 0 while the connection is at work, or closed.
    #[getter]
    fn cached_statements(&self, py: Python<'_>) -> PyResult<usize> {
        // Through the gate: whoever has passed it must find the lock free.
        let entered = self
            .gate
            .enter(py, &self.database, false, None, |database| {
                database.as_ref().map_or(0, |database| database.cache.len())
            })?;
        Ok(match entered {
            Entered::Done(count) => count,
            _ => 0,
        })
    }

    /// The codecs' functions may know the connection. While a thread is at work in it, it is in use anyway.
    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        self.codecs.traverse(&visit)?;
        match self.database.try_lock().as_deref() {
            Ok(Some(database)) => database.cache.traverse(&visit),
            _ => Ok(()),
        }
    }

    fn __clear__(&self) {
        self.codecs.clear();
        if let Ok(Some(database)) = self.database.try_lock().as_deref_mut() {
            database.cache.set_codecs(None);
        }
    }
}

/// Codecs that were given to a connection, for its next operation: whoever gives them must not wait for the one under way.
#[derive(Default)]
pub struct Given {
    codecs: Mutex<Vec<Codec>>,
    some: AtomicBool,
}

impl Given {
    pub fn add(&self, codec: Codec) {
        self.locked().push(codec);
        self.some.store(true, Ordering::Release);
    }

    #[inline]
    pub fn is_waiting(&self) -> bool {
        self.some.load(Ordering::Acquire)
    }

    #[cold]
    pub fn hand_over(&self, cache: &mut Cache) {
        self.some.store(false, Ordering::Release);
        let waiting = std::mem::take(&mut *self.locked());
        let mut codecs = cache.codecs().map(Arc::clone);
        for codec in waiting {
            codecs = Codecs::with(codecs.as_ref(), codec);
        }
        cache.set_codecs(codecs);
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.locked()
            .iter()
            .try_for_each(|codec| codec.traverse(visit))
    }

    pub fn clear(&self) {
        // Given up behind the lock: whoever they belong to may have something to say.
        let given = std::mem::take(&mut *self.locked());
        drop(given);
    }

    /// Held for a moment only, and never while anything of Python's is called.
    fn locked(&self) -> MutexGuard<'_, Vec<Codec>> {
        self.codecs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
