//! Giving them to a connection, and taking them away.

use std::ffi::{CString, c_int};
use std::sync::Arc;

use pyo3::prelude::*;
use rusqlite::ffi;

use super::{UserCallable, aggregate, collation, destroy, function};
use crate::raise::{programming_error, sqlite_error};
use crate::sqlite::execution::database::Database;
use crate::sqlite::failure::Failure;

/// What can be registered under a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FunctionKind {
    Function,
    Aggregate,
    Window,
}

/// How SQL may use it.
#[derive(Clone, Copy)]
pub struct FunctionOptions {
    pub arguments: c_int,
    pub deterministic: bool,
    pub directonly: bool,
}

impl FunctionOptions {
    fn flags(self) -> c_int {
        let deterministic = if self.deterministic {
            ffi::SQLITE_DETERMINISTIC
        } else {
            0
        };
        // Schemas are not trusted, so what they may use must be declared harmless.
        let trust = if self.directonly {
            ffi::SQLITE_DIRECTONLY
        } else {
            ffi::SQLITE_INNOCUOUS
        };
        ffi::SQLITE_UTF8 | deterministic | trust
    }
}

impl Database {
    /// Registers a function, or removes it when there is no callable.
    pub fn register(
        &mut self,
        py: Python<'_>,
        kind: FunctionKind,
        name: &str,
        callable: Option<Py<PyAny>>,
        options: FunctionOptions,
    ) -> PyResult<()> {
        let known = checked(py, name, "function", |name| {
            name.starts_with("ferrow_") || name.starts_with("decimal_")
        })?;
        self.check_arguments(py, name, options.arguments)?;
        let flags = options.flags();
        let user = callable.map(|callable| UserCallable {
            name: format!("the function {name}()"),
            callable,
            control: Arc::clone(&self.control),
        });
        self.calls_python = true;
        let is_function = user.is_some() && kind == FunctionKind::Function;
        let is_window = user.is_some() && kind == FunctionKind::Window;
        let is_aggregate = user.is_some() && kind != FunctionKind::Function;
        let (data, ending): (_, Option<unsafe extern "C" fn(_)>) = match user {
            Some(user) => (user.into_raw(), Some(destroy)),
            None => (std::ptr::null_mut(), None),
        };
        // SAFETY: an open connection, exclusively borrowed; the name ends with a zero byte; SQLite calls `destroy` once for
        // `data`, also when it refuses it.
        let code = unsafe {
            let db = self.connection.handle();
            if kind == FunctionKind::Window {
                ffi::sqlite3_create_window_function(
                    db,
                    known.as_ptr(),
                    options.arguments,
                    flags,
                    data,
                    is_window.then_some(aggregate::step as _),
                    is_window.then_some(aggregate::finalize as _),
                    is_window.then_some(aggregate::value as _),
                    is_window.then_some(aggregate::inverse as _),
                    ending,
                )
            } else {
                ffi::sqlite3_create_function_v2(
                    db,
                    known.as_ptr(),
                    options.arguments,
                    flags,
                    data,
                    is_function.then_some(function::call as _),
                    is_aggregate.then_some(aggregate::step as _),
                    is_aggregate.then_some(aggregate::finalize as _),
                    ending,
                )
            }
        };
        self.registered(py, code, &format!("the function {name}()"))
    }

    /// Registers a collation, or removes it when there is no callable.
    pub fn collate(
        &mut self,
        py: Python<'_>,
        name: &str,
        callable: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let known = checked(py, name, "collation", |name| {
            name == "decimal" || name.starts_with("ferrow_")
        })?;
        let user = callable.map(|callable| UserCallable {
            name: format!("the collation {name}"),
            callable,
            control: Arc::clone(&self.control),
        });
        let compares = user.is_some();
        self.calls_python = true;
        let data = user.map_or(std::ptr::null_mut(), UserCallable::into_raw);
        // SAFETY: as above, except that SQLite leaves the destructor to us when it refuses a collation.
        let code = unsafe {
            let code = ffi::sqlite3_create_collation_v2(
                self.connection.handle(),
                known.as_ptr(),
                ffi::SQLITE_UTF8,
                data,
                compares.then_some(collation::compare as _),
                compares.then_some(destroy as _),
            );
            if code != ffi::SQLITE_OK && compares {
                destroy(data);
            }
            code
        };
        self.registered(py, code, &format!("the collation {name}"))
    }

    fn check_arguments(&self, py: Python<'_>, name: &str, arguments: c_int) -> PyResult<()> {
        // SAFETY: an open connection, exclusively borrowed.
        let most = unsafe {
            ffi::sqlite3_limit(self.connection.handle(), ffi::SQLITE_LIMIT_FUNCTION_ARG, -1)
        };
        if (-1..=most).contains(&arguments) {
            return Ok(());
        }
        Err(programming_error(
            py,
            format!(
                "the function {name}() cannot have {arguments} arguments: from 0 to {most}, or -1 for any number"
            ),
        ))
    }

    fn registered(&self, py: Python<'_>, code: c_int, what: &str) -> PyResult<()> {
        if code == ffi::SQLITE_OK {
            return Ok(());
        }
        // SAFETY: an open connection, exclusively borrowed.
        let failure = unsafe { Failure::of(self.connection.handle()) };
        let fix = if code == ffi::SQLITE_BUSY {
            "; close the cursors of this connection first"
        } else {
            ""
        };
        let message = format!("{what} cannot be changed: {}{fix}", failure.message);
        Err(sqlite_error(py, failure.code, &message, None))
    }
}

/// The name for SQLite, which would stop reading it at a zero byte and has no more than 255 bytes for it.
fn checked(
    py: Python<'_>,
    name: &str,
    what: &str,
    ours: impl Fn(&str) -> bool,
) -> PyResult<CString> {
    if ours(&name.to_ascii_lowercase()) {
        return Err(programming_error(
            py,
            format!(
                "the {what} {name} is one of Ferrow's own; choose a name that does not begin with ferrow_ or decimal"
            ),
        ));
    }
    if name.is_empty() || name.len() > 255 {
        return Err(programming_error(
            py,
            format!(
                "the name of a {what} has 1 to 255 bytes, not {}",
                name.len()
            ),
        ));
    }
    CString::new(name)
        .map_err(|_| programming_error(py, format!("the name of a {what} holds a zero byte")))
}
