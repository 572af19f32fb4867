//! Forks of this process. A connection belongs to the process that opened it: a forked child has its memory, and with it
//! the parent's place in the conversation or the parent's locks, and must leave it alone.

use std::sync::atomic::{AtomicU32, Ordering};

use pyo3::prelude::*;
use pyo3::types::PyDict;

static FORKS: AtomicU32 = AtomicU32::new(0);

/// The process in which something was made. Asking costs no system call, as a process id would.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Process(u32);

impl Process {
    pub fn current() -> Process {
        Process(FORKS.load(Ordering::Relaxed))
    }

    /// Whether this is a forked child of it.
    pub fn is_parent(self) -> bool {
        self != Process::current()
    }
}

/// Why a connection cannot be used in a forked child.
pub const REASON: &str =
    "the connection belongs to the process from which this one was forked; open a new one";

#[pyfunction]
fn forked() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

/// Every fork from Python runs the hook before any other code of the child.
pub fn watch(py: Python<'_>) -> PyResult<()> {
    let hooks = PyDict::new(py);
    hooks.set_item("after_in_child", wrap_pyfunction!(forked, py)?)?;
    py.import("os")?
        .call_method("register_at_fork", (), Some(&hooks))?;
    Ok(())
}
