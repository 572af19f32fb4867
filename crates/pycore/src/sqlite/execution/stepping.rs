//! One execution of a statement that goes on over several calls.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyList;
use rusqlite::{Connection, ffi};

use super::arena::Arena;
use super::cache::{self, Entry};
use super::running::{BATCH_BYTES, BATCH_ROWS, admit_inside, note_failure, stop};
use super::sink::Sink;
use crate::kinds::Kind;
use crate::raise::programming_error;
use crate::rows::Shape;
use crate::sqlite::connection::control::Control;
use crate::sqlite::failure::Failure;
use crate::sqlite::values::codecs::Codecs;

pub struct Stepping {
    pub entry: Entry,
    sql: Box<str>,
    shape: Py<Shape>,
    /// Rows that were read when the statement was started: the first one, or all of a statement that writes.
    kept: Arena,
    /// What the statement is bound to, for as long as it goes on.
    parameters: Arena,
    /// How many cells of `kept` have been fetched.
    taken: usize,
    done: bool,
    /// `Control::rollbacks` at the start.
    rollbacks: u64,
}

impl Stepping {
    pub fn prepare(
        py: Python<'_>,
        connection: &mut Connection,
        sql: &str,
        shape: &Py<Shape>,
        codecs: Option<&Arc<Codecs>>,
    ) -> PyResult<Stepping> {
        let entry = cache::prepare(py, connection, sql, codecs)?;
        if entry.command.controls() {
            return Err(programming_error(
                py,
                format!("{} gives no rows; run it with execute()", entry.tag),
            ));
        }
        Ok(Stepping {
            entry,
            sql: sql.into(),
            shape: shape.clone_ref(py),
            kept: Arena::default(),
            parameters: Arena::default(),
            taken: 0,
            done: false,
            rollbacks: 0,
        })
    }

    /// Binds the parameters and takes the first step, so that the snapshot and the columns are those of this moment. What
    /// writes runs to its end: half of an UPDATE, left open, could not be committed.
    pub fn start(
        &mut self,
        py: Python<'_>,
        connection: &mut Connection,
        control: &Control,
        params: Option<&Bound<'_, PyAny>>,
        kinds: Option<&[Kind]>,
    ) -> PyResult<()> {
        let Stepping {
            entry,
            sql,
            parameters,
            ..
        } = self;
        entry.append(py, connection, sql, params, kinds, None, parameters)?;
        admit_inside(control, self.entry.command)
            .map_err(|failure| failure.raise(py, &self.sql))?;
        // Before anything happens: whether the result can take the shape.
        Sink::new(py, &self.shape, &self.entry.columns)?;
        self.rollbacks = control.rollbacks();
        let mut kept = Arena::default();
        let more = py.detach(|| {
            for (index, cell) in self.parameters.cells().iter().enumerate() {
                // SAFETY: the arena belongs to this statement and stays as it is.
                unsafe {
                    self.entry
                        .statement
                        .bind(index + 1, *cell, &self.parameters)?;
                }
            }
            self.step(control, &mut kept)
        });
        let more = more.map_err(|failure: Failure| failure.raise(py, &self.sql))?;
        let fits = match self.entry.refresh(py) {
            Ok(true) => Sink::new(py, &self.shape, &self.entry.columns).map(drop),
            other => other.map(drop),
        };
        let writes = more && !self.entry.statement.readonly();
        if let Err(error) = fits {
            if writes {
                let was_idle = self.entry.statement.autocommit();
                stop(control, &mut self.entry.statement, was_idle);
            }
            return Err(error);
        }
        if writes {
            py.detach(|| {
                while self.step(control, &mut kept)? {}
                Ok(())
            })
            .map_err(|failure: Failure| failure.raise(py, &self.sql))?;
        }
        self.kept = kept;
        Ok(())
    }

    /// The next rows, at most `n`, and whether they are the last. After an error there is no going on.
    pub fn fetch(
        &mut self,
        py: Python<'_>,
        control: &Control,
        rows: &mut Arena,
        n: usize,
    ) -> PyResult<(Py<PyList>, bool)> {
        if control.rollbacks() != self.rollbacks {
            return Err(rolled_back().raise(py, &self.sql));
        }
        let sink = Sink::new(py, &self.shape, &self.entry.columns)?;
        let width = self.entry.columns.width().max(1);
        let mut left = n;
        let kept = self.kept.cells().get(self.taken..).unwrap_or_default();
        let kept = kept
            .get(..kept.len().min(left.saturating_mul(width)))
            .unwrap_or_default();
        if !kept.is_empty() {
            sink.take_cells(py, &self.entry.columns, kept, &self.kept)?;
            self.taken += kept.len();
            left -= kept.len() / width;
            if self.taken == self.kept.cells().len() {
                self.kept = Arena::default();
                self.taken = 0;
            }
        }
        while left > 0 && !self.done {
            rows.clear();
            let read = py
                .detach(|| self.fill(control, rows, left.min(BATCH_ROWS)))
                .map_err(|failure| failure.raise(py, &self.sql))?;
            sink.take(py, &self.entry.columns, rows)?;
            left -= read;
            // Long results give Ctrl-C a chance.
            py.check_signals()?;
        }
        Ok((sink.rows(py), self.done && self.kept.cells().is_empty()))
    }

    /// Reads at most `most` rows; gives how many.
    fn fill(&mut self, control: &Control, rows: &mut Arena, most: usize) -> Result<usize, Failure> {
        let mut read = 0;
        while read < most && rows.size() <= BATCH_BYTES && self.step(control, rows)? {
            read += 1;
        }
        Ok(read)
    }

    /// One row into the arena; false at the end.
    fn step(&mut self, control: &Control, rows: &mut Arena) -> Result<bool, Failure> {
        let statement = &mut self.entry.statement;
        let was_idle = statement.autocommit();
        if control.interrupted() {
            stop(control, statement, was_idle);
            return Err(Failure::interrupted());
        }
        match statement.step() {
            Ok(true) => {
                let width = statement.column_count();
                statement.read(width, rows)?;
                Ok(true)
            }
            Ok(false) => {
                statement.reset();
                statement.clear_bindings();
                self.done = true;
                Ok(false)
            }
            Err(failure) => {
                note_failure(control, statement, was_idle);
                // An interrupted wait for a lock ends as SQLITE_BUSY.
                Err(match failure.code {
                    _ if control.interrupted() => Failure::interrupted(),
                    ffi::SQLITE_ABORT_ROLLBACK => rolled_back(),
                    _ => failure,
                })
            }
        }
    }
}

fn rolled_back() -> Failure {
    Failure::new(
        ffi::SQLITE_ABORT_ROLLBACK,
        "the cursor ended when a transaction of its connection was rolled back; run its statement again for the rows that \
         are there now",
    )
}
