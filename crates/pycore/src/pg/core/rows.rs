//! The rows of a result as they arrive.

use std::time::Instant;

use pgwire::{DataRow, Session, Values};
use pyo3::prelude::*;

use super::execution::Execution;
use crate::pg::decode::context::Context;
use crate::pg::decode::{RowValues, made};
use crate::pg::types::Types;
use crate::raise::internal_error;
use crate::rows::Pause;

/// Events, and rows, between two looks at the clock.
pub const EVENTS: usize = 64;

pub fn is_late(until: Option<Instant>) -> bool {
    until.is_some_and(|until| Instant::now() >= until)
}

/// The rows that lie whole at the beginning of the input, as results of thousands do; whether it has got late over them.
pub fn take_rows(
    py: Python<'_>,
    session: &mut Session,
    types: &mut Types,
    execution: &mut Execution,
    input: &mut &[u8],
    until: Option<Instant>,
) -> bool {
    let (Some(b'D'), Some(mut rows)) = (input.first(), session.rows()) else {
        return false;
    };
    let _pause = paused(py, types, execution);
    let mut taken = 0_usize;
    let mut is_fast = execution.is_fast();
    let mut raised = None;
    loop {
        let collector = &execution.collector;
        let columns = &execution.statement.columns;
        let decode =
            |values: &mut Values<'_>| made(py, types, collector, columns, values, &mut raised);
        if is_fast && let Some(row) = rows.made(input, decode) {
            if let Err(error) = collector.append(row) {
                execution.error = Some(error);
                is_fast = false;
            }
        } else if let Some(row) = rows.next(input) {
            take_row(py, types, execution, row);
            execution.error = execution.error.take().or(raised.take());
            is_fast = execution.is_fast();
        } else {
            return false;
        }
        taken = taken.wrapping_add(1);
        if taken.is_multiple_of(EVENTS) && is_late(until) {
            return true;
        }
    }
}

/// A pause for rows that are built without running anybody's code.
pub fn paused<'py>(py: Python<'py>, types: &Types, execution: &Execution) -> Option<Pause<'py>> {
    let statement = &execution.statement;
    let quiet = statement.quiet || statement.records && !types.has_codecs();
    (quiet && execution.collector.quiet()).then(|| {
        execution.collector.hide(py);
        Pause::begin(py)
    })
}

pub fn take_row(py: Python<'_>, types: &mut Types, execution: &mut Execution, row: DataRow<'_>) {
    if execution.error.is_some() {
        return;
    }
    if !execution.missing.is_empty() {
        return execution.kept.push_back(row.keep());
    }
    let described = execution.statement.columns.len();
    let pushed = if row.len() == described {
        let mut context = Context::new(types);
        let mut values = RowValues::new(py, &mut context, &execution.statement.columns, row);
        let pushed = execution.collector.push(py, &mut values);
        let failed = values.failed;
        if pushed.is_err() && !context.missing.is_empty() {
            execution.missing = context.missing;
            return execution.kept.push_back(row.keep());
        }
        pushed.map_err(|error| execution.statement.in_column(py, failed, error))
    } else {
        Err(internal_error(
            py,
            format!(
                "a row of {} values came; the statement described {described} columns",
                row.len()
            ),
        ))
    };
    // Raised at the end of the reply, so that the connection stays in step.
    execution.error = pushed.err();
}
