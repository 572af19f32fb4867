//! One thread at a time in a connection. Others wait; a call from inside gets an answer at once, as it would wait for itself.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use pyo3::prelude::*;

/// Between two looks for Ctrl-C while waiting.
const SIGNALS: Duration = Duration::from_millis(50);

thread_local! {
    /// Its address is this thread's name.
    static HERE: u8 = const { 0 };
}

/// A mutex that knows who is inside.
#[derive(Default)]
pub struct Gate {
    owner: AtomicUsize,
    waiting: AtomicUsize,
    sleep: Mutex<()>,
    opened: Condvar,
}

/// What came of knocking.
pub enum Entered<T> {
    Done(T),
    /// Another thread is inside, or, where waiting was asked for, this one.
    Occupied,
    /// A panic on another thread, whose message was the news.
    Broken,
}

impl Gate {
    /// Works with what `lock` holds, alone. Waits for its turn, without the GIL, if `patient`.
    #[inline]
    pub fn enter<D: Send, T>(
        &self,
        py: Python<'_>,
        lock: &Mutex<D>,
        patient: bool,
        work: impl FnOnce(&mut D) -> T,
    ) -> PyResult<Entered<T>> {
        let mut inside = loop {
            match lock.try_lock() {
                Ok(guard) => break Inside::new(self, guard),
                Err(TryLockError::Poisoned(_)) => return Ok(Entered::Broken),
                Err(TryLockError::WouldBlock) if patient && !self.is_inside() => {
                    self.wait(py, lock)?;
                }
                Err(TryLockError::WouldBlock) => return Ok(Entered::Occupied),
            }
        };
        Ok(inside
            .guard
            .as_mut()
            .map_or(Entered::Occupied, |data| Entered::Done(work(data))))
    }

    pub fn is_occupied(&self) -> bool {
        self.owner.load(Ordering::Relaxed) != 0
    }

    fn is_inside(&self) -> bool {
        self.owner.load(Ordering::Relaxed) == here()
    }

    #[cold]
    fn wait<D: Send>(&self, py: Python<'_>, lock: &Mutex<D>) -> PyResult<()> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        py.detach(|| {
            let asleep = self.sleep.lock().unwrap_or_else(PoisonError::into_inner);
            // Whoever is inside now will find us counted, and cannot call before we listen. (On a processor that delays its
            // stores we may still be missed, and look again a moment later.)
            if matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
                drop(self.opened.wait_timeout(asleep, SIGNALS));
            }
        });
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        py.check_signals()
    }
}

/// Leaves when it is dropped.
struct Inside<'a, D> {
    gate: &'a Gate,
    guard: Option<MutexGuard<'a, D>>,
}

impl<'a, D> Inside<'a, D> {
    fn new(gate: &'a Gate, guard: MutexGuard<'a, D>) -> Inside<'a, D> {
        gate.owner.store(here(), Ordering::Relaxed);
        Inside {
            gate,
            guard: Some(guard),
        }
    }
}

impl<D> Drop for Inside<'_, D> {
    fn drop(&mut self) {
        self.gate.owner.store(0, Ordering::Relaxed);
        self.guard = None;
        if self.gate.waiting.load(Ordering::SeqCst) > 0 {
            drop(self.gate.sleep.lock());
            self.gate.opened.notify_one();
        }
    }
}

fn here() -> usize {
    HERE.with(|mark| std::ptr::from_ref(mark).addr())
}
