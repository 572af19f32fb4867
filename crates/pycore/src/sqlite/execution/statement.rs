//! A prepared statement: every call to SQLite's C interface for statements is here, and what it only tells in `described`.
//!
//! `rusqlite::Statement` borrows its connection, so it cannot be kept beside it in a cache; it copies each text to end it
//! with a zero byte; and it panics on a column name that is not UTF-8, which a hostile file can contain.

use std::ffi::c_int;
use std::ptr::{self, NonNull};

use rusqlite::{Connection, ffi};

use super::arena::{Arena, Cell};
use crate::sqlite::connection::waiting;
use crate::sqlite::failure::Failure;

pub struct Statement {
    pub pointer: NonNull<ffi::sqlite3_stmt>,
}

// SAFETY: connections are opened with SQLITE_OPEN_NOMUTEX, which lets any thread use a connection and its statements,
// one at a time. A statement lives in a `Database`, which is behind a mutex.
unsafe impl Send for Statement {}

impl Drop for Statement {
    fn drop(&mut self) {
        // SAFETY: the pointer came from sqlite3_prepare_v3 and is finalized once.
        unsafe {
            ffi::sqlite3_finalize(self.pointer.as_ptr());
        }
    }
}

impl Statement {
    /// The first statement of `sql`, and how many bytes it took. None when there is nothing but space and comments.
    pub fn prepare(
        connection: &mut Connection,
        sql: &str,
        persistent: bool,
    ) -> Result<(Option<Statement>, usize), Failure> {
        let length = c_int::try_from(sql.len())
            .map_err(|_| Failure::new(ffi::SQLITE_TOOBIG, "the SQL text is over 2 GiB long"))?;
        let flags = if persistent {
            ffi::SQLITE_PREPARE_PERSISTENT
        } else {
            0
        };
        let mut statement = ptr::null_mut();
        let mut tail = ptr::null();
        // SAFETY: the connection is open and exclusively borrowed.
        let db = unsafe { connection.handle() };
        // SAFETY: text and length are those of a live `str`; `tail` points into it afterwards.
        waiting::compiled(connection, sql, || unsafe {
            let code = ffi::sqlite3_prepare_v3(
                db,
                sql.as_ptr().cast(),
                length,
                flags,
                &raw mut statement,
                &raw mut tail,
            );
            if code != ffi::SQLITE_OK {
                return Err(Failure::of(db));
            }
            Ok(())
        })?;
        let used = (tail as usize)
            .saturating_sub(sql.as_ptr() as usize)
            .min(sql.len());
        Ok((
            NonNull::new(statement).map(|pointer| Statement { pointer }),
            used,
        ))
    }

    fn failure(&self) -> Failure {
        // SAFETY: a live statement belongs to an open connection, which this thread is using.
        unsafe { Failure::of(ffi::sqlite3_db_handle(self.pointer.as_ptr())) }
    }

    /// One step: true for a row, false at the end.
    #[inline]
    pub fn step(&mut self) -> Result<bool, Failure> {
        // SAFETY: a live statement, exclusively borrowed.
        match unsafe { ffi::sqlite3_step(self.pointer.as_ptr()) } {
            ffi::SQLITE_ROW => Ok(true),
            ffi::SQLITE_DONE => Ok(false),
            _ => Err(self.failure()),
        }
    }

    /// Back to before the first row; ends the statement's transaction when it was not in an explicit one.
    pub fn reset(&mut self) {
        // SAFETY: a live statement. The code repeats the error of the last step, which was reported then.
        unsafe {
            ffi::sqlite3_reset(self.pointer.as_ptr());
        }
    }

    pub fn clear_bindings(&mut self) {
        // SAFETY: a live statement.
        unsafe {
            ffi::sqlite3_clear_bindings(self.pointer.as_ptr());
        }
    }

    /// Binds a cell of `arena` to the parameter with this 1-based number. SQLite takes no copy.
    ///
    /// # Safety
    /// The arena must neither change nor move before the parameter is bound anew or `clear_bindings` is called.
    #[inline]
    pub unsafe fn bind(&mut self, number: usize, cell: Cell, arena: &Arena) -> Result<(), Failure> {
        let statement = self.pointer.as_ptr();
        let number = c_int::try_from(number)
            .map_err(|_| Failure::new(ffi::SQLITE_RANGE, "parameter number out of range"))?;
        // SAFETY: a live statement that is not being stepped; pointer and length are those of slices that live, by
        // contract, for as long as the statement has them.
        let code = unsafe {
            match cell {
                Cell::Null => ffi::sqlite3_bind_null(statement, number),
                Cell::Int(value) => ffi::sqlite3_bind_int64(statement, number, value),
                Cell::Float(value) => ffi::sqlite3_bind_double(statement, number, value),
                Cell::Text(span) => {
                    let text = arena.slice(span);
                    ffi::sqlite3_bind_text64(
                        statement,
                        number,
                        text.as_ptr().cast(),
                        text.len() as u64,
                        ffi::SQLITE_STATIC(),
                        ffi::SQLITE_UTF8 as u8,
                    )
                }
                Cell::Blob(span) => {
                    let blob = arena.slice(span);
                    ffi::sqlite3_bind_blob64(
                        statement,
                        number,
                        blob.as_ptr().cast(),
                        blob.len() as u64,
                        ffi::SQLITE_STATIC(),
                    )
                }
            }
        };
        if code == ffi::SQLITE_OK {
            Ok(())
        } else {
            Err(self.failure())
        }
    }

    /// Copies the current row's first `width` values into the arena.
    #[inline]
    pub fn read(&mut self, width: usize, arena: &mut Arena) -> Result<(), Failure> {
        for index in 0..width {
            // SAFETY: a live statement; an index out of range or a statement without a row gives the NULL value. The
            // bytes stay valid until the next call on this statement and are copied here. sqlite3_value_blob gives the
            // bytes of a text as they are stored, without the copy that sqlite3_value_text needs for its closing zero.
            unsafe {
                let value = ffi::sqlite3_column_value(self.pointer.as_ptr(), index as c_int);
                let stored = match ffi::sqlite3_value_type(value) {
                    ffi::SQLITE_INTEGER => {
                        arena.push(Cell::Int(ffi::sqlite3_value_int64(value)));
                        Ok(())
                    }
                    ffi::SQLITE_FLOAT => {
                        arena.push(Cell::Float(ffi::sqlite3_value_double(value)));
                        Ok(())
                    }
                    ffi::SQLITE_TEXT => {
                        let start = if ffi::sqlite3_value_encoding(value) == ffi::SQLITE_UTF8 {
                            ffi::sqlite3_value_blob(value)
                        } else {
                            ffi::sqlite3_value_text(value).cast()
                        };
                        arena.push_text(bytes(start, ffi::sqlite3_value_bytes(value))?)
                    }
                    ffi::SQLITE_BLOB => {
                        let start = ffi::sqlite3_value_blob(value);
                        arena.push_blob(bytes(start, ffi::sqlite3_value_bytes(value))?)
                    }
                    _ => {
                        arena.push(Cell::Null);
                        Ok(())
                    }
                };
                stored
                    .map_err(|_| Failure::new(ffi::SQLITE_TOOBIG, "one row is over 4 GiB long"))?;
            }
        }
        Ok(())
    }

    /// Whether it has begun, and has neither ended nor been reset.
    pub fn is_under_way(&self) -> bool {
        // SAFETY: a live statement.
        unsafe { ffi::sqlite3_stmt_busy(self.pointer.as_ptr()) != 0 }
    }

    /// Steps of the virtual machine since this was last asked.
    #[inline]
    pub fn take_steps(&mut self) -> u64 {
        let counter = ffi::SQLITE_STMTSTATUS_VM_STEP;
        // SAFETY: a live statement, exclusively borrowed.
        let steps = unsafe { ffi::sqlite3_stmt_status(self.pointer.as_ptr(), counter, 1) };
        u64::from(steps.cast_unsigned())
    }

    /// Whether it is to be compiled anew by its next step, because the schema has changed.
    pub fn is_expired(&self) -> bool {
        // SAFETY: a live statement.
        unsafe { ffi::sqlite3_expired(self.pointer.as_ptr()) != 0 }
    }

    /// How often a step compiled it anew because the schema had changed.
    #[inline]
    pub fn reprepared(&self) -> i32 {
        // SAFETY: a live statement.
        unsafe {
            ffi::sqlite3_stmt_status(self.pointer.as_ptr(), ffi::SQLITE_STMTSTATUS_REPREPARE, 0)
        }
    }
}

/// The bytes of a value. SQLite gives null for empty ones, and for others when it had no memory to expand or convert them.
///
/// # Safety
/// `start` must point to `length` readable bytes, or be null.
unsafe fn bytes<'a>(start: *const std::ffi::c_void, length: c_int) -> Result<&'a [u8], Failure> {
    match usize::try_from(length) {
        Ok(length) if !start.is_null() => {
            // SAFETY: by contract.
            Ok(unsafe { std::slice::from_raw_parts(start.cast(), length) })
        }
        Ok(1..) => Err(Failure::new(ffi::SQLITE_NOMEM, "out of memory")),
        _ => Ok(&[]),
    }
}
