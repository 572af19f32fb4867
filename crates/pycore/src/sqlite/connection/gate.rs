//! One thread at a time in a connection. Others wait; a call from inside gets an answer at once, as it would wait for itself.
//!
//! Whoever comes first gets in, which costs a lone thread next to nothing. A thread that has waited for some milliseconds is
//! given the gate by whoever leaves next: it would never find it open while another thread asks one thing after the other.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use pyo3::prelude::*;

use crate::thread_end::{interpreter_ends, stay};

/// How long a thread tries its luck before it is given the gate: as long as Python lets a thread wait for the GIL.
const PATIENCE: Duration = Duration::from_millis(5);

/// So often it is not given the gate (the statement inside is a long one) before it looks for Ctrl-C.
const ROUNDS: u32 = 10;

thread_local! {
    /// Its address is this thread's name.
    static HERE: u8 = const { 0 };
}

/// A lock that knows who is inside.
#[derive(Default)]
pub struct Gate {
    occupied: AtomicBool,
    owner: AtomicUsize,
    waiting: AtomicUsize,
    impatient: AtomicUsize,
    /// Whether the gate was given away and nobody has come for it yet.
    given: Mutex<bool>,
    news: Condvar,
}

/// What came of knocking.
pub enum Entered<T> {
    Done(T),
    /// Another thread is inside, or, where waiting was asked for, this one.
    Occupied,
    /// Another thread was inside until the deadline.
    Late,
    /// Another thread is inside for good: the interpreter ends.
    Stopped,
    /// A panic on another thread, whose message was the news.
    Broken,
}

impl Gate {
    /// Works with what `lock` holds, alone. Waits for its turn, without the GIL, if `patient`, and no longer than `until`.
    #[inline]
    pub fn enter<D: Send, T>(
        &self,
        py: Python<'_>,
        lock: &Mutex<D>,
        patient: bool,
        until: Option<Instant>,
        work: impl FnOnce(&mut D) -> T,
    ) -> PyResult<Entered<T>> {
        stay(py);
        if !self.take() {
            if !patient || self.owner.load(Ordering::Relaxed) == here() {
                return Ok(Entered::Occupied);
            }
            while !py.detach(|| self.wait(until)) {
                py.check_signals()?;
                if until.is_some_and(|at| at <= Instant::now()) {
                    return Ok(Entered::Late);
                }
                if interpreter_ends() {
                    return Ok(Entered::Stopped);
                }
            }
        }
        let _inside = Inside::new(self);
        Ok(match lock.try_lock() {
            Ok(mut data) => Entered::Done(work(&mut data)),
            Err(TryLockError::Poisoned(_)) => Entered::Broken,
            Err(TryLockError::WouldBlock) => Entered::Occupied,
        })
    }

    /// Whether somebody is inside.
    pub fn is_occupied(&self) -> bool {
        self.occupied.load(Ordering::Relaxed)
    }

    #[inline]
    fn take(&self) -> bool {
        self.occupied
            .compare_exchange(false, true, Ordering::SeqCst, Ordering::Relaxed)
            .is_ok()
    }

    /// Waits for the gate. False when it is time to look for signals, or at the clock.
    #[cold]
    fn wait(&self, until: Option<Instant>) -> bool {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut got = self.take();
        let mut rounds = 0;
        while !got && rounds < ROUNDS {
            let (back, timeout) = self
                .news
                .wait_timeout(given, PATIENCE)
                .unwrap_or_else(PoisonError::into_inner);
            given = back;
            got = std::mem::take(&mut *given) || self.take();
            if !got && until.is_some_and(|at| at <= Instant::now()) {
                break;
            }
            if !got && timeout.timed_out() {
                if rounds == 0 {
                    self.impatient.fetch_add(1, Ordering::SeqCst);
                }
                rounds += 1;
            }
        }
        if rounds > 0 {
            self.impatient.fetch_sub(1, Ordering::SeqCst);
        }
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        got
    }

    /// Opens the gate, or gives it away.
    #[inline]
    fn leave(&self) {
        self.owner.store(0, Ordering::Relaxed);
        if self.impatient.load(Ordering::Relaxed) > 0 && self.give() {
            return;
        }
        self.occupied.store(false, Ordering::SeqCst);
        if self.waiting.load(Ordering::SeqCst) > 0 {
            drop(self.given.lock());
            self.news.notify_one();
        }
    }

    #[cold]
    fn give(&self) -> bool {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        // Counted with the lock held: whoever is still counted looks at `given` before it goes.
        let wanted = self.impatient.load(Ordering::SeqCst) > 0;
        if wanted {
            *given = true;
            self.news.notify_one();
        }
        wanted
    }
}

/// Leaves when it is dropped.
struct Inside<'a>(&'a Gate);

impl<'a> Inside<'a> {
    #[inline]
    fn new(gate: &'a Gate) -> Inside<'a> {
        gate.owner.store(here(), Ordering::Relaxed);
        Inside(gate)
    }
}

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.leave();
    }
}

fn here() -> usize {
    HERE.with(|mark| std::ptr::from_ref(mark).addr())
}
