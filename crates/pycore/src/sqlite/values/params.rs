//! Parameters of one execution: counted and named first, then encoded, before anything runs.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyList, PyMapping, PyString, PyTuple};

use super::encode::{Encoded, encode, refuse};
use crate::kinds::{Kind, Kinds};
use crate::mistaken::{is_sequence, no_parameters, wrong_names};
use crate::raise::{Place, Unfit, miscounted, parameter_error, programming_error};
use crate::sqlite::execution::arena::Arena;
use crate::sqlite::execution::cache::Entry;
use crate::sqlite::targets::Target;

/// Appends the statement's parameters to the arena, one cell each. `row` is the number of the row in a batch.
#[inline]
pub fn append(
    py: Python<'_>,
    params: Option<&Bound<'_, PyAny>>,
    entry: &Entry,
    kinds: Option<&[Kind]>,
    row: Option<usize>,
    arena: &mut Arena,
) -> PyResult<()> {
    if let Some(kinds) = kinds
        && kinds.len() != entry.parameters
    {
        return Err(programming_error(
            py,
            format!(
                "the statement has {} placeholders, {} kinds were given",
                entry.parameters,
                kinds.len()
            ),
        ));
    }
    let Some(params) = params else {
        return count(py, 0, entry, row);
    };
    let mut at = At {
        row,
        entry,
        targets: entry.targets.as_deref().unwrap_or_default(),
        arena,
        by_name: false,
    };
    if let Ok(tuple) = params.cast::<PyTuple>() {
        count(py, tuple.len(), entry, row)?;
        for (index, value) in tuple.iter_borrowed().enumerate() {
            at.append(&value, index, kinds)?;
        }
    } else if let Ok(list) = params.cast::<PyList>() {
        count(py, list.len(), entry, row)?;
        for index in 0..entry.parameters {
            // An error if the list has become shorter: a value's own code may run, and cells missing here would shift
            // those of the next row.
            at.append(&list.get_item(index)?, index, kinds)?;
        }
    } else if params.is_instance_of::<PyDict>() || params.cast::<PyMapping>().is_ok() {
        at.by_name = true;
        for index in 0..entry.parameters {
            at.append(&named(params, entry, index, row)?, index, kinds)?;
        }
        // All that it takes are there, so others are too many.
        if params.len()? != entry.names {
            return Err(misnamed(params, entry, row));
        }
    } else if is_sequence(params) {
        let values = PyTuple::new(py, params.try_iter()?.collect::<PyResult<Vec<_>>>()?)?;
        return append(py, Some(values.as_any()), entry, kinds, row, at.arena);
    } else {
        return Err(no_parameters(params, true));
    }
    Ok(())
}

fn count(py: Python<'_>, given: usize, entry: &Entry, row: Option<usize>) -> PyResult<()> {
    if given == entry.parameters {
        return Ok(());
    }
    Err(programming_error(
        py,
        miscounted(entry.parameters, given) + &in_row(row),
    ))
}

/// The value of a named parameter.
fn named<'py>(
    params: &Bound<'py, PyAny>,
    entry: &Entry,
    index: usize,
    row: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = params.py();
    let Some(name) = entry.bare_name(index) else {
        return Err(programming_error(
            py,
            format!(
                "parameter {} has no name, but values were given by name; write :name in the SQL text or give a list",
                index + 1
            ),
        ));
    };
    params.get_item(name).map_err(|error| {
        match error.is_instance_of::<pyo3::exceptions::PyKeyError>(py) {
            true => misnamed(params, entry, row),
            false => error,
        }
    })
}

/// Values for other names than the statement has.
#[cold]
fn misnamed(params: &Bound<'_, PyAny>, entry: &Entry, row: Option<usize>) -> PyErr {
    let names = (0..entry.parameters).filter_map(|index| entry.bare_name(index));
    wrong_names(names.collect(), params, &in_row(row))
}

fn in_row(row: Option<usize>) -> String {
    row.map_or_else(String::new, |row| format!(" (row {row})"))
}

struct At<'a> {
    row: Option<usize>,
    entry: &'a Entry,
    targets: &'a [Option<Target>],
    arena: &'a mut Arena,
    by_name: bool,
}

impl At<'_> {
    #[inline]
    fn append(
        &mut self,
        value: &Bound<'_, PyAny>,
        index: usize,
        kinds: Option<&[Kind]>,
    ) -> PyResult<()> {
        let kind = kinds
            .and_then(|kinds| kinds.get(index).copied())
            .unwrap_or(Kind::Any);
        if !self.targets.is_empty() && (self.entry.codecs.is_some() || !fits_all(value)) {
            return self.append_fitting(value, index, kind);
        }
        match encode(value, kind, self.arena) {
            Ok(()) => Ok(()),
            Err(refused) => Err(self.refused(value.py(), refused, index)),
        }
    }

    /// A value of a statement of which it is known where it is written to. Apart, so that all others are appended in line.
    #[inline(never)]
    fn append_fitting(
        &mut self,
        value: &Bound<'_, PyAny>,
        index: usize,
        kind: Kind,
    ) -> PyResult<()> {
        let target = self.targets.get(index).and_then(Option::as_ref);
        let fit = target.and_then(|target| target.fit);
        let writer = target.and_then(|target| target.writer.as_ref());
        let written = match (kind, fit, writer) {
            (Kind::Any, fit, Some(writer)) if !value.is_none() => {
                writer.write(value, fit, self.arena)
            }
            (Kind::Any | Kind::Decimal, Some(fit), _) => fit
                .append(value, kind, target.is_some_and(|it| it.weighed), self.arena)
                .and_then(|()| self.agrees(value, kind, target)),
            _ => encode(value, kind, self.arena),
        };
        written.map_err(|refused| self.refused(value.py(), refused, index))
    }

    /// Refuses a value that other columns, into which the same parameter goes, cannot hold as it was just appended.
    fn agrees(&mut self, value: &Bound<'_, PyAny>, kind: Kind, target: Option<&Target>) -> Encoded {
        let others = target.map_or(&[][..], |target| &target.others);
        let weighed = target.is_some_and(|target| target.weighed);
        let after = self.arena.mark();
        for other in others {
            match other {
                Some(other) => other.append(value, kind, weighed, self.arena)?,
                None => encode(value, kind, self.arena)?,
            }
            let alike = self.arena.ends_in_twins();
            self.arena.rewind(after);
            if !alike {
                return refuse(
                    "its columns store it differently, one as a number and one with its digits: give it as two parameters",
                );
            }
        }
        Ok(())
    }

    #[cold]
    fn refused(&self, py: Python<'_>, unfit: Unfit, index: usize) -> PyErr {
        let name = self
            .entry
            .parameter_names
            .get(index)
            .and_then(Option::as_deref);
        let place = Place {
            parameter: index + 1,
            row: self.row,
            name: name.filter(|_| self.by_name),
        };
        parameter_error(py, &place, unfit)
    }
}

/// What every column without a codec takes as it is; most rows hold little else.
#[inline]
fn fits_all(value: &Bound<'_, PyAny>) -> bool {
    value.is_exact_instance_of::<PyString>()
        || value.is_none()
        || value.is_exact_instance_of::<PyFloat>()
}

/// The kinds as a slice.
pub fn kinds_of<'a>(kinds: Option<&'a Bound<'_, Kinds>>) -> Option<&'a [Kind]> {
    kinds.map(|kinds| kinds.get().as_slice())
}
