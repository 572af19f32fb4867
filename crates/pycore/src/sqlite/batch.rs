//! One statement for many rows of parameters, all or nothing.

use pyo3::prelude::*;

use super::arena::Arena;
use super::cache::Entry;
use super::control::{Control, Status};
use super::database::Database;
use super::failure::Failure;
use super::running::{BATCH_BYTES, Running, admit, note_failure, stop};
use super::sink::{Sink, result};
use super::statement::Statement;
use crate::kinds::Kind;
use crate::raise::programming_error;
use crate::rows::{Result, Shape};

/// Rows encoded before the GIL is released to run them.
const CHUNK_ROWS: usize = 1024;
const CHUNK_BYTES: usize = 1024 * 1024;

impl Database {
    pub fn run_many(
        &mut self,
        py: Python<'_>,
        sql: &str,
        rows: &Bound<'_, PyAny>,
        shape: &Py<Shape>,
        kinds: Option<&[Kind]>,
    ) -> PyResult<Result> {
        let Database {
            cache,
            connection,
            parameters,
            rows: read,
            control,
            ..
        } = self;
        let entry = cache.get(py, connection, sql)?;
        refuse_in_batch(py, entry)?;
        admit(control, entry.command).map_err(|failure| failure.raise(py, sql))?;
        let mut sink = Sink::new(py, shape, &entry.columns)?;
        let mut source = rows.try_iter()?;
        let mut number = 0;
        let mut changes = 0;
        let mut unit: Option<Unit> = None;
        loop {
            let first = number;
            parameters.clear();
            while number - first < CHUNK_ROWS && parameters.size() < CHUNK_BYTES {
                let Some(row) = source.next() else { break };
                let outcome = row.and_then(|row| {
                    let row = Some(&row);
                    entry.append(
                        py,
                        connection,
                        sql,
                        row,
                        kinds,
                        Some(number + 1),
                        parameters,
                    )
                });
                if let Err(error) = outcome {
                    py.detach(|| undo(unit, connection, control));
                    return Err(error);
                }
                number += 1;
            }
            if number == first {
                break;
            }
            let mut position = first;
            while position < number {
                read.clear();
                let mut run = Running::new(entry, control, parameters);
                let ran = py.detach(|| {
                    if unit.is_none() {
                        unit = Some(begin(connection, control, run.entry.statement.readonly())?);
                    }
                    while position < number && read.size() < BATCH_BYTES {
                        run.bind((position - first) * run.entry.parameters)?;
                        run.exhaust(read)?;
                        position += 1;
                    }
                    Ok(run.changes)
                });
                drop(run);
                let taken = match ran {
                    Ok(more) => {
                        changes += more;
                        take(py, entry, &mut sink, shape, read)
                    }
                    Err(failure) => Err(in_row(py, failure, sql, position + 1, unit.is_some())),
                };
                if let Err(error) = taken {
                    py.detach(|| undo(unit, connection, control));
                    return Err(error);
                }
            }
        }
        if let Some(unit) = unit {
            py.detach(|| commit(unit, connection, control))
                .map_err(|failure| failure.raise(py, sql))?;
        }
        result(py, entry, sink, changes)
    }
}

/// The rows read so far, as Python objects.
fn take(
    py: Python<'_>,
    entry: &mut Entry,
    sink: &mut Sink,
    shape: &Py<Shape>,
    read: &Arena,
) -> PyResult<()> {
    // The schema can have changed before the first row, and not after it.
    if entry.refresh(py)? {
        *sink = Sink::new(py, shape, &entry.columns)?;
    }
    sink.take(py, &entry.columns, read)?;
    py.check_signals()
}

fn in_row(py: Python<'_>, failure: Failure, sql: &str, row: usize, begun: bool) -> PyErr {
    let error = failure.raise(py, sql);
    if begun {
        // A note is a courtesy.
        let note = format!("in row {row} of the batch");
        let _ = error.value(py).call_method1("add_note", (note,));
    }
    error
}

/// What makes the batch atomic.
#[derive(Clone, Copy)]
pub enum Unit {
    Transaction,
    Savepoint,
}

pub fn begin(
    connection: &mut rusqlite::Connection,
    control: &Control,
    readonly: bool,
) -> std::result::Result<Unit, Failure> {
    let (unit, sql) = if !connection.is_autocommit() {
        (Unit::Savepoint, "SAVEPOINT ferrow_batch")
    } else if readonly {
        (Unit::Transaction, "BEGIN")
    } else {
        (Unit::Transaction, "BEGIN IMMEDIATE")
    };
    execute(connection, control, sql)?;
    Ok(unit)
}

pub fn commit(
    unit: Unit,
    connection: &mut rusqlite::Connection,
    control: &Control,
) -> std::result::Result<(), Failure> {
    let sql = match unit {
        Unit::Transaction => "COMMIT",
        Unit::Savepoint => "RELEASE ferrow_batch",
    };
    let outcome = execute(connection, control, sql);
    if outcome.is_err() {
        undo(Some(unit), connection, control);
    }
    outcome
}

/// Takes the batch back. Its own failure would only hide the error that is about to be raised.
pub fn undo(unit: Option<Unit>, connection: &mut rusqlite::Connection, control: &Control) {
    let statements: &[&str] = match unit {
        _ if connection.is_autocommit() => &[],
        None => &[],
        Some(Unit::Transaction) => &["ROLLBACK"],
        Some(Unit::Savepoint) => &["ROLLBACK TO ferrow_batch", "RELEASE ferrow_batch"],
    };
    control.forget_interrupt();
    for sql in statements {
        let _ = execute(connection, control, sql);
    }
    // The transaction that SQLite ended by itself was ours, not the caller's.
    if matches!(unit, Some(Unit::Transaction)) && control.status() == Status::Failed {
        control.set_status(Status::Idle);
    }
}

/// Runs a statement without parameters, once.
pub fn execute(
    connection: &mut rusqlite::Connection,
    control: &Control,
    sql: &str,
) -> std::result::Result<(), Failure> {
    if let (Some(mut statement), _) = Statement::prepare(connection, sql, false)? {
        exhaust(&mut statement, control)?;
    }
    Ok(())
}

/// Steps to the end and drops the rows; how many they were.
pub fn exhaust(statement: &mut Statement, control: &Control) -> std::result::Result<i64, Failure> {
    let mut rows = 0_i64;
    let was_idle = statement.autocommit();
    loop {
        if control.interrupted() {
            stop(control, statement, was_idle);
            return Err(Failure::interrupted());
        }
        match statement.step() {
            Ok(true) => rows = rows.saturating_add(1),
            Ok(false) => break,
            Err(failure) => {
                note_failure(control, statement, was_idle);
                return Err(if control.interrupted() {
                    Failure::interrupted()
                } else {
                    failure
                });
            }
        }
    }
    statement.reset();
    Ok(rows)
}

/// The statement is not one that a batch can consist of.
fn refuse_in_batch(py: Python<'_>, entry: &Entry) -> PyResult<()> {
    if entry.command.controls() {
        return Err(programming_error(
            py,
            format!("{} cannot be run many times in one batch", entry.tag),
        ));
    }
    Ok(())
}
