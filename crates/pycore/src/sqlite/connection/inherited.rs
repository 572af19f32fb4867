//! Connections of the parent, in a forked child.
//!
//! SQLite keeps the locks of a process in its memory, by file. A child that opens a file which its parent had open finds
//! the parent's locks there and asks the system for none: the parent, closing, would believe to be the last, and take away
//! the write-ahead log that the child is writing to. So what the child inherited is given up before it opens anything.
//! What was in the middle of something cannot be given up; then its file cannot be opened by the child at all.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::fork::Process;
use crate::sqlite::execution::database::Database;

/// A connection's database; None once it is closed.
pub type Shared = Arc<Mutex<Option<Database>>>;

/// Which process opened it, the database, and its file.
type Entry = (Process, Weak<Mutex<Option<Database>>>, FileId);

/// A file of this machine, whatever its name: device and inode.
pub type FileId = (u64, u64);

/// Locked only by a thread that holds on to the interpreter, which a fork has to itself: never by another one at its moment.
static OPEN: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// Files whose locks this process has in its memory from a parent that was in the middle of something.
static STUCK: Mutex<Vec<FileId>> = Mutex::new(Vec::new());

/// Why a file among `STUCK` is not opened.
pub const REASON: &str = "this process was forked while its parent was inside a transaction, a cursor or a backup of this file, and \
     SQLite has the parent's locks in its memory; end those before forking, or start the process with 'spawn' or subprocess";

/// The file at a path. None where there is none, and on systems without fork.
pub fn file_id(path: &str) -> Option<FileId> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let found = std::fs::metadata(Path::new(path)).ok()?;
        Some((found.dev(), found.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = Path::new(path);
        None
    }
}

/// Remembers a connection of this process to a file. A database in memory is copied by a fork, and the child's own.
pub fn note(database: &Shared, file: Option<FileId>) {
    let Some(file) = file else { return };
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    open.retain(|(_, database, _)| database.strong_count() > 0);
    open.push((Process::current(), Arc::downgrade(database), file));
}

/// Remembers that the locks of a file cannot be given up.
pub fn stick(file: Option<FileId>) {
    let mut stuck = STUCK.lock().unwrap_or_else(PoisonError::into_inner);
    stuck.extend(file);
}

/// Whether opening the file would mix this process's locks with its parent's.
pub fn is_stuck(path: &str) -> bool {
    let stuck = STUCK.lock().unwrap_or_else(PoisonError::into_inner);
    !stuck.is_empty() && file_id(path).is_some_and(|file| stuck.contains(&file))
}

/// Gives up every connection of a process of which this one is a forked child. Needs the GIL.
pub fn leave_all() {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let inherited: Vec<(Shared, FileId)> = open
        .extract_if(.., |(process, _, _)| process.is_parent())
        .filter_map(|(_, database, file)| Some((database.upgrade()?, file)))
        .collect();
    drop(open);
    for (database, file) in &inherited {
        if !leave(database) {
            stick(Some(*file));
        }
    }
}

/// Gives up a connection of the parent without touching what both processes see. False if a thread was at work, which
/// exists in the parent only: its memory is in no state to be cleaned up.
pub fn leave(database: &Shared) -> bool {
    match database.try_lock() {
        Ok(mut guard) => {
            if let Some(database) = guard.take() {
                database.leave();
            }
            true
        }
        Err(_) => {
            std::mem::forget(Arc::clone(database));
            false
        }
    }
}
