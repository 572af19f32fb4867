//! Checks the parameters of an execution against the columns they are written to, and encodes those a codec is for.

use pyo3::prelude::*;
use rusqlite::Connection;

use super::{Watch, targets};
use crate::kinds::Kind;
use crate::sqlite::execution::arena::Arena;
use crate::sqlite::execution::cache::Entry;
use crate::sqlite::execution::command::Command;
use crate::sqlite::values::params;

impl Entry {
    /// Finds out what the parameters have to fit. True if it is something else than before.
    #[cold]
    fn resolve_targets(
        &mut self,
        py: Python<'_>,
        connection: &mut Connection,
        sql: &str,
    ) -> PyResult<bool> {
        let codecs = self.codecs.as_deref().filter(|codecs| codecs.write);
        let wanted = match self.command {
            Command::Insert | Command::Update => true,
            // Only codecs care what a value is compared with.
            Command::Select | Command::Delete => codecs.is_some(),
            _ => false,
        };
        // Preparing may wait for a lock.
        let found = match wanted && self.parameters > 0 {
            true => py
                .detach(|| targets(connection, sql, codecs, self.targets.is_some()))
                .map_err(|failure| failure.raise(py, sql))?,
            false => (Vec::new(), Watch::Nothing),
        };
        let (targets, watch) = found;
        let found = Some(targets);
        let other = found != self.targets;
        self.targets = found;
        self.watch = watch;
        Ok(other)
    }

    /// Whether it is known, without waiting, where the parameters go now.
    pub fn targets_known(&mut self, connection: &Connection) -> bool {
        match self.targets {
            None => self.codecs.is_none(),
            Some(_) => !self.watch.is_over(connection),
        }
    }

    /// Whether the targets are to be found out: for the first time, or anew where a codec would write what it should not.
    #[inline]
    fn needs_targets(
        &mut self,
        py: Python<'_>,
        connection: &mut Connection,
        kinds: Option<&[Kind]>,
        row: Option<usize>,
    ) -> bool {
        if self.targets.is_none() {
            let coded = self.codecs.is_some();
            return kinds.is_none_or(|kinds| {
                kinds.contains(&Kind::Decimal) || (coded && kinds.contains(&Kind::Any))
            });
        }
        // A batch is one transaction.
        !matches!(self.watch, Watch::Nothing)
            && row.is_none_or(|row| row == 1)
            && py.detach(|| {
                let alone: &mut Connection = connection; // `&Connection` is not Send
                self.watch.is_over(alone)
            })
    }

    /// Appends the parameters of one execution to the arena. `row` is the number of the row in a batch.
    #[inline]
    #[allow(clippy::too_many_arguments)] // those of a statement, and where they go
    pub fn append(
        &mut self,
        py: Python<'_>,
        connection: &mut Connection,
        sql: &str,
        params: Option<&Bound<'_, PyAny>>,
        kinds: Option<&[Kind]>,
        row: Option<usize>,
        arena: &mut Arena,
    ) -> PyResult<()> {
        if self.needs_targets(py, connection, kinds, row) {
            self.resolve_targets(py, connection, sql)?;
        }
        let before = arena.mark();
        loop {
            let Err(refused) = params::append(py, params, self, kinds, row, arena) else {
                return Ok(());
            };
            if !self.outdated(py, connection, sql)? {
                return Err(refused);
            }
            arena.rewind(before);
        }
    }

    /// Whether who was refused was told about a table that is another one by now.
    #[cold]
    fn outdated(
        &mut self,
        py: Python<'_>,
        connection: &mut Connection,
        sql: &str,
    ) -> PyResult<bool> {
        match &self.targets {
            Some(known) if !known.is_empty() => self.resolve_targets(py, connection, sql),
            _ => Ok(false),
        }
    }
}
