//! Several statements, each with its own text, all or nothing.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use super::batch::{begin, commit, exhaust, undo};
use super::command::Command;
use super::database::Database;
use super::running::admit;
use super::statement::Statement;
use crate::raise::programming_error;
use crate::sqlite::connection::control::Control;
use crate::sqlite::failure::Failure;

/// Statements between two looks for Ctrl-C: SQLite looks by itself, but only within statements that take long.
const SIGNALS: usize = 256;

impl Database {
    /// Runs the statements and returns how many rows each affected.
    pub fn batch(&mut self, py: Python<'_>, statements: &Bound<'_, PyTuple>) -> PyResult<Vec<i64>> {
        let mut texts = Vec::with_capacity(statements.len());
        let held: Vec<Bound<'_, PyString>> = statements
            .iter()
            .map(|sql| Ok(sql.cast_into::<PyString>()?))
            .collect::<PyResult<_>>()?;
        for (index, sql) in held.iter().enumerate() {
            let text = checked(sql).map_err(|error| of_statement(error, py, index, sql))?;
            texts.push(text);
        }
        let Database {
            connection,
            control,
            ..
        } = self;
        let mut unit = None;
        let mut index = 0;
        let ran = py.detach(|| {
            admit(control, Command::Other)?;
            // A VACUUM refuses to run inside a transaction. One that writes can fail half-way and leave what it has written, by OR FAIL
            // or a trigger's RAISE(FAIL).
            if texts.len() > 1 || texts.iter().any(|sql| Command::of(sql).counts()) {
                unit = Some(begin(connection, control, is_readonly(connection))?);
            }
            let mut counts = Vec::with_capacity(texts.len());
            while let Some(sql) = texts.get(index) {
                if index % SIGNALS == 0 {
                    control.look_for_signals();
                }
                counts.push(run(connection, control, sql)?);
                index += 1;
            }
            if let Some(unit) = unit.take() {
                commit(unit, connection, control)?;
            }
            Ok(counts)
        });
        ran.map_err(|failure: Failure| {
            py.detach(|| undo(unit, connection, control));
            // What COMMIT says of a single statement is about that.
            let index = if texts.len() == 1 { 0 } else { index };
            match (held.get(index), texts.get(index)) {
                (Some(sql), Some(text)) => of_statement(failure.raise(py, text), py, index, sql),
                _ => failure.raise(py, "COMMIT"),
            }
        })
    }
}

/// What can be told to be wrong before anything is run.
fn checked<'a>(sql: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    let py = sql.py();
    let text = crate::sql_text::text(sql)?;
    if text.contains('\0') {
        return Err(programming_error(py, "the SQL text holds a zero byte"));
    }
    if Command::of(text).controls() {
        return Err(programming_error(
            py,
            "BEGIN, COMMIT, ROLLBACK, SAVEPOINT and RELEASE cannot be part of a batch, which is one transaction already; use \
             transaction() around several batches",
        ));
    }
    Ok(text)
}

fn of_statement(error: PyErr, py: Python<'_>, index: usize, sql: &Bound<'_, PyString>) -> PyErr {
    let described = error
        .value(py)
        .setattr("statement", index.saturating_add(1))
        .and_then(|()| error.value(py).setattr("query", sql));
    described.err().unwrap_or(error)
}

fn is_readonly(connection: &rusqlite::Connection) -> bool {
    connection.is_readonly(rusqlite::MAIN_DB).unwrap_or(false)
}

/// Runs one statement to its end, and drops its rows.
fn run(
    connection: &mut rusqlite::Connection,
    control: &Control,
    sql: &str,
) -> Result<i64, Failure> {
    let (statement, used) = Statement::prepare(connection, sql, false)?;
    let Some(mut statement) = statement else {
        return Ok(0);
    };
    let rest = sql.get(used..).unwrap_or_default();
    if !rest.trim().is_empty()
        && !matches!(Statement::prepare(connection, rest, false), Ok((None, _)))
    {
        return Err(Failure::new(
            rusqlite::ffi::SQLITE_ERROR,
            "the SQL text holds several statements; give each its own place in the batch",
        ));
    }
    if statement.parameter_count() > 0 {
        return Err(Failure::new(
            rusqlite::ffi::SQLITE_ERROR,
            "the statement has placeholders, and statements of a batch take no parameters; run it with execute(), or for many \
             rows with run_many()",
        ));
    }
    let command = Command::of(sql);
    admit(control, command)?;
    let rows = exhaust(&mut statement, control)?;
    Ok(if command.counts() {
        statement.changes()
    } else {
        rows
    })
}
