//! What the earlier runs of a statement say about the next: whether it may run where others wait for it to end.

use std::time::Duration;

/// Steps of SQLite's virtual machine that a statement may take there: about 300 small rows, a fraction of a millisecond.
pub const STEPS: u32 = 1000;

/// A statement that took longer reads from a slow disk, waited, or has a step that is a search of its own.
pub const LONGEST: Duration = Duration::from_micros(500);

/// Runs elsewhere that a statement has to keep short after it disappointed once; twice as many after each further time.
const PROBATION: u32 = 8;
const MOST_DOUBLINGS: u32 = 12;

/// Quick runs after which one disappointment is forgotten: on a busy machine any statement is late now and then.
const FORGIVEN: u32 = 256;

/// Of so many runs that may keep the GIL one does not, and is timed.
const TIMED: u8 = 32;

/// The record of one prepared statement.
#[derive(Default)]
pub struct Pace {
    quick: bool,
    probation: u32,
    disappointments: u32,
    kept: u32,
    /// As `kept`, of runs with the GIL: 256 as well, and counted on from zero then.
    held: u8,
    /// Whether its steps say how long it takes (`bounded`), once somebody has looked.
    bounded: Option<bool>,
}

impl Pace {
    /// Whether the statement was quick when it ran last, and has been for long enough, as it may be the next time.
    #[inline]
    pub fn is_quick(&self) -> bool {
        self.quick && self.probation == 0 && self.bounded == Some(true)
    }

    /// Whether somebody has to look at its program. Not after its first run, which is the only one of many statements.
    pub fn is_unknown(&self) -> bool {
        self.quick && self.bounded.is_none()
    }

    pub fn set_bounded(&mut self, bounded: bool) {
        self.bounded = Some(bounded);
    }

    /// It has been compiled anew.
    pub fn forget_program(&mut self) {
        self.bounded = None;
    }

    /// Whether its next run may keep the GIL.
    #[inline]
    pub fn may_hold(&mut self) -> bool {
        if !self.is_quick() {
            return false;
        }
        self.held = self.held.wrapping_add(1);
        if self.held == 0 {
            self.disappointments = self.disappointments.saturating_sub(1);
        }
        !self.held.is_multiple_of(TIMED)
    }

    /// It ran where it could take its time.
    pub fn note(&mut self, steps: u64, took: Duration) {
        self.quick = steps <= u64::from(STEPS) && took <= LONGEST;
        if self.quick {
            self.probation = self.probation.saturating_sub(1);
        }
    }

    /// It ended where others waited for it, after so long.
    #[inline]
    pub fn note_inline(&mut self, took: Duration) {
        if took > LONGEST {
            return self.disappoint();
        }
        self.kept = self.kept.saturating_add(1);
        if self.kept >= FORGIVEN {
            self.kept = 0;
            self.disappointments = self.disappointments.saturating_sub(1);
        }
    }

    /// It was not quick where others waited for it.
    pub fn disappoint(&mut self) {
        self.quick = false;
        self.probation = PROBATION << self.disappointments.min(MOST_DOUBLINGS);
        self.disappointments = self.disappointments.saturating_add(1);
    }
}
