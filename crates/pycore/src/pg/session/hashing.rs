//! Where a login hashes its password: here when that is short, else where the wire wants it; and what is kept of it.

use std::collections::VecDeque;
use std::sync::Mutex;

use pgwire::{Hashing, Keys};
use pyo3::prelude::*;

use super::deliver::delivering;
use crate::pg::core::Core;
use crate::pg::session::PgSession;

/// Iterations that take about a millisecond on a slow machine: PostgreSQL's default is half of it.
const FEW: u32 = 8192;

/// Keys kept; a program has few users and servers.
const KEPT: usize = 64;

/// Keys of logins that succeeded. They are as good as the password, which the engine keeps in memory too.
static KEYS: Mutex<VecDeque<([u8; 32], Keys)>> = Mutex::new(VecDeque::new());

/// The hashing of one login.
#[derive(Default)]
pub struct Login {
    /// Somebody takes what is long.
    pub elsewhere: bool,
    pub wanted: Option<Hashing>,
    /// To be kept once the server has proved that they are right.
    fresh: Option<([u8; 32], Keys)>,
}

impl Core {
    pub fn hash(&mut self, py: Python<'_>, hashing: Hashing) -> Result<(), String> {
        if let Some(keys) = kept(&hashing.fingerprint()) {
            return self.session.hashed(keys).map_err(|error| error.message);
        }
        if self.login.elsewhere && hashing.iterations() > FEW {
            self.login.wanted = Some(hashing);
            return Ok(());
        }
        let keys = py.detach(|| hashing.run());
        self.hashed(&hashing, keys)
    }

    fn hashed(&mut self, hashing: &Hashing, keys: Keys) -> Result<(), String> {
        self.login.fresh = Some((hashing.fingerprint(), keys.clone()));
        self.session.hashed(keys).map_err(|error| error.message)
    }

    /// The server has let us in.
    pub fn keep_keys(&mut self) {
        // A lock that another thread held when this process was forked stays locked: then nothing is kept.
        if let Some(fresh) = self.login.fresh.take()
            && let Ok(mut keys) = KEYS.try_lock()
        {
            if keys.len() >= KEPT {
                keys.pop_front();
            }
            keys.push_back(fresh);
        }
    }
}

fn kept(fingerprint: &[u8; 32]) -> Option<Keys> {
    let keys = KEYS.try_lock().ok()?;
    let found = keys.iter().find(|(known, _)| known == fingerprint);
    found.map(|(_, keys)| keys.clone())
}

/// A long hashing, which any thread may do.
#[pyclass(frozen, module = "ferrow._core")]
pub struct PgHashing {
    hashing: Hashing,
    session: Py<PgSession>,
    keys: Mutex<Option<Keys>>,
}

impl PgHashing {
    pub fn new(hashing: Hashing, session: Py<PgSession>) -> PgHashing {
        PgHashing {
            hashing,
            session,
            keys: Mutex::new(None),
        }
    }
}

#[pymethods]
impl PgHashing {
    /// Does the work, without the GIL.
    fn run(&self, py: Python<'_>) {
        py.detach(|| {
            let made = self.hashing.run();
            if let Ok(mut keys) = self.keys.lock() {
                *keys = Some(made);
            }
        });
    }

    /// Lets the login go on, in the thread of the session.
    fn finish(&self, py: Python<'_>) -> PyResult<()> {
        let keys = self.keys.lock().ok().and_then(|mut keys| keys.take());
        let Some(keys) = keys else {
            return Ok(());
        };
        delivering(self.session.bind(py), |session| {
            if let Err(reason) = session.core.hashed(&self.hashing, keys) {
                session.lost(py, &reason);
            }
            Ok(())
        })
    }
}
