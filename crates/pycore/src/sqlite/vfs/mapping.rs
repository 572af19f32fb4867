//! Whoever maps the index of a write-ahead log and whoever must not wait keep out of each other's way.
//!
//! The system's VFS makes room on the disk for an index that grows, and has the mutex meanwhile that every reader of this database, in
//! this process, needs for its lock (`unixShmMap`, `unixShmLock`). So nobody begins without waiting while somebody maps, and who is to
//! map waits until those are through, which is soon.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

/// Threads that must not wait, and such as map or wait to.
static INSIDE: AtomicUsize = AtomicUsize::new(0);
static MAPPING: AtomicUsize = AtomicUsize::new(0);

const PAUSE: Duration = Duration::from_micros(50);

/// Maps while nobody is `enter`ed.
pub fn alone<T>(map: impl FnOnce() -> T) -> T {
    MAPPING.fetch_add(1, Ordering::SeqCst);
    while INSIDE.load(Ordering::SeqCst) > 0 {
        sleep(PAUSE);
    }
    let mapped = map();
    MAPPING.fetch_sub(1, Ordering::SeqCst);
    mapped
}

/// Whether this thread may go on, until it `leave`s; not while somebody maps.
#[inline]
pub fn enter() -> bool {
    INSIDE.fetch_add(1, Ordering::SeqCst);
    let free = MAPPING.load(Ordering::SeqCst) == 0;
    if !free {
        leave();
    }
    free
}

#[inline]
pub fn leave() {
    INSIDE.fetch_sub(1, Ordering::SeqCst);
}

/// A forked child has none of the threads that were counted. To be called once.
pub fn watch_forks() {
    // SAFETY: the hook only stores numbers. Without memory for it, a child may wait for ever for a thread of its parent.
    #[cfg(unix)]
    unsafe {
        libc::pthread_atfork(None, None, Some(forget));
    }
}

#[cfg(unix)]
extern "C" fn forget() {
    INSIDE.store(0, Ordering::SeqCst);
    MAPPING.store(0, Ordering::SeqCst);
}
