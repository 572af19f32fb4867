//! Rows that could not be decoded when they came: what they need is found out, then they are decoded. Both go in portions, since an
//! event loop has other work to do, and both come before anything else that the server says.

use std::sync::Arc;
use std::time::Instant;

use pyo3::prelude::*;

use super::statement::Statement;
use crate::pg::core::Core;
use crate::pg::core::execution::Execution;
use crate::pg::core::flight::Flight;
use crate::pg::core::row_description::read_as_described;
use crate::pg::core::rows::{EVENTS, is_late, paused};
use crate::pg::decode::RowValues;
use crate::pg::decode::context::{Context, Missing};
use crate::pg::decode::wanted::Wanted;
use crate::pg::prepared::lookup::{Goal, ROUNDS};
use crate::pg::types::Types;

pub struct Kept {
    pub execution: Execution,
    stage: Stage,
}

enum Stage {
    /// The next row to be looked at.
    Look(Wanted, usize),
    Decode,
}

impl Core {
    pub fn look_at_kept(&mut self, execution: Execution) {
        self.work_on(execution, Stage::Look(Wanted::default(), 0));
    }

    pub fn decode_kept(&mut self, py: Python<'_>, mut execution: Execution) {
        match self.read_anew(py, &mut execution) {
            Ok(()) => self.work_on(execution, Stage::Decode),
            Err(error) => {
                execution.error = Some(error);
                self.executed(py, execution);
            }
        }
    }

    fn work_on(&mut self, execution: Execution, stage: Stage) {
        let kept = Kept { execution, stage };
        self.flying.push_front(Flight::Kept(Box::new(kept)));
    }

    fn read_anew(&mut self, py: Python<'_>, execution: &mut Execution) -> PyResult<()> {
        let described = Arc::clone(&execution.statement.described);
        if execution.redescribed {
            return read_as_described(py, &mut self.types, execution, described, &[]);
        }
        let name = execution.statement.name.clone();
        let statement = Statement::new(py, &mut self.types, name, described)?;
        let statement = Arc::new(statement.in_formats_of(&execution.statement));
        execution.statement = statement.for_shape(py, execution.query.shape.get());
        Ok(())
    }

    pub fn works_on_rows(&self) -> bool {
        matches!(self.flying.front(), Some(Flight::Kept(_)))
    }

    /// Whether there are some, or will be with the next that the server says.
    pub fn keeps_rows(&self) -> bool {
        match self.flying.front() {
            Some(Flight::Kept(_)) => true,
            Some(Flight::Execute(execution)) => !execution.missing.is_empty(),
            Some(Flight::LookUp(look_up)) => matches!(look_up.goal, Goal::Decode(_)),
            _ => false,
        }
    }

    /// Goes on with them; whether it has got late over them.
    pub fn take_kept(&mut self, py: Python<'_>, until: Option<Instant>) -> bool {
        while let Some(Flight::Kept(kept)) = self.flying.front_mut() {
            kept.execution.drop_unwanted(py, &mut self.garbage);
            if kept.work(py, &mut self.types, until) {
                return true;
            }
            if let Some(Flight::Kept(kept)) = self.flying.pop_front() {
                self.worked(py, *kept);
            }
            self.pump(py);
        }
        false
    }

    fn worked(&mut self, py: Python<'_>, kept: Kept) {
        let Kept {
            mut execution,
            stage,
        } = kept;
        execution.texts = None;
        match stage {
            _ if execution.error.is_some() => self.executed(py, execution),
            Stage::Look(wanted, _) => self.ask(py, execution, wanted),
            Stage::Decode => self.execution_over(py, execution),
        }
    }
}

impl Kept {
    /// Works at the rows until that time; whether it has got late over them.
    fn work(&mut self, py: Python<'_>, types: &mut Types, until: Option<Instant>) -> bool {
        match &mut self.stage {
            Stage::Look(wanted, next) => look(py, types, &mut self.execution, wanted, next, until),
            Stage::Decode => decode(py, types, &mut self.execution, until),
        }
    }
}

fn look(
    py: Python<'_>,
    types: &mut Types,
    execution: &mut Execution,
    wanted: &mut Wanted,
    next: &mut usize,
    until: Option<Instant>,
) -> bool {
    let columns = &execution.statement.columns;
    while let Some(row) = execution.kept.get(*next) {
        if let Err(error) = wanted.look_at(py, types, columns, row.row()) {
            execution.error = Some(error);
            return false;
        }
        *next += 1;
        if next.is_multiple_of(EVENTS) && is_late(until) {
            return true;
        }
    }
    false
}

fn decode(
    py: Python<'_>,
    types: &mut Types,
    execution: &mut Execution,
    until: Option<Instant>,
) -> bool {
    let _pause = paused(py, types, execution);
    let texts = execution.texts.take();
    let mut context = Context::new(types);
    context.texts = texts.as_ref();
    let mut taken = 0_usize;
    let mut late = false;
    while !late && let Some(row) = execution.kept.pop_front() {
        let mut values = RowValues::new(py, &mut context, &execution.statement.columns, row.row());
        if let Err(error) = execution.collector.push(py, &mut values) {
            let failed = values.failed;
            let is_known = |missing: &Missing| matches!(missing, Missing::Type(oid) if context.types.knows(*oid));
            let is_wrong = execution.renewed && context.missing.iter().any(is_known);
            if context.missing.is_empty() || is_wrong || execution.rounds >= ROUNDS {
                execution.error = Some(execution.statement.in_column(py, failed, error));
            } else {
                execution.missing = std::mem::take(&mut context.missing);
                execution.kept.push_front(row);
            }
            break;
        }
        taken = taken.wrapping_add(1);
        late = taken.is_multiple_of(EVENTS) && is_late(until);
    }
    execution.texts = texts;
    late
}
