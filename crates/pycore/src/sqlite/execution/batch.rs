//! One statement for many rows of parameters, all or nothing.

use pyo3::prelude::*;
use pyo3::types::PyIterator;

use super::arena::Arena;
use super::cache::Entry;
use super::database::Database;
use super::running::{BATCH_BYTES, Running, admit, note_failure, stop};
use super::sink::{Sink, result};
use super::statement::Statement;
use crate::kinds::Kind;
use crate::raise::programming_error;
use crate::rows::{Result, Shape};
use crate::sqlite::connection::control::{Control, Status};
use crate::sqlite::failure::Failure;

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
        let mut batch = Batch {
            sql,
            shape,
            sink: Sink::new(py, shape, &entry.columns)?,
            entry,
            connection,
            control,
            parameters,
            read,
            unit: None,
            encoded: 0,
            changes: 0,
        };
        if let Err(error) = batch.run(py, &rows.try_iter()?, kinds) {
            py.detach(|| undo(batch.unit, batch.connection, batch.control));
            return Err(error);
        }
        batch.commit(py)?;
        result(py, batch.entry, batch.sink, batch.changes)
    }
}

struct Batch<'a> {
    sql: &'a str,
    shape: &'a Py<Shape>,
    sink: Sink,
    entry: &'a mut Entry,
    connection: &'a mut rusqlite::Connection,
    control: &'a Control,
    parameters: &'a mut Arena,
    read: &'a mut Arena,
    /// Begun before the first row runs.
    unit: Option<Unit>,
    /// How many rows were encoded so far.
    encoded: usize,
    changes: i64,
}

impl Batch<'_> {
    fn run(
        &mut self,
        py: Python<'_>,
        rows: &Bound<'_, PyIterator>,
        kinds: Option<&[Kind]>,
    ) -> PyResult<()> {
        loop {
            let first = self.encoded;
            self.encode_chunk(py, rows, kinds)?;
            if self.encoded == first {
                return Ok(());
            }
            self.run_chunk(py, first)?;
        }
    }

    fn encode_chunk(
        &mut self,
        py: Python<'_>,
        rows: &Bound<'_, PyIterator>,
        kinds: Option<&[Kind]>,
    ) -> PyResult<()> {
        let first = self.encoded;
        let mut rows = rows.clone();
        self.parameters.clear();
        while self.encoded - first < CHUNK_ROWS && self.parameters.size() < CHUNK_BYTES {
            let Some(row) = rows.next() else { break };
            self.entry.append(
                py,
                self.connection,
                self.sql,
                Some(&row?),
                kinds,
                Some(self.encoded + 1),
                self.parameters,
            )?;
            self.encoded += 1;
        }
        Ok(())
    }

    /// Runs the rows from `first` on that were encoded.
    fn run_chunk(&mut self, py: Python<'_>, first: usize) -> PyResult<()> {
        let mut position = first;
        while position < self.encoded {
            self.read.clear();
            let mut run = Running::new(self.entry, self.control, self.parameters);
            let ran = py.detach(|| {
                if self.unit.is_none() {
                    let readonly = run.entry.statement.readonly();
                    self.unit = Some(begin(self.connection, self.control, readonly)?);
                }
                while position < self.encoded && self.read.size() < BATCH_BYTES {
                    run.bind((position - first) * run.entry.parameters)?;
                    run.exhaust(self.read)?;
                    position += 1;
                }
                Ok(run.changes)
            });
            drop(run);
            self.changes += ran.map_err(|failure| {
                in_row(py, failure, self.sql, position + 1, self.unit.is_some())
            })?;
            take(py, self.entry, &mut self.sink, self.shape, self.read)?;
        }
        Ok(())
    }

    fn commit(&mut self, py: Python<'_>) -> PyResult<()> {
        let Some(unit) = self.unit else {
            return Ok(());
        };
        py.detach(|| commit(unit, self.connection, self.control))
            .map_err(|failure| failure.raise(py, self.sql))
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
