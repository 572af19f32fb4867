//! Copies of whole databases, page by page, while they are in use.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use rusqlite::{Connection, ffi};

use super::same_file::{file_of, is_same};
use super::{encoding, plain_format};
use crate::fork::Process;
use crate::raise::{interface_error, programming_error};
use crate::sqlite::connection::SqliteConnection;
use crate::sqlite::connection::control::Control;
use crate::sqlite::connection::open::first_text;
use crate::sqlite::execution::batch::execute;
use crate::sqlite::execution::database::Database;
use crate::sqlite::failure::Failure;

/// Pages between two looks for an interrupt, when all are asked for at once.
const STRIDE: i32 = 256;

/// SQLite's handle, which belongs to two connections.
pub struct Copying {
    pointer: NonNull<ffi::sqlite3_backup>,
}

// SAFETY: any thread may use it while it is alone with both connections. See `SqliteBackup`.
unsafe impl Send for Copying {}

impl Drop for Copying {
    fn drop(&mut self) {
        // SAFETY: the pointer came from sqlite3_backup_init and is finished once. An unfinished copy is rolled back.
        unsafe {
            ffi::sqlite3_backup_finish(self.pointer.as_ptr());
        }
    }
}

/// None once it is over.
pub type SharedCopying = Arc<Mutex<Option<Copying>>>;

/// Ends a copy, complete or not.
pub fn finish(copying: &SharedCopying) {
    drop(
        copying
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(),
    );
}

fn is_going_on(copying: &SharedCopying) -> bool {
    copying
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .is_some()
}

/// A copy that is being made. Its source can be used meanwhile; its target cannot: SQLite would not notice, and destroy it.
#[pyclass(frozen, module = "ferrow._core")]
pub struct SqliteBackup {
    source: Py<SqliteConnection>,
    target: Py<SqliteConnection>,
    /// Whether the target is used afterwards.
    stays: bool,
    copying: SharedCopying,
    /// Among the backups of the source; 0 before the start.
    id: AtomicU64,
    process: Process,
}

impl SqliteBackup {
    /// A copy that has not begun.
    pub fn new(
        source: Py<SqliteConnection>,
        target: Py<SqliteConnection>,
        stays: bool,
    ) -> SqliteBackup {
        SqliteBackup {
            source,
            target,
            stays,
            copying: Arc::new(Mutex::new(None)),
            id: AtomicU64::new(0),
            process: Process::current(),
        }
    }
}

fn begin(py: Python<'_>, from: &mut Database, to: &mut Database, stays: bool) -> PyResult<Copying> {
    if let (Some(one), Some(other)) = (file_of(&from.connection), file_of(&to.connection))
        && is_same(&one, &other)
    {
        let words = format!(
            "both connections are to the file {}: a database cannot be copied onto itself",
            one.display()
        );
        return Err(programming_error(py, &words));
    }
    // SAFETY: both are open and exclusively borrowed; the names end with a zero byte.
    unsafe {
        let (source, target) = (from.connection.handle(), to.connection.handle());
        if writes_main(&from.connection) {
            return Err(programming_error(
                py,
                "the source has written in a transaction that is still open; commit it first",
            ));
        }
        if !to.connection.is_autocommit() || !to.cursors.is_empty() || !to.blobs.is_empty() {
            return Err(programming_error(
                py,
                "the target of a backup is in use by a transaction, a cursor or a blob; end it first",
            ));
        }
        let (one, other) = (&mut from.connection, &mut to.connection);
        if stays && let Some(words) = py.detach(|| unlike(one, other)) {
            return Err(programming_error(py, &words));
        }
        let pointer = ffi::sqlite3_backup_init(target, c"main".as_ptr(), source, c"main".as_ptr());
        match NonNull::new(pointer) {
            Some(pointer) => Ok(Copying { pointer }),
            None => Err(Failure::of(target).raise_plain(py)),
        }
    }
}

/// Why the target could not read what it would be given.
fn unlike(from: &mut Connection, to: &mut Connection) -> Option<String> {
    // What cannot be asked fails when it is copied.
    let (source, target) = (encoding::of(from).ok()?, encoding::of(to).ok()?);
    (source != target && encoding::is_fixed(to).ok()?).then(|| {
        format!(
            "the texts of the source are in {source}, those of the target in {target}, and a connection that has read tables \
             cannot change that: give the path of a file, or a connection to an empty database"
        )
    })
}

#[pymethods]
impl SqliteBackup {
    /// Begins: from now on the target cannot be used.
    fn start(&self, py: Python<'_>) -> PyResult<()> {
        if self.source.is(&self.target) {
            return Err(programming_error(
                py,
                "a database cannot be copied onto itself",
            ));
        }
        self.source.get().with(py, |from| {
            self.target.get().with_other(py, |to| {
                to.refuse_if_lent(py)?;
                let copying = begin(py, from, to, self.stays)?;
                *self.copying.lock().unwrap_or_else(PoisonError::into_inner) = Some(copying);
                to.lent = Some(Arc::clone(&self.copying));
                let id = from.backups.insert(Arc::clone(&self.copying));
                self.id.store(id, Ordering::Relaxed);
                Ok(())
            })
        })
    }

    /// Copies `pages` pages, all if negative. Gives how many are left, how many there are, and whether it is done.
    fn step(&self, py: Python<'_>, pages: i32) -> PyResult<(i32, i32, bool)> {
        self.source.get().with(py, |from| {
            self.target.get().with_other(py, |to| {
                let mut guard = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(copying) = guard.as_mut() else {
                    return Err(interface_error(py, "the backup is over"));
                };
                let (connection, control) = (&mut from.connection, &*from.control);
                let done = py
                    .detach(|| match pages {
                        ..0 => copying.all(connection, control),
                        _ => copying.step(pages),
                    })
                    .map_err(|failure| explained(failure, connection).raise_plain(py))?;
                let (left, total) = copying.progress();
                if done {
                    *guard = None;
                    drop(guard);
                    from.backups.remove(self.id.load(Ordering::Relaxed));
                    to.lent = None;
                    let (target, timeout) = (&mut to.connection, to.control.timeout());
                    py.detach(|| plain_format::correct_in_memory(target, timeout))
                        .map_err(|failure| failure.raise_plain(py))?;
                }
                Ok((left, total, done))
            })
        })
    }

    /// Ends it. The target is as it was, unless the copy was complete.
    fn close(&self, py: Python<'_>) {
        if self.process.is_parent() {
            // Finishing would roll back in files that belong to the parent.
            std::mem::forget(Arc::clone(&self.copying));
            return;
        }
        let id = self.id.load(Ordering::Relaxed);
        self.source.get().discard(py, id, |database, id| {
            if let Some(copying) = database.backups.remove(id) {
                finish(&copying);
            }
        });
    }
}

impl Drop for SqliteBackup {
    fn drop(&mut self) {
        Python::attach(|py| self.close(py));
    }
}

impl Database {
    /// SQLite would not notice that the target of a copy is used, and destroy it.
    #[inline]
    pub fn refuse_if_lent(&self, py: Python<'_>) -> PyResult<()> {
        if self.lent.as_ref().is_some_and(is_going_on) {
            return Err(interface_error(
                py,
                "the connection is the target of a backup and cannot be used until that is over",
            ));
        }
        Ok(())
    }
}

impl Copying {
    /// True when it is complete.
    fn step(&mut self, pages: i32) -> Result<bool, Failure> {
        // SAFETY: a copy that goes on, alone with both connections.
        let code = unsafe { ffi::sqlite3_backup_step(self.pointer.as_ptr(), pages) };
        match code {
            ffi::SQLITE_DONE => Ok(true),
            ffi::SQLITE_OK => Ok(false),
            // SAFETY: SQLite's own constant text.
            _ => Err(Failure::new(code, unsafe {
                std::ffi::CStr::from_ptr(ffi::sqlite3_errstr(code)).to_string_lossy()
            })),
        }
    }

    /// All pages, as of one moment: between two steps nobody could write, or it would begin anew.
    fn all(&mut self, source: &mut Connection, control: &Control) -> Result<bool, Failure> {
        if !source.is_autocommit() {
            return self.strides(control);
        }
        execute(source, control, "BEGIN")?;
        let outcome = first_text(source, "SELECT count(*) FROM sqlite_schema")
            .and_then(|_| self.strides(control));
        roll_back(source, control)?;
        outcome
    }

    fn strides(&mut self, control: &Control) -> Result<bool, Failure> {
        while !self.step(STRIDE)? {
            control.look_for_signals();
            if control.interrupted() {
                return Err(Failure::interrupted());
            }
        }
        Ok(true)
    }

    /// Pages left and in total, as of the last step.
    fn progress(&self) -> (i32, i32) {
        // SAFETY: a copy that goes on.
        unsafe {
            (
                ffi::sqlite3_backup_remaining(self.pointer.as_ptr()),
                ffi::sqlite3_backup_pagecount(self.pointer.as_ptr()),
            )
        }
    }
}

/// Ends what only this copy has begun: were it left open because of one more interrupt, nobody would know of it.
fn roll_back(source: &mut Connection, control: &Control) -> Result<(), Failure> {
    loop {
        control.forget_interrupt();
        match execute(source, control, "ROLLBACK") {
            Err(failure) if failure.code & 0xff == ffi::SQLITE_INTERRUPT && !control.closed() => {}
            ended => return ended,
        }
    }
}

/// Whether a connection has written in a transaction that is still open.
fn writes_main(connection: &Connection) -> bool {
    // SAFETY: an open connection, exclusively borrowed; the name ends with a zero byte.
    let state = unsafe { ffi::sqlite3_txn_state(connection.handle(), c"main".as_ptr()) };
    state == ffi::SQLITE_TXN_WRITE
}

fn explained(failure: Failure, source: &Connection) -> Failure {
    let fix = match failure.code & 0xff {
        ffi::SQLITE_BUSY if writes_main(source) => {
            "the source is being written to by its own connection; commit first"
        }
        ffi::SQLITE_BUSY => {
            "another connection writes to the source or uses the target; wait longer with busy_timeout"
        }
        ffi::SQLITE_READONLY => {
            "the target cannot be written, or its pages have another size and cannot be changed"
        }
        _ => return failure,
    };
    Failure::new(failure.code, format!("{}: {fix}", failure.message))
}
