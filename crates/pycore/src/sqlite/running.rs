//! One execution of one statement, without the GIL.

use super::arena::Arena;
use super::cache::Entry;
use super::command::Command;
use super::control::{Control, Status};
use super::failure::Failure;
use super::statement::Statement;

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
        Command::RollbackTo | Command::Release => Ok(false),
        _ => Err(Failure::aborted()),
    }
}

/// One execution of a statement. Whatever happens, the statement is reset at its end.
pub struct Running<'a> {
    pub entry: &'a mut Entry,
    pub changes: i64,
    control: &'a Control,
    reprepared: i32,
    width: usize,
    was_idle: bool,
}

impl<'a> Running<'a> {
    pub fn new(entry: &'a mut Entry, control: &'a Control) -> Running<'a> {
        Running {
            changes: 0,
            control,
            reprepared: entry.reprepared,
            width: entry.columns.width(),
            was_idle: entry.statement.autocommit(),
            entry,
        }
    }

    /// Binds the cells of the row that begins at `first`.
    pub fn bind(&mut self, arena: &Arena, first: usize) -> Result<(), Failure> {
        let cells = arena.cells().iter().skip(first).take(self.entry.parameters);
        for (index, cell) in cells.enumerate() {
            self.entry.statement.bind(index + 1, *cell, arena)?;
        }
        Ok(())
    }

    /// Reads a batch of rows into the arena, which it empties first. True when the statement is done.
    pub fn fill(&mut self, rows: &mut Arena) -> Result<bool, Failure> {
        rows.clear();
        for _ in 0..BATCH_ROWS {
            if !self.step(rows)? {
                return Ok(true);
            }
            if rows.size() > BATCH_BYTES {
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
            return Err(Failure::interrupted());
        }
        match self.entry.statement.step() {
            Ok(true) => {
                let reprepared = self.entry.statement.reprepared();
                if reprepared != self.reprepared {
                    self.reprepared = reprepared;
                    self.width = self.entry.statement.column_count();
                }
                self.entry.statement.read(self.width, rows)?;
                Ok(true)
            }
            Ok(false) => {
                self.changes = self.changes.saturating_add(self.entry.statement.changes());
                self.entry.statement.reset();
                Ok(false)
            }
            // An interrupted wait for a lock ends as SQLITE_BUSY.
            Err(_) if self.control.interrupted() => Err(self.failed(Failure::interrupted())),
            Err(failure) => Err(self.failed(failure)),
        }
    }

    fn failed(&mut self, failure: Failure) -> Failure {
        note_failure(self.control, &mut self.entry.statement, self.was_idle);
        failure
    }
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
        self.entry.statement.reset();
        self.entry.statement.clear_bindings();
    }
}
