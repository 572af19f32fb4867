//! Many rows of parameters, the first of which are sent while the rest is encoded.
//!
//! What cannot be sent is refused before anything is, so this is only for rows whose values are known to fit: they are
//! looked at first, which takes a tenth of the time that encoding does.

use pgwire::Refused;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::Core;
use super::executing::fill;
use super::flight::Flight;
use super::request::Arguments;
use crate::pg::encode::sure;
use crate::pg::prepared::statement::Statement;
use crate::raise::data_error;

/// Fewer rows are encoded in no time.
const MANY: usize = 200;

/// Bytes after which the server is given what there is: soon, to begin with, and then as much as stays in the processor's
/// cache.
const FIRST: usize = 16 * 1024;
const PIECE: usize = 64 * 1024;

pub fn may_come_in_pieces(py: Python<'_>, statement: &Statement, rows: &[Py<PyTuple>]) -> bool {
    let types = &statement.parameters;
    rows.len() >= MANY
        && !types.is_empty()
        && rows.iter().all(|row| {
            let row = row.bind(py);
            row.len() == types.len()
                && types
                    .iter()
                    .zip(row.iter_borrowed())
                    .all(|(ty, value)| sure::fits(ty, &value))
        })
}

impl Core {
    pub fn begin_rows(&mut self, rows: usize) -> Result<(), Refused> {
        self.session.begin_executions(rows)?;
        self.next_row = Some(0);
        Ok(())
    }

    /// Encodes the next piece of the last request, if it has been begun and not ended.
    pub fn add_rows(&mut self, py: Python<'_>) {
        if self.next_row.is_some() {
            self.more_rows(py);
            if self.next_row.is_none() {
                self.pump(py);
            }
        }
    }

    /// The same, for who looks afterwards what else may be sent.
    pub fn more_rows(&mut self, py: Python<'_>) {
        let Some(next) = self.next_row else {
            return;
        };
        match self.try_add_rows(py, next) {
            Ok(next) => self.next_row = next,
            // It was known to fit. The server gives up what it has of a request that does not end.
            Err(error) => self.end(py, &format!("a row could not be encoded: {error}")),
        }
    }

    /// The row to go on with; None when there are no more, or no more is wanted.
    fn try_add_rows(&mut self, py: Python<'_>, next: usize) -> PyResult<Option<usize>> {
        let Some(Flight::Execute(execution)) = self.flying.back() else {
            return Ok(None);
        };
        let Arguments::Many(rows) = &execution.query.arguments else {
            return Ok(None);
        };
        let statement = &execution.statement;
        let refused = |refused: Refused| data_error(py, refused.message);
        let limit = if next == 0 { FIRST } else { PIECE };
        for (index, values) in rows.iter().enumerate().skip(next) {
            if self.session.output().len() >= limit {
                return Ok(Some(index));
            }
            fill(
                py,
                &mut self.params,
                statement,
                values.bind(py),
                Some(index + 1),
            )?;
            let added =
                self.session
                    .add_execution(&statement.name, statement.formats(), &self.params);
            if !added.map_err(refused)? {
                return Ok(None);
            }
        }
        self.session.end_executions().map_err(refused)?;
        Ok(None)
    }
}
