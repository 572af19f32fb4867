//! What prepared statements are called on the server, and whether they have names at all.
//!
//! A pooler that gives each transaction another server would look for a statement where it was never prepared. It gives itself
//! away at login, or by an error later; then every execution brings its statement along (`pgwire::Unnamed`).

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;

/// What `pid_max` of Linux can be; poolers make their own keys of random bits, and 1,023 of 1,024 of those are no such number.
const PIDS: RangeInclusive<i32> = 1..=4_194_304;

/// Whether one of the connections that share this note was found to go through a pooler.
#[pyclass(frozen, module = "ferrow._core")]
#[derive(Default)]
pub struct PgPooler {
    seen: Arc<AtomicBool>,
}

#[pymethods]
impl PgPooler {
    #[new]
    fn new() -> PgPooler {
        PgPooler::default()
    }

    #[getter]
    fn seen(&self) -> bool {
        self.seen.load(Ordering::Relaxed)
    }
}

/// Whether statements get names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// Unless there is a pooler.
    Auto,
    Named,
    Unnamed,
}

pub struct Naming {
    choice: Choice,
    pooler: Arc<AtomicBool>,
    prefix: String,
    last: u64,
    /// The last one that the server was told to forget with all before it.
    forgotten: u64,
}

impl Naming {
    /// None: there is no such choice.
    pub fn new(choice: &str, pooler: &PgPooler, prefix: String) -> Option<Naming> {
        let choice = match choice {
            "auto" => Choice::Auto,
            "named" => Choice::Named,
            "unnamed" => Choice::Unnamed,
            _ => return None,
        };
        Some(Naming {
            choice,
            pooler: Arc::clone(&pooler.seen),
            prefix,
            last: 0,
            forgotten: 0,
        })
    }

    pub fn is_unnamed(&self) -> bool {
        match self.choice {
            Choice::Auto => self.pooler.load(Ordering::Relaxed),
            Choice::Named => false,
            Choice::Unnamed => true,
        }
    }

    /// A number that nothing of this session has.
    pub fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    pub fn statement(&mut self) -> String {
        let number = self.number();
        format!("{}{number}", self.prefix)
    }

    /// Login is over: the server has said which process it is.
    pub fn logged_in(&self, pid: Option<i32>) {
        if pid.is_some_and(|pid| !PIDS.contains(&pid)) {
            self.found_pooler();
        }
    }

    /// The server does not know a statement that was prepared, or has one that was not.
    pub fn lost(&self, name: &str) {
        let number = name.strip_prefix(&self.prefix);
        let number = number.and_then(|number| number.parse::<u64>().ok());
        if number.is_some_and(|number| number > self.forgotten) {
            self.found_pooler();
        }
    }

    /// The session's user had the server forget all statements.
    pub fn forget(&mut self) {
        self.forgotten = self.last;
    }

    /// Found by whoever has a choice: the note is for the other connections, too.
    fn found_pooler(&self) {
        self.pooler.store(true, Ordering::Relaxed);
    }
}
