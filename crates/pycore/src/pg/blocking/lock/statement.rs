//! A statement with the lock around it. A deadline or a connection that is in use is left to the wire, in Python.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple, PyWeakrefMethods};

use super::PgLock;
use crate::pg::session::PgSession;
use crate::raise::{interface_error, internal_error};
use crate::rows::{Result, Shape};
use crate::sql_text::statement;
use crate::thread_end::stay;

#[pymethods]
impl PgLock {
    /// One statement. `kinds` are for databases that do not describe their parameters.
    #[pyo3(signature = (sql, params, shape, kinds=None))]
    fn run_now(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: Py<Shape>,
        kinds: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<Result>> {
        let _ = kinds;
        let wire = self.wire(py)?;
        if !self.begins(py) {
            return run_slowly(&wire, sql, params, shape);
        }
        let session = self.session.bind(py);
        self.ending(&wire, || PgSession::run(session, sql, params, shape, None))
    }

    /// The rows of one statement, a list.
    fn rows_now(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = statement)] sql: Py<PyString>,
        params: Option<&Bound<'_, PyAny>>,
        shape: Py<Shape>,
    ) -> PyResult<Py<PyList>> {
        let wire = self.wire(py)?;
        if !self.begins(py) {
            let result = run_slowly(&wire, sql, params, shape)?;
            return Ok(result.get().rows.clone_ref(py));
        }
        let session = self.session.bind(py);
        self.ending(&wire, || PgSession::rows(session, sql, params, shape))
    }
}

impl PgLock {
    /// A strong reference: the wire's socket must not be closed during the statement.
    fn wire<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        stay(py);
        let wire = self.wire.bind(py).upgrade();
        wire.ok_or_else(|| interface_error(py, "Connection is closed"))
    }

    /// Takes the lock, if that needs no waiting and nothing else is to be looked after.
    fn begins(&self, py: Python<'_>) -> bool {
        let mut state = self.state();
        let usual = !self.limited && state.cancellation.is_none() && state.inside.is_none();
        let begins = usual && state.try_take();
        if begins {
            state.inside = Some(self.result.clone_ref(py));
        }
        begins
    }

    /// Runs the statement of a turn, and ends that.
    fn ending<T>(
        &self,
        wire: &Bound<'_, PyAny>,
        statement: impl FnOnce() -> PyResult<T>,
    ) -> PyResult<T> {
        let py = wire.py();
        let outcome = match catch_unwind(AssertUnwindSafe(statement)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(failed(wire, error)),
            Err(panic) => {
                let _ = failed(wire, internal_error(py, "the core panicked"));
                self.end(py)?;
                resume_unwind(panic);
            }
        };
        self.end(py).and(outcome)
    }

    fn end(&self, py: Python<'_>) -> PyResult<()> {
        self.state().inside = None;
        self.let_go(py)
    }
}

fn run_slowly(
    wire: &Bound<'_, PyAny>,
    sql: Py<PyString>,
    params: Option<&Bound<'_, PyAny>>,
    shape: Py<Shape>,
) -> PyResult<Py<Result>> {
    let slowly = intern!(wire.py(), "_run_slowly");
    let result = wire.call_method1(slowly, (sql, params, shape))?;
    Ok(result.cast_into::<Result>()?.unbind())
}

/// A deadline or Ctrl-C may leave the statement running: the wire sees to that while it has the turn.
#[cold]
fn failed(wire: &Bound<'_, PyAny>, error: PyErr) -> PyErr {
    let py = wire.py();
    let nothing = PyTuple::empty(py);
    let told = wire.call_method1(intern!(py, "_failed"), (error.value(py), nothing));
    told.err().unwrap_or(error)
}
