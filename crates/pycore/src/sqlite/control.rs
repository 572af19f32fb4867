//! What other threads may do to a connection that is at work: interrupt it, close it, look at its state.

use std::ffi::{c_int, c_void};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use rusqlite::{Connection, InterruptHandle, ffi};

use super::rollback::Endings;

/// Steps of SQLite's virtual machine between two looks at `cancel`: well under a millisecond.
const PROGRESS_STEPS: c_int = 20_000;

/// Longest sleep between two tries for a lock.
const LONGEST_SLEEP: Duration = Duration::from_millis(25);

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
    holds: AtomicBool,
    /// Nothing may wait or take long.
    hurried: AtomicBool,
    status: AtomicU8,
    timeout: Duration,
    epoch: Instant,
    /// Microseconds from `epoch` to the first try for the lock now waited for.
    waiting_since: AtomicU64,
    /// Microseconds from `epoch` to the last look for signals.
    looked: AtomicU64,
    /// Microseconds from `epoch` to the deadline of the operation under way; NOT_YET without one.
    until: AtomicU64,
    /// That deadline has passed, and the operation was interrupted.
    late: AtomicBool,
    operations: AtomicU64,
    /// What a signal handler, or a function called by SQL, raised meanwhile.
    raised: Mutex<Option<PyErr>>,
    endings: Endings,
    interrupt: InterruptHandle,
}

impl Control {
    pub fn new(connection: &Connection, timeout: Duration) -> Control {
        Control {
            cancel: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            holds: AtomicBool::new(false),
            hurried: AtomicBool::new(false),
            status: AtomicU8::new(Status::Idle as u8),
            timeout,
            epoch: Instant::now(),
            waiting_since: AtomicU64::new(0),
            looked: AtomicU64::new(0),
            until: AtomicU64::new(NOT_YET),
            late: AtomicBool::new(false),
            operations: AtomicU64::new(0),
            raised: Mutex::new(None),
            endings: Endings::default(),
            interrupt: connection.get_interrupt_handle(),
        }
    }

    /// Makes the running operation fail, or the next one if none is running.
    pub fn interrupt(&self) {
        // For what goes on between statements, for waits, and for a statement that is only about to begin.
        self.cancel.store(true, Ordering::SeqCst);
        // For what does not look at `cancel`, such as a checkpoint. SQLite would go on to interrupt everything until nothing is
        // left open, so not beside a cursor.
        if !self.holds.load(Ordering::Relaxed) {
            self.interrupt.interrupt();
        }
    }

    /// The same for one that has stopped in the middle of its work, whatever else is open.
    pub fn interrupt_stopped(&self) {
        self.cancel.store(true, Ordering::SeqCst);
        self.interrupt.interrupt();
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
        u64::try_from(self.epoch.elapsed().as_micros()).unwrap_or(u64::MAX)
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
        self.late.store(false, Ordering::Relaxed);
        self.until.store(until, Ordering::Relaxed);
    }

    /// The operation has ended; whether its deadline was the reason.
    pub fn end_deadline(&self) -> bool {
        self.until.store(NOT_YET, Ordering::Relaxed);
        self.late.swap(false, Ordering::Relaxed)
    }

    /// Interrupts the operation if its deadline has passed. Once: what is then undone takes its time.
    fn look_for_deadline(&self) {
        let until = self.until.load(Ordering::Relaxed);
        if until != NOT_YET && self.now() >= until && !self.late.swap(true, Ordering::Relaxed) {
            self.cancel.store(true, Ordering::SeqCst);
        }
    }

    /// How long to wait for a lock.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
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

    pub fn set_status(&self, status: Status) {
        if self.status() != status {
            self.status.store(status as u8, Ordering::SeqCst);
        }
    }

    /// From now on a lock that is taken, and more than so many steps, end the running statement.
    ///
    /// # Safety
    /// `db` must be the open connection in which this is installed, used by this thread.
    pub unsafe fn hurry(&self, db: *mut ffi::sqlite3, steps: u32) {
        self.hurried.store(true, Ordering::Relaxed);
        // SAFETY: by contract.
        unsafe { self.watch(db, c_int::try_from(steps).unwrap_or(PROGRESS_STEPS)) }
    }

    /// Everything may take its time again.
    ///
    /// # Safety
    /// As `hurry`.
    pub unsafe fn calm(&self, db: *mut ffi::sqlite3) {
        self.hurried.store(false, Ordering::Relaxed);
        // SAFETY: by contract.
        unsafe { self.watch(db, PROGRESS_STEPS) }
    }

    unsafe fn watch(&self, db: *mut ffi::sqlite3, steps: c_int) {
        let context = std::ptr::from_ref(self).cast_mut().cast();
        // SAFETY: by contract; the callback gets a pointer that is valid as long as the connection, and only reads through it.
        unsafe {
            ffi::sqlite3_progress_handler(db, steps, Some(on_progress), context);
        }
    }

    /// From now on, or no longer, a lock that is taken, and more steps than lie between two looks at `cancel`, end the statement.
    #[inline]
    pub fn set_hurried(&self, hurried: bool) {
        self.hurried.store(hurried, Ordering::Relaxed);
    }

    fn hurried(&self) -> bool {
        self.hurried.load(Ordering::Relaxed)
    }

    /// Hands the connection's waits and long computations over to this control.
    ///
    /// # Safety
    /// `self` must stay where it is until the connection is closed.
    pub unsafe fn install(&self, connection: &Connection) {
        let context = std::ptr::from_ref(self).cast_mut().cast();
        // SAFETY: an open connection; the callbacks get a pointer that is valid by contract and only read through.
        unsafe {
            let db = connection.handle();
            ffi::sqlite3_busy_handler(db, Some(on_busy), context);
            self.watch(db, PROGRESS_STEPS);
            self.endings.watch(connection);
        }
    }

    /// Whether to try for the lock again, after a sleep. The sleeps vary so that processes do not keep step.
    fn wait(&self, tries: u32) -> bool {
        self.look_for_signals();
        self.look_for_deadline();
        if self.interrupted() {
            return false;
        }
        let now = self.epoch.elapsed();
        if tries == 0 {
            let now = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
            self.waiting_since.store(now, Ordering::SeqCst);
        }
        let since = Duration::from_micros(self.waiting_since.load(Ordering::SeqCst));
        let left = self.timeout.saturating_sub(now.saturating_sub(since));
        if left.is_zero() {
            return false;
        }
        let longest = LONGEST_SLEEP.min(Duration::from_millis(1) * (1 << tries.min(5)));
        let share = 0.5 + f64::from(now.subsec_nanos() % 1000) / 2000.0;
        let until = Duration::from_micros(self.until.load(Ordering::Relaxed));
        let left = left.min(until.saturating_sub(now));
        std::thread::sleep(longest.mul_f64(share).min(left));
        true
    }
}

extern "C" fn on_busy(context: *mut c_void, tries: c_int) -> c_int {
    // SAFETY: the pointer given to `install`.
    let control = unsafe { &*context.cast::<Control>() };
    c_int::from(!control.hurried() && control.wait(u32::try_from(tries).unwrap_or(0)))
}

extern "C" fn on_progress(context: *mut c_void) -> c_int {
    // SAFETY: the pointer given to `install`.
    let control = unsafe { &*context.cast::<Control>() };
    if control.hurried() {
        return 1;
    }
    control.look_for_signals();
    control.look_for_deadline();
    c_int::from(control.interrupted())
}
