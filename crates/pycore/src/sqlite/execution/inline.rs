//! Reads that run where others wait for them to end: in the thread of an event loop, which a hop to another thread and back
//! would cost five times as much as the read.
//!
//! Such a read is short, or it has not happened. It is tried only when the statement's last run was quick (`pace`) and none of
//! its steps can be long (`bounded`). It gets `STEPS` steps of SQLite's virtual machine, among which the clock is looked at,
//! takes no value longer than `LONGEST_VALUE`, waits for no lock and for no disk (`vfs`); what needs more is taken back, which
//! leaves no trace of a read, and the caller runs it whole in the connection's thread, and so do the next ones, until the
//! statement has been quick there many times.
//!
//! A task that awaits nothing but such reads would never let its loop turn. So each thread has an allowance, and the read that
//! finds it used up goes to the thread of its connection, which makes the caller wait, and so the loop turn.

use std::cell::Cell;
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use rusqlite::{Connection, ffi};

use super::cache::Entry;
use super::database::Database;
use super::pace::{LONGEST, STEPS};
use super::running::Running;
use super::sink::{Sink, result};
use crate::kinds::Kind;
use crate::rows::{Result, Shape};
use crate::sqlite::connection::control::{Control, Status};
use crate::sqlite::targets::Watch;
use crate::sqlite::values::params;
use crate::sqlite::vfs::no_wait;
use crate::sqlite::vfs::reach::is_near;

/// Bytes of the longest value that is read or bound. A longer one can lie on any number of pages.
const LONGEST_VALUE: i32 = 16 * 1024;

/// Steps between two turns of a loop, about a millisecond of them; what a read costs beyond its steps; and what it costs at least
/// for each microsecond.
const ALLOWANCE: u32 = 10_000;
const FARE: u32 = 50;
const RATE: u32 = 10;

thread_local! {
    static LEFT: Cell<u32> = const { Cell::new(ALLOWANCE) };
}

impl Database {
    /// Runs a read if it is short. None when it is not, or no read: then nothing has happened.
    ///
    /// The GIL is kept: releasing it, for a time as short as this, is an invitation to wait for it.
    pub fn attempt(
        &mut self,
        py: Python<'_>,
        sql: &str,
        params: Option<&Bound<'_, PyAny>>,
        shape: &Py<Shape>,
        kinds: Option<&[Kind]>,
    ) -> PyResult<Option<Result>> {
        // Functions of users are promised to run in the connection's thread, and once.
        if self.calls_python || !self.paced {
            return Ok(None);
        }
        let Database {
            cache,
            connection,
            parameters,
            rows,
            control,
            ..
        } = self;
        let Some(entry) = cache.known(sql).filter(|entry| entry.pace.is_quick()) else {
            return Ok(None);
        };
        if control.status() == Status::Failed || !afford() || !is_near(connection) {
            return Ok(None);
        }
        if !targets_known(connection, control, entry) {
            return Ok(None);
        }
        let started = Instant::now();
        parameters.clear();
        params::append(py, params, entry, kinds, None, parameters)?;
        let mut sink = Sink::new(py, shape, &entry.columns)?;
        let mut run = Running::new(entry, control, parameters);
        let ran = {
            let Some(_no_wait) = NoWait::begin(connection, control, run.entry) else {
                return Ok(None);
            };
            let ran = run.bind(0).and_then(|()| run.fill(rows));
            // Not later: the lock of a reader is given up at once only while nobody maps.
            run.rewind();
            ran
        };
        match ran {
            Ok(true) => {}
            Ok(false) => {
                run.entry.pace.disappoint();
                return Ok(None);
            }
            Err(failure) => {
                return match failure.code & 0xff {
                    // It was not its fault.
                    ffi::SQLITE_TOOBIG if run.entry.statement.is_expired() => Ok(None),
                    ffi::SQLITE_INTERRUPT | ffi::SQLITE_TOOBIG => {
                        run.entry.pace.disappoint();
                        Ok(None)
                    }
                    ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED | ffi::SQLITE_PROTOCOL => Ok(None),
                    _ => Err(failure.raise(py, sql)),
                };
            }
        }
        let steps = run.entry.statement.take_steps();
        if run.entry.refresh(py)? {
            sink = Sink::new(py, shape, &run.entry.columns)?;
        }
        let taken = sink.take(py, &run.entry.columns, rows);
        drop(run);
        let took = started.elapsed();
        entry.pace.note_inline(took);
        pay(steps, took);
        taken?;
        result(py, entry, sink, 0).map(Some)
    }
}

/// Whether the targets of its parameters are known and still valid.
#[inline]
fn targets_known(connection: &Connection, control: &Control, entry: &mut Entry) -> bool {
    if entry.codecs.is_none() || (entry.targets.is_some() && matches!(entry.watch, Watch::Nothing))
    {
        return true;
    }
    NoWait::begin(connection, control, entry)
        .is_some_and(|_no_wait| entry.targets_known(connection))
}

/// Whether this thread may read on. If not, it may the next time: its loop will have turned.
fn afford() -> bool {
    LEFT.with(|left| {
        let may = left.get() > 0;
        if !may {
            left.set(ALLOWANCE);
        }
        may
    })
}

fn pay(steps: u64, took: Duration) {
    let steps = u32::try_from(steps).unwrap_or(u32::MAX);
    let time = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
    let price = FARE.saturating_add(steps).max(time.saturating_mul(RATE));
    LEFT.with(|left| left.set(left.get().saturating_sub(price)));
}

/// While it lives, the connection gives up rather than wait or go on.
struct NoWait<'a> {
    _files: no_wait::NoWait,
    control: &'a Control,
    db: *mut ffi::sqlite3,
    length: i32,
    sql_length: i32,
}

impl<'a> NoWait<'a> {
    /// None where it might have to wait for another thread all the same.
    fn begin(
        connection: &'a Connection,
        control: &'a Control,
        entry: &mut Entry,
    ) -> Option<NoWait<'a>> {
        let files = no_wait::begin()?;
        // The budget is counted from zero.
        entry.statement.take_steps();
        // SAFETY: an open connection of this thread, borrowed for as long as this lives; `control` is installed in it.
        unsafe {
            let db = connection.handle();
            control.begin_no_wait(db, STEPS, LONGEST);
            Some(NoWait {
                _files: files,
                control,
                db,
                length: ffi::sqlite3_limit(db, ffi::SQLITE_LIMIT_LENGTH, LONGEST_VALUE),
                // Nothing is compiled: it takes no steps, and reads the whole schema when that has changed.
                sql_length: ffi::sqlite3_limit(db, ffi::SQLITE_LIMIT_SQL_LENGTH, 0),
            })
        }
    }
}

impl Drop for NoWait<'_> {
    fn drop(&mut self) {
        // SAFETY: as above.
        unsafe {
            ffi::sqlite3_limit(self.db, ffi::SQLITE_LIMIT_LENGTH, self.length);
            ffi::sqlite3_limit(self.db, ffi::SQLITE_LIMIT_SQL_LENGTH, self.sql_length);
            self.control.end_no_wait(self.db);
        }
    }
}
