//! Rows by the thousand that nobody wants: freed bit by bit, since an event loop has other work.

use std::collections::VecDeque;

use pgwire::KeptRow;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::execution::MANY;

#[derive(Default)]
pub struct Garbage {
    rows: Vec<Py<PyList>>,
    /// Those that had not been decoded.
    kept: Vec<VecDeque<KeptRow>>,
}

impl Garbage {
    pub fn add(&mut self, py: Python<'_>, rows: Py<PyList>, kept: VecDeque<KeptRow>) {
        if !rows.bind(py).is_empty() {
            self.rows.push(rows);
        }
        if !kept.is_empty() {
            self.kept.push(kept);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.kept.is_empty()
    }

    pub fn clear(&mut self) {
        *self = Garbage::default();
    }

    /// Frees some of them.
    pub fn sweep(&mut self, py: Python<'_>) -> PyResult<()> {
        if let Some(kept) = self.kept.last_mut() {
            kept.truncate(kept.len().saturating_sub(MANY));
            if kept.is_empty() {
                self.kept.pop();
            }
            return Ok(());
        }
        let Some(rows) = self.rows.last() else {
            return Ok(());
        };
        let rows = rows.bind(py);
        let end = rows.len();
        rows.del_slice(end.saturating_sub(MANY), end)?;
        if end <= MANY {
            self.rows.pop();
        }
        Ok(())
    }
}
