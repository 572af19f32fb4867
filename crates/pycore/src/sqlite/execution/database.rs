//! One open database: runs statements, keeps their plans, and knows how its transaction stands.

use std::sync::Arc;
use std::time::Instant;

use pyo3::prelude::*;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::arena::Arena;
use super::bounded::is_bounded;
use super::cache::Cache;
use super::held;
use super::running::{Running, admit_inside};
use super::sink::{Sink, empty, result};
use super::statement::Statement;
use super::stepping::Stepping;
use crate::kinds::Kind;
use crate::rows::{Result, Shape};
use crate::sqlite::connection::control::{Control, Status};
use crate::sqlite::connection::handles::Handles;
use crate::sqlite::connection::inherited::{self, FileId};
use crate::sqlite::failure::Failure;
use crate::sqlite::tools::backup::{self, SharedCopying};
use crate::sqlite::tools::blob::Blob;

/// Fields are dropped in this order: statements before their connection, the control it points to last.
pub struct Database {
    pub cache: Cache,
    pub cursors: Handles<Stepping>,
    pub blobs: Handles<Blob>,
    /// Copies of this database that are being made.
    pub backups: Handles<SharedCopying>,
    /// The copy of another database that this one is being made into.
    pub lent: Option<SharedCopying>,
    /// What `mark` reads by.
    pub marking: Option<Statement>,
    pub connection: Connection,
    pub parameters: Arena,
    pub rows: Arena,
    /// Whether the open transaction was begun to refuse writes.
    pub query_only: bool,
    pub file: Option<FileId>,
    /// Whether it was opened for reading only.
    pub readonly: bool,
    pub control: Arc<Control>,
    /// `attempt` may run short reads where others wait for them.
    pub paced: bool,
    /// It is in memory, and no other connection can have it open.
    pub private: bool,
    /// Python functions may be called by any statement.
    pub calls_python: bool,
}

impl Database {
    pub fn run(
        &mut self,
        py: Python<'_>,
        sql: &str,
        params: Option<&Bound<'_, PyAny>>,
        shape: &Py<Shape>,
        kinds: Option<&[Kind]>,
    ) -> PyResult<Result> {
        let Database {
            cache,
            connection,
            parameters,
            rows,
            control,
            paced,
            calls_python,
            ..
        } = self;
        let entry = cache.get(py, connection, sql)?;
        parameters.clear();
        entry.append(py, connection, sql, params, kinds, None, parameters)?;
        let mut sink = Sink::new(py, shape, &entry.columns)?;
        if !admit_inside(control, entry.command).map_err(|failure| failure.raise(py, sql))? {
            return empty(py, entry);
        }
        let timed = entry.readonly && !*calls_python;
        let held = timed && !*paced && entry.pace.may_hold();
        let mut run = Running::new(entry, control, parameters);
        let first = match held {
            true => held::read(connection, &mut run, control, rows).transpose(),
            false => None,
        };
        let first = first.unwrap_or_else(|| {
            py.detach(|| {
                let started = timed.then(Instant::now);
                if timed {
                    run.entry.statement.take_steps();
                }
                run.bind(0)?;
                let done = run.fill(rows)?;
                if let Some(started) = started {
                    let steps = run.entry.statement.take_steps();
                    let took = started.elapsed();
                    if done && run.entry.pace.is_unknown() {
                        run.entry.pace.set_bounded(is_bounded(connection, sql));
                    }
                    run.entry.pace.note(steps, took);
                }
                Ok(done)
            })
        });
        let mut done = first.map_err(|failure: Failure| failure.raise(py, sql))?;
        if run.entry.refresh(py)? {
            sink = match Sink::new(py, shape, &run.entry.columns) {
                Ok(sink) => sink,
                Err(error) => {
                    if !done {
                        py.detach(|| run.undo());
                    }
                    return Err(error);
                }
            };
        }
        loop {
            sink.take(py, &run.entry.columns, rows)?;
            if done {
                break;
            }
            // Long results give Ctrl-C a chance.
            py.check_signals()?;
            done = py
                .detach(|| run.fill(rows))
                .map_err(|failure| failure.raise(py, sql))?;
        }
        let changes = run.changes;
        drop(run);
        result(py, entry, sink, changes)
    }

    pub fn prepare(&mut self, py: Python<'_>, sql: &str) -> PyResult<()> {
        self.cache.get(py, &mut self.connection, sql).map(drop)
    }

    /// Closes the connection. The last one copies the write-ahead log into the file, which an interrupt would prevent.
    pub fn close(mut self) {
        for copying in self.backups.drain().chain(self.lent.take()) {
            backup::finish(&copying);
        }
        self.control.seal();
        // SQLite forgets its own interrupt flag when it begins to prepare a statement, unless one is being read.
        self.close_held();
        let _: std::result::Result<_, Failure> =
            Statement::prepare(&mut self.connection, "SELECT 1", false);
    }

    /// Gives up the parent's connection in a forked child: without a checkpoint, and not at all inside a transaction, whose
    /// rollback would happen in the index that the parent works with (https://sqlite.org/howtocorrupt.html, section 2.6).
    pub fn leave(self) {
        let quiet = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
        let idle = self.control.status() == Status::Idle
            && self.connection.is_autocommit()
            && self.cursors.is_empty()
            && self.blobs.is_empty()
            && self.backups.is_empty()
            && self.lent.is_none();
        if !idle || self.connection.set_db_config(quiet, true).is_err() {
            inherited::stick(self.file);
            std::mem::forget(self);
        }
    }

    /// Closes cursors and blobs that SQLite would interrupt from now on: see `Control::interrupt`.
    #[cold]
    fn close_held(&mut self) {
        self.cursors.drain().for_each(drop);
        self.blobs.drain().for_each(drop);
    }

    /// What has to happen after every operation, also one that failed.
    pub fn tidy(&mut self) {
        let holds = !self.cursors.is_empty() || !self.blobs.is_empty();
        // It came too late to end what was being opened.
        let late = self.control.interrupted() && !self.control.holds();
        if self.control.take_stopped() || (holds && late) {
            self.close_held();
        } else {
            self.control.set_holds(holds);
        }
        self.cache.forget_passing();
        self.parameters.shrink();
        self.rows.shrink();
        self.end_readonly();
        let status = match (self.control.status(), self.connection.is_autocommit()) {
            (Status::Failed, _) => Status::Failed,
            (_, true) => Status::Idle,
            (_, false) => Status::Transaction,
        };
        self.control.set_status(status);
        if status == Status::Idle {
            self.control.set_guarded(false);
        }
        self.control.forget_interrupt();
    }
}
