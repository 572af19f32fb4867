//! A whole database as bytes, and an in-memory database made of them.

use std::ffi::CStr;
use std::ptr;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use rusqlite::{Connection, ffi};

use super::{encoding, plain_format};
use crate::raise::programming_error;
use crate::sqlite::connection::open::first_text;
use crate::sqlite::execution::database::Database;
use crate::sqlite::failure::Failure;

const MAIN: &CStr = c"main";

impl Database {
    /// What a file with the same content would hold.
    pub fn serialize<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let connection = &mut self.connection;
        let image = py
            .detach(|| Image::of(connection))
            .map_err(|failure| failure.raise_plain(py))?;
        Ok(PyBytes::new(py, image.bytes()))
    }

    /// Replaces the content of an in-memory database.
    pub fn deserialize(&mut self, py: Python<'_>, bytes: &[u8]) -> PyResult<()> {
        if !self.private {
            return Err(programming_error(
                py,
                format!(
                    "deserialize() makes a private in-memory database, and this connection is to {:?}, which others may \
                     have open; use restore() to overwrite that one",
                    self.connection.path().unwrap_or_default()
                ),
            ));
        }
        if !self.connection.is_autocommit() || !self.cursors.is_empty() || !self.blobs.is_empty() {
            return Err(programming_error(
                py,
                "deserialize() replaces everything: end the open transaction, cursor or blob first",
            ));
        }
        let connection = &mut self.connection;
        let texts = encoding::of_image(bytes);
        if texts != "UTF-8" && encoding::is_fixed(connection).unwrap_or(false) {
            return Err(programming_error(
                py,
                format!(
                    "the texts in these bytes are in {texts}, and a connection that has read tables cannot change to that: \
                     deserialize() on a new one to sqlite::memory:",
                ),
            ));
        }
        py.detach(|| {
            let image = Image::from(bytes)?;
            image.check()?;
            image.become_main(connection)
        })
        .map_err(|failure| failure.raise_plain(py))
    }
}

/// Bytes in SQLite's own memory.
struct Image {
    start: *mut u8,
    length: usize,
}

// SAFETY: it is the only one who knows its memory.
unsafe impl Send for Image {}

impl Drop for Image {
    fn drop(&mut self) {
        // SAFETY: memory of SQLite or null; `become_main` forgets the image it gives away.
        unsafe { ffi::sqlite3_free(self.start.cast()) }
    }
}

impl Image {
    fn of(connection: &mut Connection) -> Result<Image, Failure> {
        let mut length = 0;
        // SAFETY: an open connection, exclusively borrowed.
        let (start, failure) = unsafe {
            let db = connection.handle();
            let start = ffi::sqlite3_serialize(db, MAIN.as_ptr(), &raw mut length, 0);
            (start, Failure::of(db))
        };
        let length = usize::try_from(length).unwrap_or(0);
        // A database without a page is no failure.
        if start.is_null() && (length > 0 || failure.code & 0xff != ffi::SQLITE_OK) {
            return Err(failure);
        }
        Ok(Image { start, length })
    }

    fn from(bytes: &[u8]) -> Result<Image, Failure> {
        // SAFETY: SQLite's allocator; null when there is no memory, or nothing was asked for.
        let start: *mut u8 = unsafe { ffi::sqlite3_malloc64(bytes.len() as u64) }.cast();
        if start.is_null() && !bytes.is_empty() {
            return Err(Failure::new(ffi::SQLITE_NOMEM, "out of memory"));
        }
        let mut image = Image {
            start,
            length: bytes.len(),
        };
        image.bytes_mut().copy_from_slice(bytes);
        plain_format::correct(image.bytes_mut());
        Ok(image)
    }

    fn bytes(&self) -> &[u8] {
        if self.start.is_null() {
            return &[];
        }
        // SAFETY: the image's own memory.
        unsafe { std::slice::from_raw_parts(self.start, self.length) }
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        if self.start.is_null() {
            return &mut [];
        }
        // SAFETY: the image's own memory.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.length) }
    }

    /// Whether it is a database: on a connection of its own, as the one it is for would have lost its content by then.
    fn check(&self) -> Result<(), Failure> {
        let mut scratch = Connection::open_in_memory()?;
        let read = self
            .attach(&mut scratch, ffi::SQLITE_DESERIALIZE_READONLY)
            .and_then(|()| first_text(&mut scratch, "SELECT count(*) FROM sqlite_schema"));
        // Before the memory it reads is gone.
        drop(scratch);
        read.map(drop).map_err(|failure| {
            let message = format!("these bytes are no SQLite database: {}", failure.message);
            Failure::new(failure.code, message)
        })
    }

    fn become_main(self, connection: &mut Connection) -> Result<(), Failure> {
        let flags = ffi::SQLITE_DESERIALIZE_FREEONCLOSE | ffi::SQLITE_DESERIALIZE_RESIZEABLE;
        let outcome = self.attach(connection, flags);
        // SQLite frees it, also if it failed.
        std::mem::forget(self);
        outcome
    }

    fn attach(&self, connection: &mut Connection, flags: u32) -> Result<(), Failure> {
        let length = i64::try_from(self.length).unwrap_or(i64::MAX);
        let start = if self.start.is_null() {
            ptr::null_mut()
        } else {
            self.start
        };
        // SAFETY: an open connection, exclusively borrowed; memory of that length, which stays for as long as the flags say.
        unsafe {
            let db = connection.handle();
            match ffi::sqlite3_deserialize(db, MAIN.as_ptr(), start, length, length, flags as _) {
                ffi::SQLITE_OK => Ok(()),
                _ => Err(Failure::of(db)),
            }
        }
    }
}
