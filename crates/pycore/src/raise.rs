//! Errors of `ferrow.errors`, raised from Rust.

use pyo3::exceptions::{PyBaseException, PyException, PyMemoryError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::lazy::{
    DATA_ERROR, DATABASE_ERROR, FROM_SERVER, FROM_SQLITE, INTERFACE_ERROR, Lazy, OPERATIONAL_ERROR,
    QUERY_CANCELLED,
};
use crate::place;
use crate::surrogate;

macro_rules! error_classes {
    ($($function:ident => $class:literal),* $(,)?) => {
        $(
            pub fn $function(py: Python<'_>, message: impl Into<String>) -> PyErr {
                static CLASS: Lazy = Lazy::new("ferrow.errors", $class);
                build(py, &CLASS, message.into())
            }
        )*
    };
}

error_classes! {
    interface_error => "InterfaceError",
    data_error => "DataError",
    operational_error => "OperationalError",
    internal_error => "InternalError",
    programming_error => "ProgrammingError",
    not_supported_error => "NotSupportedError",
    connection_lost => "ConnectionLost",
    query_timeout => "QueryTimeout",
}

/// Why a value cannot be sent; the place is added by whoever knows it.
pub enum Unfit {
    /// Its own words.
    Because(String),
    /// An exception raised on the way, e.g. by `__index__`, and in which part of the value.
    Raised(PyErr, String),
    /// An exception of somebody else's code, which goes out as it is, with a note that says where.
    Foreign(PyErr, String),
}

impl From<PyErr> for Unfit {
    fn from(error: PyErr) -> Unfit {
        Unfit::Raised(error, String::new())
    }
}

impl Unfit {
    pub fn foreign(error: PyErr) -> Unfit {
        Unfit::Foreign(error, String::new())
    }

    /// The same about a part that has a name.
    pub fn of(self, part: &str) -> Unfit {
        self.map(|words| place::of(part, words))
    }

    /// The same about an element, by its index.
    pub fn inside(self, index: usize) -> Unfit {
        self.map(|words| place::inside(index, words))
    }

    fn map(self, words: impl FnOnce(&str) -> String) -> Unfit {
        match self {
            Unfit::Because(reason) => Unfit::Because(words(&reason)),
            Unfit::Raised(error, part) => Unfit::Raised(error, words(&part)),
            Unfit::Foreign(error, part) => Unfit::Foreign(error, words(&part)),
        }
    }

    /// The words of an exception behind some of our own, unless it has nothing to do with the value.
    pub fn raised(py: Python<'_>, error: PyErr, before: &str) -> Unfit {
        if concerns_value(py, &error) {
            Unfit::Because(format!("{before}{}", words(py, &error)))
        } else {
            error.into()
        }
    }
}

/// Not Ctrl-C, the end of a task or of memory, which only happened to come then.
pub fn concerns_value(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<PyException>(py) && !error.is_instance_of::<PyMemoryError>(py)
}

fn words(py: Python<'_>, error: &PyErr) -> String {
    if let Some(fault) = surrogate::fault(py, error) {
        return fault;
    }
    let text = error.value(py).to_string();
    if text.is_empty() {
        let name = error.get_type(py).name();
        return name.map_or(text, |name| name.to_string());
    }
    text
}

/// Where a parameter stands; numbers are 1-based.
pub struct Place<'a> {
    pub parameter: usize,
    /// The row of a batch.
    pub row: Option<usize>,
    /// What the value was given by, if not by its position.
    pub name: Option<&'a str>,
}

/// The error about the value of a parameter, for both databases.
pub fn parameter_error(py: Python<'_>, place: &Place<'_>, unfit: Unfit) -> PyErr {
    let mut words = format!("parameter {}", place.parameter);
    if let Some(name) = place.name {
        words.push_str(&format!(" ({name})"));
    }
    if let Some(row) = place.row {
        words.push_str(&format!(" of row {row}"));
    }
    unfit_error(py, &words, unfit, |error| {
        error.setattr("parameter", place.parameter)?;
        error.setattr("row", place.row)
    })
}

/// The error about a value that was not given as a parameter.
pub fn value_error(py: Python<'_>, words: &str, unfit: Unfit) -> PyErr {
    unfit_error(py, words, unfit, |_| Ok(()))
}

pub fn miscounted(placeholders: usize, given: usize) -> String {
    let has = if placeholders == 1 {
        "placeholder"
    } else {
        "placeholders"
    };
    let were = if given == 1 {
        "parameter was"
    } else {
        "parameters were"
    };
    format!("the statement has {placeholders} {has}, {given} {were} given")
}

pub fn is_data_error(py: Python<'_>, error: &PyErr) -> bool {
    DATA_ERROR
        .get(py)
        .is_ok_and(|class| error.is_instance(py, class))
}

/// Whether it is an OperationalError, or one of its kind.
pub fn is_operational_error(py: Python<'_>, error: &PyErr) -> bool {
    OPERATIONAL_ERROR
        .get(py)
        .is_ok_and(|class| error.matches(py, class).unwrap_or(false))
}

pub fn is_query_cancelled(py: Python<'_>, error: &PyErr) -> bool {
    QUERY_CANCELLED
        .get(py)
        .is_ok_and(|class| error.is_instance(py, class))
}

pub fn is_interface_error(py: Python<'_>, error: &PyErr) -> bool {
    INTERFACE_ERROR
        .get(py)
        .is_ok_and(|class| error.is_instance(py, class))
}

/// The error about a value of a COPY; `row` counts from 1, `index` from 0.
pub fn copy_error(py: Python<'_>, row: u64, index: usize, name: &str, reason: String) -> PyErr {
    copy_unfit(py, row, index, name, Unfit::Because(reason))
}

/// The same for a value that cannot be sent.
pub fn copy_unfit(py: Python<'_>, row: u64, index: usize, name: &str, unfit: Unfit) -> PyErr {
    let place = format!("row {row}, column {} ({name})", index + 1);
    unfit_error(py, &place, unfit, |error| {
        error.setattr("row", row)?;
        error.setattr("column", name)
    })
}

/// The error about a value at a place, which `describe` tells by attributes as well.
fn unfit_error(
    py: Python<'_>,
    place: &str,
    unfit: Unfit,
    describe: impl FnOnce(&Bound<'_, PyBaseException>) -> PyResult<()>,
) -> PyErr {
    let (reason, cause) = match unfit {
        Unfit::Because(reason) => (reason, None),
        Unfit::Raised(error, part) if concerns_value(py, &error) => {
            (place::of(&part, &words(py, &error)), Some(error))
        }
        Unfit::Raised(error, _) => return error,
        Unfit::Foreign(error, part) => return place::noted(py, error, &place::of(place, &part)),
    };
    let error = data_error(py, format!("{place}: {reason}"));
    let object = error.value(py);
    if let Err(failed) = describe(object).and_then(|()| object.setattr("reason", reason)) {
        return failed;
    }
    if cause.is_some() {
        error.set_cause(py, cause);
    }
    error
}

fn build(py: Python<'_>, class: &'static Lazy, message: String) -> PyErr {
    match class.get(py).and_then(|class| class.call1((message,))) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

/// The error for what a PostgreSQL server reported.
pub fn server_error<'f>(
    py: Python<'_>,
    fields: impl Iterator<Item = (&'static str, &'f str)>,
    query: Option<&Bound<'_, PyAny>>,
) -> PyErr {
    let attempt = || -> PyResult<PyErr> {
        let dict = PyDict::new(py);
        for (name, value) in fields {
            dict.set_item(name, value)?;
        }
        Ok(PyErr::from_value(
            FROM_SERVER.get(py)?.call1((dict, query))?,
        ))
    };
    attempt().unwrap_or_else(|error| error)
}

/// The same error with advice of ours in place of the server's.
pub fn hinted(py: Python<'_>, error: PyErr, hint: &str) -> PyErr {
    match error.value(py).setattr("hint", hint) {
        Ok(()) => error,
        Err(failed) => failed,
    }
}

/// The same error with the statement it is about, unless it names one already or is none of ours.
#[cold]
pub fn asked(py: Python<'_>, error: PyErr, sql: &Bound<'_, PyAny>) -> PyErr {
    let ours = DATABASE_ERROR
        .get(py)
        .is_ok_and(|class| error.is_instance(py, class));
    let object = error.value(py);
    if ours && object.getattr("query").is_ok_and(|query| query.is_none()) {
        // A courtesy.
        let _ = object.setattr("query", sql);
    }
    error
}

/// Marks an error as `executed`. One of a codec or of a row's class has no such attribute, nor a hint: it gets the advice as a
/// note.
pub fn executed(py: Python<'_>, error: PyErr, advice: Option<String>) -> PyErr {
    let object = error.value(py);
    let ours = object.hasattr("executed").unwrap_or(false);
    let told = (|| -> PyResult<()> {
        if ours {
            object.setattr("executed", true)?;
        }
        match advice {
            Some(advice) if ours && object.getattr("hint")?.is_none() => {
                object.setattr("hint", advice)
            }
            Some(advice) => object.call_method1("add_note", (advice,)).map(drop),
            None => Ok(()),
        }
    })();
    told.err().unwrap_or(error)
}

/// The error for an extended result code of SQLite.
pub fn sqlite_error(py: Python<'_>, code: i32, message: &str, query: Option<&str>) -> PyErr {
    match FROM_SQLITE
        .get(py)
        .and_then(|function| function.call1((code, message, query)))
    {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

/// A value for a message: its repr, cut.
pub fn shown(value: &Bound<'_, PyAny>) -> String {
    let text = value
        .repr()
        .map_or_else(|_| String::new(), |text| text.to_string());
    if text.chars().count() > 60 {
        return text.chars().take(57).chain("...".chars()).collect();
    }
    text
}
