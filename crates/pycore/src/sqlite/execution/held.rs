//! Reads that keep the GIL, because they are over before another thread could do anything with it.
//!
//! To give it up and take it back costs as much as all else that is done around such a read, and where other threads compute it
//! is milliseconds before they let go of it again. So a statement that was quick when it ran last (`pace`) keeps it, and some of
//! its runs are timed without. What is not over by the time that others should have their turn has not happened: it waits for no
//! lock and no disk, and is interrupted at the first look at `cancel`, which leaves no trace of a read. It then runs without the GIL.
//! Among writes it does wait for a disk: to have room for a page it may have to write another one, of which nothing can be taken
//! back (`vfs`). Nor is it asked whether all is near (`reach`), which would cost a tenth of the shortest reads: what no call of a file shows
//! can wait, a VFS of the program's and the index of a write-ahead log in exclusive mode.

use rusqlite::{Connection, ffi};

use super::arena::Arena;
use super::running::Running;
use crate::sqlite::connection::control::Control;
use crate::sqlite::failure::Failure;
use crate::sqlite::vfs::no_wait;
use crate::sqlite::vfs::reach::is_writing;

/// Reads all rows. None when that takes longer, or would have to wait: then nothing has happened.
#[inline]
pub fn read(
    connection: &Connection,
    run: &mut Running<'_>,
    control: &Control,
    rows: &mut Arena,
) -> Result<Option<bool>, Failure> {
    let files = match is_writing(connection) {
        true => None,
        false => match no_wait::begin() {
            None => return Ok(None),
            begun => begun,
        },
    };
    // SQLite counts the steps to its next look at `cancel` over all runs of a statement since this was asked.
    run.entry.statement.take_steps();
    control.set_no_wait(true);
    let ran = run.bind(0).and_then(|()| run.fill(rows));
    run.rewind();
    drop(files);
    control.set_no_wait(false);
    match ran {
        Ok(true) => return Ok(Some(true)),
        Ok(false) => {}
        Err(failure) => match failure.code & 0xff {
            ffi::SQLITE_INTERRUPT => {}
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED | ffi::SQLITE_PROTOCOL => return Ok(None),
            _ => return Err(failure),
        },
    }
    run.entry.pace.disappoint();
    Ok(None)
}
