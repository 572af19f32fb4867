//! Values inside of records that only the server can write as text: it is asked for all of them once the rows are here. Nothing is
//! sent behind such a statement before, so that the answer rests on the settings, the names and the transaction of its rows.

use pgwire::{Format, Formats, Unnamed};
use pyo3::prelude::*;

use super::lookup::{Goal, LookUp};
use crate::pg::core::Core;
use crate::pg::core::execution::Execution;
use crate::pg::core::flight::Flight;
use crate::pg::decode::context::Missing;
use crate::pg::decode::wanted::Wanted;
use crate::raise::{data_error, hinted, operational_error};

const OVERTAKEN: &str = "the columns of the statement have changed since it was run last, and what its records hold now has to be asked \
    for, but other statements were sent behind it. It was executed: run it again if that does no harm";

const REFUSED: &str = "this is the answer to a question about values inside of records, which only the server can write as text: \
    cast them to text, or the records to a composite type";

/// The error of such a question, which its caller has not put.
pub fn refused(py: Python<'_>, error: PyErr, code: &str) -> PyErr {
    if code.starts_with(INTERVENTION) {
        return error;
    }
    hinted(py, error, REFUSED)
}

/// The class of what the server has done because somebody wanted it to.
const INTERVENTION: &str = "57";

impl Core {
    /// All rows have been looked at.
    pub fn ask(&mut self, py: Python<'_>, mut execution: Execution, mut wanted: Wanted) {
        if execution.renewed {
            // Looked up once more, they would be the same.
            wanted.types.retain(|oid| !self.types.knows(*oid));
        }
        if !wanted.types.is_empty() {
            execution.missing = wanted.types.into_iter().map(Missing::Type).collect();
            return self.look_up_for_rows(py, execution);
        }
        let sent = if execution.overtaken || wanted.texts.is_empty() {
            Err(operational_error(py, OVERTAKEN))
        } else {
            wanted
                .texts
                .question(&mut self.params)
                .and_then(|(sql, types)| {
                    let unnamed = Unnamed {
                        sql: &sql,
                        param_types: &types,
                    };
                    let formats = Formats::All(Format::Text);
                    self.session.run_unnamed(unnamed, formats, &self.params)
                })
                .map_err(|refused| data_error(py, refused.message))
        };
        match sent {
            Ok(()) => {
                execution.rounds += 1;
                let goal = Goal::Decode(Box::new(execution));
                let look_up = LookUp::new(Vec::new(), Some(wanted.texts), goal);
                self.flying.push_back(Flight::LookUp(Box::new(look_up)));
            }
            Err(error) => {
                execution.error = Some(error);
                self.executed(py, execution);
            }
        }
    }

    /// Whether the last statement sent may have to be asked about, or one is about to be.
    pub fn may_ask(&self) -> bool {
        if let Some(Flight::Kept(_)) = self.flying.front() {
            return true;
        }
        match self.flying.back() {
            Some(Flight::Execute(execution)) => execution.statement.records,
            Some(Flight::LookUp(look_up)) => match &look_up.goal {
                Goal::Decode(execution) => execution.statement.records,
                Goal::Execute { .. } => false,
            },
            _ => false,
        }
    }
}
