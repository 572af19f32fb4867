//! One execution of one statement, without the GIL.

use std::sync::atomic::Ordering;

use super::arena::{Arena, Cell};
use super::cache::Entry;
use super::command::Command;
use super::statement::Statement;
use crate::sqlite::connection::control::{Control, Status};
use crate::sqlite::failure::Failure;

/// Rows read without the GIL before Python objects are made of them: a batch must be large enough that taking the GIL
/// back (up to 5 ms when other threads compute) is rare, and small enough for the processor's cache.
pub const BATCH_ROWS: usize = 2048;
pub const BATCH_BYTES: usize = 512 * 1024;

/// Whether the statement has to run. After SQLite rolled a transaction back by itself, only its formal end is admitted, and
/// there is nothing left to do for it: anything else would be committed statement by statement.
pub fn admit(control: &Control, command: Command) -> Result<bool, Failure> {
    if control.status() != Status::Failed {
        return Ok(true);
    }
    match command {
        Command::Rollback => {
            control.set_status(Status::Idle);
            Ok(false)
        }
        Command::RollbackTo => {
            control.went_back.store(true, Ordering::Relaxed);
            Ok(false)
        }
        // A savepoint that nobody went back to would be kept by it, and nothing of it is there.
        Command::Release if control.went_back.swap(false, Ordering::Relaxed) => Ok(false),
        _ => Err(Failure::aborted()),
    }
}

/// The same for a statement of the program's, which must not end what a block has begun and will end.
pub fn admit_inside(control: &Control, command: Command) -> Result<bool, Failure> {
    if control.guarded()
        && let Some(name) = command.whole()
    {
        return Err(Failure::refused(name));
    }
    admit(control, command)
}

/// One execution of a statement. Whatever happens, the statement is reset at its end.
pub struct Running<'a> {
    pub entry: &'a mut Entry,
    pub changes: i64,
    control: &'a Control,
    /// Borrowed for as long as the statement points into it.
    parameters: &'a Arena,
    begun: bool,
    /// The statement has begun to run and was not reset.
    open: bool,
    /// Parameters point into the arena.
    points: bool,
    width: usize,
    was_idle: bool,
    /// The columns are others than those the statement was prepared with; nobody has looked at them yet.
    changed: bool,
}

impl<'a> Running<'a> {
    pub fn new(entry: &'a mut Entry, control: &'a Control, parameters: &'a Arena) -> Running<'a> {
        Running {
            changes: 0,
            control,
            parameters,
            begun: false,
            open: false,
            points: false,
            width: entry.columns.width(),
            was_idle: entry.statement.autocommit(),
            changed: false,
            entry,
        }
    }

    /// Binds the cells of the row that begins at `first`.
    #[inline]
    pub fn bind(&mut self, first: usize) -> Result<(), Failure> {
        self.begun = false;
        let arena = self.parameters;
        let cells = arena.cells().iter().skip(first).take(self.entry.parameters);
        for (index, cell) in cells.enumerate() {
            self.points |= matches!(cell, Cell::Text(_) | Cell::Blob(_));
            // SAFETY: the arena is borrowed until this run ends, which clears bindings that point into it.
            unsafe {
                self.entry.statement.bind(index + 1, *cell, arena)?;
            }
        }
        Ok(())
    }

    /// Reads a batch of rows into the arena, which it empties first. True when the statement is done. One that was compiled
    /// anew stops at its first row: what it has written is not committed before its columns are known to fit.
    pub fn fill(&mut self, rows: &mut Arena) -> Result<bool, Failure> {
        rows.clear();
        for _ in 0..BATCH_ROWS {
            if !self.step(rows)? {
                return Ok(true);
            }
            if rows.size() > BATCH_BYTES || std::mem::take(&mut self.changed) {
                break;
            }
        }
        Ok(false)
    }

    /// Runs to the end and appends its rows to the arena.
    pub fn exhaust(&mut self, rows: &mut Arena) -> Result<(), Failure> {
        while self.step(rows)? {}
        Ok(())
    }

    #[inline]
    fn step(&mut self, rows: &mut Arena) -> Result<bool, Failure> {
        if self.control.interrupted() {
            self.undo();
            return Err(Failure::interrupted());
        }
        self.open = true;
        match self.entry.statement.step() {
            Ok(true) => {
                // The schema can have changed before the first row, and not after it.
                if !self.begun {
                    self.begun = true;
                    if self.entry.statement.reprepared() != self.entry.reprepared {
                        self.width = self.entry.statement.column_count();
                        self.changed = true;
                    }
                }
                self.entry.statement.read(self.width, rows)?;
                Ok(true)
            }
            Ok(false) => {
                if self.entry.command.counts() {
                    self.changes = self.changes.saturating_add(self.entry.statement.changes());
                }
                self.rewind();
                Ok(false)
            }
            // An interrupted wait for a lock ends as SQLITE_BUSY.
            Err(_) if self.control.interrupted() => Err(self.failed(Failure::interrupted())),
            Err(failure) => Err(self.failed(failure)),
        }
    }

    /// As `stop`.
    pub fn undo(&mut self) {
        stop(self.control, &mut self.entry.statement, self.was_idle);
        self.open = false;
    }

    /// Back to before the first row.
    #[inline]
    pub fn rewind(&mut self) {
        if std::mem::take(&mut self.open) {
            self.entry.statement.reset();
        }
    }

    fn failed(&mut self, failure: Failure) -> Failure {
        note_failure(self.control, &mut self.entry.statement, self.was_idle);
        self.open = false;
        failure
    }
}

/// Ends a statement in the middle of its work, and takes back what it has written: to reset it would commit that. Inside a
/// transaction SQLite takes back all of it.
pub fn stop(control: &Control, statement: &mut Statement, was_idle: bool) {
    if statement.is_under_way() && !statement.readonly() {
        control.interrupt_stopped();
        // It fails: that is what it is for.
        let _ = statement.step();
    }
    note_failure(control, statement, was_idle);
}

/// Ends a failed statement, and remembers if the transaction around it went with it.
pub fn note_failure(control: &Control, statement: &mut Statement, was_idle: bool) {
    statement.reset();
    if !was_idle && statement.autocommit() {
        control.set_status(Status::Failed);
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.rewind();
        if self.points {
            self.entry.statement.clear_bindings();
        }
    }
}
