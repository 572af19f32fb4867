//! A large value that is read and written in place.

use std::ffi::{CString, c_int};
use std::ptr::{self, NonNull};

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use rusqlite::{Connection, ffi};

use crate::fork::Process;
use crate::plain::octets;
use crate::raise::{Unfit, interface_error, programming_error};
use crate::sqlite::connection::SqliteConnection;
use crate::sqlite::execution::database::Database;
use crate::sqlite::failure::Failure;

/// SQLite's handle. It holds a transaction open while it is.
pub struct Blob {
    pointer: NonNull<ffi::sqlite3_blob>,
}

// SAFETY: as for `Statement`: any thread may use it, one at a time, and it lives in a `Database`.
unsafe impl Send for Blob {}

impl Drop for Blob {
    fn drop(&mut self) {
        // SAFETY: the pointer came from sqlite3_blob_open and is closed once: `finish` forgets itself.
        unsafe {
            ffi::sqlite3_blob_close(self.pointer.as_ptr());
        }
    }
}

/// Which value: names are parameters of SQLite's own function, not part of a SQL text.
pub struct Place<'a> {
    pub schema: &'a str,
    pub table: &'a str,
    pub column: &'a str,
    pub rowid: i64,
}

impl Blob {
    fn open(
        connection: &mut Connection,
        place: &Place<'_>,
        writable: bool,
    ) -> Result<Blob, Failure> {
        let name = |text: &str| {
            CString::new(text)
                .map_err(|_| Failure::new(ffi::SQLITE_ERROR, "a name holds a zero byte"))
        };
        let (schema, table, column) =
            (name(place.schema)?, name(place.table)?, name(place.column)?);
        let mut blob = ptr::null_mut();
        // SAFETY: an open connection that no other thread uses; the names end with a zero byte.
        unsafe {
            let db = connection.handle();
            let code = ffi::sqlite3_blob_open(
                db,
                schema.as_ptr(),
                table.as_ptr(),
                column.as_ptr(),
                place.rowid,
                c_int::from(writable),
                &raw mut blob,
            );
            match NonNull::new(blob) {
                Some(pointer) if code == ffi::SQLITE_OK => Ok(Blob { pointer }),
                _ => Err(Failure::of(db)),
            }
        }
    }

    fn size(&self) -> usize {
        // SAFETY: an open blob.
        usize::try_from(unsafe { ffi::sqlite3_blob_bytes(self.pointer.as_ptr()) }).unwrap_or(0)
    }

    fn read(
        &mut self,
        connection: &mut Connection,
        at: usize,
        bytes: &mut [u8],
    ) -> Result<(), Failure> {
        let (length, at) = (small(bytes.len())?, small(at)?);
        // SAFETY: an open blob; the buffer is as long as is said.
        let code = unsafe {
            ffi::sqlite3_blob_read(self.pointer.as_ptr(), bytes.as_mut_ptr().cast(), length, at)
        };
        outcome(connection, code)
    }

    fn write(
        &mut self,
        connection: &mut Connection,
        at: usize,
        bytes: &[u8],
    ) -> Result<(), Failure> {
        let (length, at) = (small(bytes.len())?, small(at)?);
        // SAFETY: an open blob; the buffer is as long as is said.
        let code = unsafe {
            ffi::sqlite3_blob_write(self.pointer.as_ptr(), bytes.as_ptr().cast(), length, at)
        };
        outcome(connection, code)
    }

    /// Closes it, and commits what was written if there is no transaction around it.
    fn finish(self, connection: &mut Connection) -> Result<(), Failure> {
        // SAFETY: an open blob, which is forgotten.
        let code = unsafe { ffi::sqlite3_blob_close(self.pointer.as_ptr()) };
        std::mem::forget(self);
        // A row that is gone was reported when it was missed.
        match code & 0xff {
            ffi::SQLITE_ABORT => Ok(()),
            _ => outcome(connection, code),
        }
    }
}

fn small(number: usize) -> Result<c_int, Failure> {
    c_int::try_from(number)
        .map_err(|_| Failure::new(ffi::SQLITE_TOOBIG, "a blob has less than 2 GiB"))
}

fn outcome(connection: &mut Connection, code: c_int) -> Result<(), Failure> {
    match code & 0xff {
        ffi::SQLITE_OK => Ok(()),
        ffi::SQLITE_ABORT => Err(Failure::new(
            code,
            "the row was changed or removed after the blob had been opened; open it again",
        )),
        // SAFETY: an open connection that no other thread uses.
        _ => Err(unsafe { Failure::of(connection.handle()) }),
    }
}

/// One value of one row, by position. It ends with its connection.
#[pyclass(frozen, module = "ferrow._core")]
pub struct SqliteBlob {
    connection: Py<SqliteConnection>,
    process: Process,
    id: u64,
    /// Bytes it has. They cannot become more or less.
    #[pyo3(get)]
    size: usize,
    readonly: bool,
}

impl SqliteBlob {
    pub fn open(
        py: Python<'_>,
        connection: Py<SqliteConnection>,
        place: &Place<'_>,
        readonly: bool,
    ) -> PyResult<SqliteBlob> {
        let (id, size) = connection.get().with(py, |database| {
            let connection = &mut database.connection;
            let blob = py
                .detach(|| Blob::open(connection, place, !readonly))
                .map_err(|failure| failure.raise_plain(py))?;
            let size = blob.size();
            Ok((database.blobs.insert(blob), size))
        })?;
        Ok(SqliteBlob {
            connection,
            process: Process::current(),
            id,
            size,
            readonly,
        })
    }

    fn with<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Blob, &mut Connection) -> Result<T, Failure> + Send,
    ) -> PyResult<T> {
        self.connection.get().with(py, |database| {
            let Database {
                blobs, connection, ..
            } = database;
            let Some(blob) = blobs.get(self.id) else {
                return Err(interface_error(py, "the blob is closed"));
            };
            py.detach(|| work(blob, connection))
                .map_err(|failure| failure.raise_plain(py))
        })
    }
}

#[pymethods]
impl SqliteBlob {
    /// `count` bytes from `offset` on, fewer at the end.
    fn read<'py>(
        &self,
        py: Python<'py>,
        offset: usize,
        count: usize,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let count = count.min(self.size.saturating_sub(offset));
        let bytes = self.with(py, |blob, connection| {
            let mut bytes = vec![0; count];
            if count > 0 {
                blob.read(connection, offset, &mut bytes)?;
            }
            Ok(bytes)
        })?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Writes over the bytes from `offset` on.
    fn write(&self, py: Python<'_>, offset: usize, data: &Bound<'_, PyAny>) -> PyResult<()> {
        if self.readonly {
            return Err(programming_error(
                py,
                "the blob was opened for reading; open it with readonly=False to write",
            ));
        }
        let bytes = match data.cast::<PyBytes>() {
            Ok(bytes) => bytes.as_bytes().to_vec(),
            Err(_) => match octets(data) {
                Ok(Some(bytes)) => bytes,
                Ok(None) => {
                    let given = data.get_type();
                    let message = format!("a blob is written from bytes, not {}", given.name()?);
                    return Err(programming_error(py, message));
                }
                Err(Unfit::Because(reason)) => return Err(programming_error(py, reason)),
                Err(Unfit::Raised(error, _) | Unfit::Foreign(error, _)) => return Err(error),
            },
        };
        if offset.saturating_add(bytes.len()) > self.size {
            return Err(programming_error(
                py,
                format!(
                    "{} bytes at {offset} do not fit into a blob of {} bytes, which cannot grow: store zeroblob(n) first",
                    bytes.len(),
                    self.size
                ),
            ));
        }
        self.with(py, |blob, connection| {
            blob.write(connection, offset, &bytes)
        })
    }

    /// Closes it, and commits what was written if there is no transaction around it. Closing twice is fine.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let connection = self.connection.get();
        if self.process.is_parent() || connection.is_closed() {
            return Ok(());
        }
        connection.with(py, |database| {
            let Database {
                blobs, connection, ..
            } = database;
            match blobs.remove(self.id) {
                Some(blob) => py
                    .detach(|| blob.finish(connection))
                    .map_err(|failure| failure.raise_plain(py)),
                None => Ok(()),
            }
        })
    }
}

impl Drop for SqliteBlob {
    fn drop(&mut self) {
        if !self.process.is_parent() {
            let discard = |database: &mut Database, id| drop(database.blobs.remove(id));
            Python::attach(|py| self.connection.get().discard(py, self.id, discard));
        }
    }
}
