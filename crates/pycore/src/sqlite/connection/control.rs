//! What other threads may do to a connection that is at work: interrupt it, close it, look at its state.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use rusqlite::{Connection, InterruptHandle};

use crate::sqlite::execution::rollback::Endings;

/// Between two looks for Ctrl-C, each of which takes the GIL.
const SIGNALS: Duration = Duration::from_millis(50);
const NOT_YET: u64 = u64::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Idle,
    Transaction,
    Failed,
}

pub struct Control {
    cancel: AtomicBool,
    closed: AtomicBool,
    /// A statement was interrupted so that SQLite interrupts whatever else is open.
    stopped: AtomicBool,
    holds: AtomicBool,
    /// Nothing may wait or take long.
    pub no_wait: AtomicBool,
    /// How often the clock is looked at meanwhile, and microseconds from `epoch` to when it is too late.
    pub looks: AtomicU32,
    pub spent: AtomicU64,
    status: AtomicU8,
    /// The transaction has failed, and somebody has gone back to a savepoint that went with it.
    pub went_back: AtomicBool,
    /// The transaction is that of a block, which ends it.
    guarded: AtomicBool,
    /// Microseconds to wait for a lock.
    timeout: AtomicU64,
    pub epoch: Instant,
    /// Microseconds from `epoch` to the first try for the lock now waited for.
    pub waiting_since: AtomicU64,
    /// Microseconds from `epoch` to the last look for signals.
    looked: AtomicU64,
    /// Microseconds from `epoch` to the deadline of the operation under way; NOT_YET without one.
    pub until: AtomicU64,
    /// That deadline has passed, and the operation was interrupted.
    late: AtomicBool,
    operations: AtomicU64,
    /// What a signal handler, or a function called by SQL, raised meanwhile.
    raised: Mutex<Option<PyErr>>,
    pub endings: Endings,
    interrupt: InterruptHandle,
    /// Whether the database is being closed, which nothing may interrupt.
    sealed: Mutex<bool>,
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

impl Control {
    pub fn new(connection: &Connection, timeout: Duration) -> Control {
        Control {
            cancel: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            holds: AtomicBool::new(false),
            no_wait: AtomicBool::new(false),
            looks: AtomicU32::new(0),
            spent: AtomicU64::new(0),
            status: AtomicU8::new(Status::Idle as u8),
            went_back: AtomicBool::new(false),
            guarded: AtomicBool::new(false),
            timeout: AtomicU64::new(micros(timeout)),
            epoch: Instant::now(),
            waiting_since: AtomicU64::new(0),
            looked: AtomicU64::new(0),
            until: AtomicU64::new(NOT_YET),
            late: AtomicBool::new(false),
            operations: AtomicU64::new(0),
            raised: Mutex::new(None),
            endings: Endings::default(),
            interrupt: connection.get_interrupt_handle(),
            sealed: Mutex::new(false),
        }
    }

    /// Makes the running operation fail, or the next one if none is running.
    pub fn interrupt(&self) {
        // For what goes on between statements, for waits, and for a statement that is only about to begin.
        self.cancel.store(true, Ordering::SeqCst);
        // For what does not look at `cancel`, such as a checkpoint. SQLite would go on to interrupt everything until nothing is
        // left open, so not beside a cursor.
        if !self.holds.load(Ordering::Relaxed) {
            self.interrupt_all();
        }
    }

    /// The same for one that has stopped in the middle of its work, whatever else is open.
    pub fn interrupt_stopped(&self) {
        self.cancel.store(true, Ordering::SeqCst);
        self.stopped.store(true, Ordering::Relaxed);
        self.interrupt_all();
    }

    /// Whether that has happened, so that nothing which is open can go on.
    pub fn take_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed) && self.stopped.swap(false, Ordering::Relaxed)
    }

    fn interrupt_all(&self) {
        let sealed = self.sealed.lock().unwrap_or_else(PoisonError::into_inner);
        if !*sealed {
            self.interrupt.interrupt();
        }
    }

    /// From now on nothing is interrupted any more.
    pub fn seal(&self) {
        *self.sealed.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.cancel.store(false, Ordering::SeqCst);
    }

    /// Whether statements stay open between operations: cursors and blobs.
    pub fn set_holds(&self, holds: bool) {
        if self.holds.load(Ordering::Relaxed) != holds {
            self.holds.store(holds, Ordering::Relaxed);
        }
    }

    pub fn holds(&self) -> bool {
        self.holds.load(Ordering::Relaxed)
    }

    pub fn forget_interrupt(&self) {
        // A load costs nothing, a store all other threads' copies.
        if self.interrupted() {
            self.cancel.store(false, Ordering::SeqCst);
        }
    }

    #[inline]
    pub fn interrupted(&self) -> bool {
        self.cancel.load(Ordering::SeqCst)
    }

    /// An operation begins. Most are over before the clock has to be read.
    pub fn begin(&self) {
        self.looked.store(NOT_YET, Ordering::Relaxed);
        // One at a time is inside, so nothing is lost between the two.
        let count = self.operations.load(Ordering::Relaxed);
        self.operations
            .store(count.wrapping_add(1), Ordering::Relaxed);
    }

    /// Operations begun so far.
    pub fn operations(&self) -> u64 {
        self.operations.load(Ordering::Relaxed)
    }

    /// What was raised during the operation: by a function that SQL called, or by a signal handler, Ctrl-C above all.
    #[inline]
    pub fn take_raised(&self) -> Option<PyErr> {
        if self.looked.load(Ordering::Relaxed) == NOT_YET {
            return None;
        }
        self.raised.lock().ok()?.take()
    }

    /// Keeps the first exception that was raised inside SQLite until the operation is over.
    pub fn raise(&self, error: PyErr) {
        if let Ok(mut raised) = self.raised.lock() {
            raised.get_or_insert(error);
        }
        // `take_raised` looks only when something may be there.
        let _ =
            self.looked
                .compare_exchange(NOT_YET, self.now(), Ordering::Relaxed, Ordering::Relaxed);
    }

    pub fn has_raised(&self) -> bool {
        self.raised.lock().is_ok_and(|raised| raised.is_some())
    }

    /// The running statement goes on with wrong values: it ends as soon as possible, and what it writes is undone.
    pub fn spoil(&self) {
        self.endings.spoil();
        self.cancel.store(true, Ordering::SeqCst);
    }

    pub fn take_spoilt(&self) -> bool {
        self.endings.take_spoilt()
    }

    /// How many transactions have been rolled back.
    pub fn rollbacks(&self) -> u64 {
        self.endings.rollbacks()
    }

    fn now(&self) -> u64 {
        micros(self.epoch.elapsed())
    }

    /// Runs the signal handlers that are due (Python does so on its main thread only), every now and then.
    pub fn look_for_signals(&self) {
        let now = self.now();
        let looked = self.looked.load(Ordering::Relaxed);
        if looked == NOT_YET {
            return self.looked.store(now, Ordering::Relaxed);
        }
        if Duration::from_micros(now.saturating_sub(looked)) < SIGNALS {
            return;
        }
        self.looked.store(now, Ordering::Relaxed);
        let outcome = Python::try_attach(|py| py.check_signals());
        if let (Some(Err(error)), Ok(mut raised)) = (outcome, self.raised.lock()) {
            *raised = Some(error);
            self.cancel.store(true, Ordering::SeqCst);
        }
    }

    /// The operation that begins now is to end before this moment.
    pub fn set_deadline(&self, at: Instant) {
        let until = at.saturating_duration_since(self.epoch).as_micros();
        let until = u64::try_from(until).unwrap_or(NOT_YET);
        self.until.store(until, Ordering::Relaxed);
    }

    /// The operation has ended; whether its deadline was the reason.
    pub fn end_deadline(&self) -> bool {
        self.until.store(NOT_YET, Ordering::Relaxed);
        self.late.swap(false, Ordering::Relaxed)
    }

    /// Interrupts the operation if its deadline has passed. Once: what is then undone takes its time.
    pub fn look_for_deadline(&self) {
        let until = self.until.load(Ordering::Relaxed);
        if until != NOT_YET && self.now() >= until && !self.late.swap(true, Ordering::Relaxed) {
            self.cancel.store(true, Ordering::SeqCst);
        }
    }

    /// How long to wait for a lock.
    pub fn timeout(&self) -> Duration {
        Duration::from_micros(self.timeout.load(Ordering::Relaxed))
    }

    pub fn set_timeout(&self, timeout: Duration) {
        self.timeout.store(micros(timeout), Ordering::Relaxed);
    }

    /// Nothing begins any more.
    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// What has begun, and is not over yet, fails. Of a connection that is closed: `close` comes first, so that nothing begins
    /// which would be missed.
    pub fn cut(&self) {
        self.cancel.store(true, Ordering::SeqCst);
        self.interrupt_all();
    }

    pub fn closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    pub fn status(&self) -> Status {
        match self.status.load(Ordering::SeqCst) {
            1 => Status::Transaction,
            2 => Status::Failed,
            _ => Status::Idle,
        }
    }

    pub fn guarded(&self) -> bool {
        self.guarded.load(Ordering::Relaxed)
    }

    pub fn set_guarded(&self, guarded: bool) {
        if self.guarded() != guarded {
            self.guarded.store(guarded, Ordering::Relaxed);
        }
    }

    pub fn set_status(&self, status: Status) {
        if self.status() != status {
            self.status.store(status as u8, Ordering::SeqCst);
            self.went_back.store(false, Ordering::Relaxed);
        }
    }
}
