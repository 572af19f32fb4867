//! Connections of the parent, in a forked child.
//!
//! SQLite keeps the locks of a process in its memory, by file. A child that opens a file which its parent had open finds
//! the parent's locks there and asks the system for none: the parent, closing, would believe to be the last, and take away
//! the write-ahead log that the child is writing to. So what the child inherited is given up before it opens anything.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::database::Database;
use crate::fork::Process;

/// A connection's database; None once it is closed.
pub type Shared = Arc<Mutex<Option<Database>>>;

/// Which process opened it, and the database.
type Entry = (Process, Weak<Mutex<Option<Database>>>);

/// Locked only with the GIL, which the forking thread has: never by another thread at the moment of a fork.
static OPEN: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// Remembers a connection of this process to a file. A database in memory is copied by a fork, and the child's own.
pub fn note(database: &Shared, path: Option<&str>) {
    if !path.is_some_and(|path| Path::new(path).exists()) {
        return;
    }
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    open.retain(|(_, database)| database.strong_count() > 0);
    open.push((Process::current(), Arc::downgrade(database)));
}

/// Gives up every connection of a process of which this one is a forked child. Needs the GIL.
pub fn leave_all() {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let inherited: Vec<Shared> = open
        .extract_if(.., |(process, _)| process.is_parent())
        .filter_map(|(_, database)| database.upgrade())
        .collect();
    drop(open);
    for database in &inherited {
        leave(database);
    }
}

/// Gives up a connection of the parent without touching what both processes see.
pub fn leave(database: &Shared) {
    // Locked: a thread was at work, which exists in the parent only. Its memory is in no state to be cleaned up.
    if let Ok(mut guard) = database.try_lock()
        && let Some(database) = guard.take()
    {
        database.leave();
    } else {
        std::mem::forget(Arc::clone(database));
    }
}
