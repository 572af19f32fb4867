//! Another thread's word to a connection that is at work.

use std::sync::Arc;

use pyo3::prelude::*;

use super::control::Control;

/// Interrupts what a connection is doing, from any thread.
#[pyclass(frozen, module = "ferrow._core")]
pub struct SqliteInterrupt {
    control: Arc<Control>,
}

impl SqliteInterrupt {
    pub fn new(control: Arc<Control>) -> SqliteInterrupt {
        SqliteInterrupt { control }
    }
}

#[pymethods]
impl SqliteInterrupt {
    /// Make the running operation fail with QueryCancelled; the next one if none is running, unless `clear` comes first.
    fn interrupt(&self) {
        self.control.interrupt();
    }

    /// Close the connection as far as anything else is concerned: what runs fails with ConnectionLost, and nothing begins. The
    /// database itself is closed by whoever has it.
    fn close(&self) {
        self.control.close();
        self.control.cut();
    }

    /// Forget an interrupt that came too late for its operation.
    fn clear(&self) {
        self.control.forget_interrupt();
    }
}
