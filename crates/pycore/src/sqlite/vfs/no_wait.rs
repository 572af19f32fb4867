//! Whether this thread is one that others wait for, such as that of an event loop: then files answer at once or not at all.

use std::cell::Cell;

use super::mapping;

/// Bytes that may be read from files meanwhile, each read counting as `LEAST` at least: half a millisecond of them, where all lie
/// in memory.
const MOST: u32 = 1024 * 1024;
const LEAST: u32 = 4096;

thread_local! {
    /// Of those bytes, what is left; None in a thread that may wait.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
}

/// While it lives, no file that SQLite uses in this thread makes it wait.
pub struct NoWait(());

/// None where it might have to wait all the same, for another thread.
#[inline]
pub fn begin() -> Option<NoWait> {
    mapping::enter().then(|| {
        LEFT.set(Some(MOST));
        NoWait(())
    })
}

impl Drop for NoWait {
    #[inline]
    fn drop(&mut self) {
        LEFT.set(None);
        mapping::leave();
    }
}

#[inline]
pub fn is_on() -> bool {
    LEFT.get().is_some()
}

/// Whatever `call` waits for is over at once.
pub fn except<T>(call: impl FnOnce() -> T) -> T {
    let left = LEFT.replace(None);
    let found = call();
    LEFT.set(left);
    found
}

/// Whether so many bytes may still be read.
pub fn afford(bytes: u32) -> bool {
    let left = LEFT
        .get()
        .and_then(|left| left.checked_sub(bytes.max(LEAST)));
    if left.is_none() {
        spend();
    }
    left.inspect(|left| LEFT.set(Some(*left))).is_some()
}

/// Nothing more may be read.
pub fn spend() {
    LEFT.set(Some(0));
}

pub fn is_spent() -> bool {
    LEFT.get() == Some(0)
}
