//! Several statements in one text.

use pyo3::prelude::*;

use super::batch::exhaust;
use super::command::Command;
use super::database::Database;
use super::running::{admit, admit_inside};
use super::statement::Statement;
use crate::raise::programming_error;
use crate::sqlite::connection::readonly;
use crate::sqlite::failure::Failure;

/// Longest text that is looked up as a single statement: long enough for every BEGIN and SAVEPOINT.
const SHORT: usize = 100;

impl Database {
    /// Begins a transaction. `guarded`: no other statement than COMMIT and ROLLBACK, each a script, may end it.
    pub fn begin(&mut self, py: Python<'_>, sql: &str, guarded: bool) -> PyResult<()> {
        self.script(py, sql)?;
        self.control.set_guarded(guarded);
        Ok(())
    }

    pub fn script(&mut self, py: Python<'_>, sql: &str) -> PyResult<()> {
        if sql.contains('\0') {
            return Err(programming_error(py, "the SQL text holds a zero byte"));
        }
        if readonly::begins(sql) {
            return py
                .detach(|| {
                    admit(&self.control, Command::Begin)?;
                    self.begin_readonly()
                })
                .map_err(|failure| failure.raise(py, sql));
        }
        let Database {
            cache,
            connection,
            control,
            ..
        } = self;
        // BEGIN, COMMIT and their kind come again and again.
        let single = sql.len() <= SHORT && !sql.contains(';') && Command::of(sql).controls();
        if single {
            let entry = cache.get(py, connection, sql)?;
            let (command, statement) = (entry.command, &mut entry.statement);
            let of_block = matches!(sql, "COMMIT" | "ROLLBACK");
            let admit = if of_block { admit } else { admit_inside };
            return py
                .detach(|| match admit(control, command)? {
                    true => exhaust(statement, control).map(drop),
                    false => Ok(()),
                })
                .map_err(|failure| failure.raise(py, sql));
        }
        py.detach(|| {
            let mut rest = sql;
            while !rest.is_empty() {
                let (statement, used) = Statement::prepare(connection, rest, false)
                    .map_err(|failure| failure.within(sql, rest))?;
                let text = rest.get(..used).unwrap_or(rest);
                if let Some(mut statement) = statement
                    && admit_inside(control, Command::of(text))?
                {
                    exhaust(&mut statement, control)?;
                }
                rest = rest.get(used..).unwrap_or_default();
            }
            Ok(())
        })
        .map_err(|failure: Failure| failure.raise(py, sql))
    }
}
