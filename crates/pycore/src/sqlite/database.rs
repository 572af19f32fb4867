//! One open database: runs statements, keeps their plans, and knows how its transaction stands.

use std::sync::Arc;

use pyo3::prelude::*;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::arena::Arena;
use super::cache::Cache;
use super::control::{Control, Status};
use super::failure::Failure;
use super::handles::Handles;
use super::params;
use super::running::{Running, admit};
use super::sink::{Sink, empty, result};
use super::statement::Statement;
use super::stepping::Stepping;
use crate::kinds::Kind;
use crate::rows::{Result, Shape};

/// Fields are dropped in this order: statements before their connection, the control it points to last.
pub struct Database {
    pub cache: Cache,
    pub cursors: Handles<Stepping>,
    pub connection: Connection,
    pub parameters: Arena,
    pub rows: Arena,
    pub control: Arc<Control>,
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
            ..
        } = self;
        let entry = cache.get(py, connection, sql)?;
        parameters.clear();
        params::append(py, params, entry, kinds, None, parameters)?;
        let mut sink = Sink::new(py, shape, &entry.columns)?;
        if !admit(control, entry.command).map_err(|failure| failure.raise(py, sql))? {
            return empty(py, entry);
        }
        let mut run = Running::new(entry, control);
        let first = py.detach(|| {
            run.bind(parameters, 0)?;
            run.fill(rows)
        });
        let mut done = first.map_err(|failure| failure.raise(py, sql))?;
        if run.entry.refresh(py)? {
            sink = Sink::new(py, shape, &run.entry.columns)?;
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

    /// Closes the connection. The last one copies the write-ahead log into the file, which an interrupt would prevent.
    pub fn close(mut self) {
        self.control.forget_interrupt();
        // SQLite forgets its own interrupt flag when it begins to prepare a statement.
        let _: std::result::Result<_, Failure> =
            Statement::prepare(&mut self.connection, "SELECT 1", false);
    }

    /// Gives up the parent's connection in a forked child: without a checkpoint, and not at all inside a transaction, whose
    /// rollback would happen in the index that the parent works with (https://sqlite.org/howtocorrupt.html, section 2.6).
    pub fn leave(self) {
        let quiet = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
        let idle = self.control.status() == Status::Idle
            && self.connection.is_autocommit()
            && self.cursors.is_empty();
        if !idle || self.connection.set_db_config(quiet, true).is_err() {
            std::mem::forget(self);
        }
    }

    /// What has to happen after every operation, also one that failed.
    pub fn tidy(&mut self) {
        self.cache.forget_passing();
        self.parameters.shrink();
        self.rows.shrink();
        let status = match (self.control.status(), self.connection.is_autocommit()) {
            (Status::Failed, _) => Status::Failed,
            (_, true) => Status::Idle,
            (_, false) => Status::Transaction,
        };
        self.control.set_status(status);
        self.control.forget_interrupt();
    }
}
