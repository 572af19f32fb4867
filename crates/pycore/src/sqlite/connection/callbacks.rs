//! What SQLite calls while it waits for a lock or computes for long: whether a connection's `Control` lets it go on.

use std::ffi::{c_int, c_void};
use std::sync::atomic::Ordering;
use std::time::Duration;

use rusqlite::{Connection, ffi};

use super::control::Control;

/// Steps of SQLite's virtual machine between two looks at `cancel`: well under a millisecond.
const PROGRESS_STEPS: c_int = 20_000;

/// The same where nobody may wait, between two looks at the clock.
const LOOK_STEPS: u32 = 40;

/// Longest sleep between two tries for a lock.
const LONGEST_SLEEP: Duration = Duration::from_millis(25);

impl Control {
    /// Hands the connection's waits and long computations over to this control.
    ///
    /// # Safety
    /// `self` must stay where it is until the connection is closed.
    pub unsafe fn install(&self, connection: &Connection) {
        // SAFETY: an open connection; the callbacks get a pointer that is valid by contract and only read through.
        unsafe {
            self.wait_for_locks(connection);
            self.introduce(connection);
            self.watch(connection.handle(), PROGRESS_STEPS);
            self.endings.watch(connection);
        }
    }

    /// Installs the busy handler, in the place of any other.
    ///
    /// # Safety
    /// As `install`.
    pub unsafe fn wait_for_locks(&self, connection: &Connection) {
        let context = std::ptr::from_ref(self).cast_mut().cast();
        // SAFETY: an open connection; the callback gets a pointer that is valid by contract and only read through.
        unsafe {
            ffi::sqlite3_busy_handler(connection.handle(), Some(on_busy), context);
        }
    }

    /// From now on a lock that is taken, more than so many steps, and the first look at the clock after so long, end the running
    /// statement.
    ///
    /// # Safety
    /// `db` must be the open connection in which this is installed, used by this thread.
    pub unsafe fn begin_no_wait(&self, db: *mut ffi::sqlite3, steps: u32, longest: Duration) {
        let spent = self.epoch.elapsed().saturating_add(longest);
        let spent = u64::try_from(spent.as_micros()).unwrap_or(u64::MAX);
        self.spent.store(spent, Ordering::Relaxed);
        self.looks.store(steps / LOOK_STEPS, Ordering::Relaxed);
        self.no_wait.store(true, Ordering::Relaxed);
        // SAFETY: by contract.
        unsafe { self.watch(db, c_int::try_from(LOOK_STEPS).unwrap_or(PROGRESS_STEPS)) }
    }

    /// Everything may take its time again.
    ///
    /// # Safety
    /// As `begin_no_wait`.
    pub unsafe fn end_no_wait(&self, db: *mut ffi::sqlite3) {
        self.no_wait.store(false, Ordering::Relaxed);
        self.looks.store(0, Ordering::Relaxed);
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
    pub fn set_no_wait(&self, no_wait: bool) {
        self.no_wait.store(no_wait, Ordering::Relaxed);
    }

    fn no_wait(&self) -> bool {
        self.no_wait.load(Ordering::Relaxed)
    }

    /// Whether the steps or the time of what may not wait are over.
    fn is_spent(&self) -> bool {
        let looks = self.looks.load(Ordering::Relaxed).saturating_sub(1);
        self.looks.store(looks, Ordering::Relaxed);
        looks == 0
            || self.epoch.elapsed() >= Duration::from_micros(self.spent.load(Ordering::Relaxed))
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
        let left = self.timeout().saturating_sub(now.saturating_sub(since));
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
    c_int::from(!control.no_wait() && control.wait(u32::try_from(tries).unwrap_or(0)))
}

extern "C" fn on_progress(context: *mut c_void) -> c_int {
    // SAFETY: the pointer given to `install`.
    let control = unsafe { &*context.cast::<Control>() };
    if control.no_wait() {
        return c_int::from(control.is_spent());
    }
    control.look_for_signals();
    control.look_for_deadline();
    c_int::from(control.interrupted())
}
