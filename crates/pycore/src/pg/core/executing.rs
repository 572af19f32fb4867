//! A statement that is known, with its values, to messages.

use std::sync::Arc;

use pgwire::{
    Params, PushError, Refused, SUBSTRING, TransactionStatus, Unnamed, forgets_statements,
    transaction_command,
};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyTuple};

use super::Core;
use super::execution::Execution;
use super::flight::Flight;
use super::pieces;
use super::request::{Arguments, Purpose, Query};
use crate::pg::cursor::portal::portal_name;
use crate::pg::encode::encode;
use crate::pg::prepared::statement::Statement;
use crate::raise::{
    Place, Unfit, data_error, hinted, is_data_error, is_interface_error, miscounted,
    not_supported_error, parameter_error, programming_error, shown,
};
use crate::rows::Collector;
use crate::sql_text::text;

impl Core {
    /// A statement that was prepared for an earlier caller. What does not fit its types or columns may fit what has become
    /// of them since, so the server is asked once more before it is refused.
    pub fn send_known(&mut self, py: Python<'_>, query: Query, statement: Arc<Statement>) {
        let statement = statement.for_shape(py, query.shape.get());
        match self.try_send_execution(py, &query, &statement) {
            Ok(collector) => self.sent(py, query, statement, collector, true),
            Err(error)
                if is_misfit(py, &error) && self.session.status() != TransactionStatus::Failed =>
            {
                if statement.looked_up {
                    self.forget_types();
                }
                self.send_prepare(py, query);
            }
            Err(error) => self.refuse_query(py, query, error),
        }
    }

    /// A statement that has just been described. What is known of its types may be older than that.
    pub fn send_execution(&mut self, py: Python<'_>, mut query: Query, statement: Arc<Statement>) {
        if let Some(error) = self.refusal(py) {
            return self.finished.push((query.reply, Err(error)));
        }
        let statement = statement.for_shape(py, query.shape.get());
        match self.try_send_execution(py, &query, &statement) {
            Ok(collector) => self.sent(py, query, statement, collector, false),
            Err(error)
                if statement.looked_up
                    && query.may_heal
                    && is_data_error(py, &error)
                    && self.session.status() != TransactionStatus::Failed =>
            {
                query.may_heal = false;
                self.forget_types();
                self.send_prepare(py, query);
            }
            Err(error) => self.refuse_query(py, query, error),
        }
    }

    fn sent(
        &mut self,
        py: Python<'_>,
        query: Query,
        statement: Arc<Statement>,
        (collector, group): (Collector, u64),
        known: bool,
    ) {
        self.forgetting |= text(query.sql.bind(py)).is_ok_and(forgets_statements);
        let by_name = self.goes_by_name(&statement);
        let mut execution = Execution::new(query, statement, collector);
        execution.group = group;
        execution.by_name = by_name;
        execution.known = known;
        if group > 0 && execution.statement.records {
            // Nothing can join it before it is over. Refused only where there is no group.
            let _ = self.session.close_group();
        }
        self.flying.push_back(Flight::Execute(execution));
        self.more_rows(py);
    }

    fn goes_by_name(&self, statement: &Statement) -> bool {
        !statement.name.is_empty() && !self.naming.is_unnamed()
    }

    /// Everything that can go wrong with the values does so here, before a byte is sent.
    fn try_send_execution(
        &mut self,
        py: Python<'_>,
        query: &Query,
        statement: &Statement,
    ) -> PyResult<(Collector, u64)> {
        let collector = Collector::under(py, query.shape.clone_ref(py), &statement.header)?;
        let by_name = self.goes_by_name(statement);
        let unnamed = Unnamed {
            sql: text(query.sql.bind(py))?,
            param_types: &statement.described.parameters,
        };
        let (name, formats) = (&statement.name, statement.formats());
        let refused = |refused: Refused| data_error(py, refused.message);
        match &query.arguments {
            Arguments::One(values) => {
                fill(py, &mut self.params, statement, values.bind(py), None)?;
                if self.joins(py, query) {
                    let opened = if by_name {
                        self.session.join(name, formats, &self.params)
                    } else {
                        self.session.join_unnamed(unnamed, formats, &self.params)
                    }
                    .map_err(refused)?;
                    self.groups += u64::from(opened);
                    return Ok((collector, self.groups));
                }
                // Elsewhere there is nothing to look at the text for.
                self.block = self.block
                    && text(query.sql.bind(py)).is_ok_and(|sql| transaction_command(sql).is_none());
                let (session, params) = (&mut self.session, &self.params);
                match (query.purpose, by_name) {
                    (Purpose::Open(portal), true) => {
                        session.open_portal(&portal_name(portal), name, formats, params)
                    }
                    (Purpose::Open(portal), false) => {
                        session.open_unnamed(&portal_name(portal), unnamed, formats, params)
                    }
                    (_, true) => session.execute(name, formats, params),
                    (_, false) => session.run_unnamed(unnamed, formats, params),
                }
                .map_err(refused)?;
            }
            Arguments::Many(rows) if by_name && pieces::may_come_in_pieces(py, statement, rows) => {
                self.begin_rows(rows.len()).map_err(refused)?;
            }
            Arguments::Many(rows) => {
                let mut batch = if by_name {
                    self.session.batch(name, formats)
                } else {
                    self.session.batch_unnamed(unnamed, formats)
                }
                .map_err(refused)?;
                for (index, values) in rows.iter().enumerate() {
                    let values = values.bind(py);
                    fill(py, &mut self.params, statement, values, Some(index + 1))?;
                    batch.push(&self.params).map_err(refused)?;
                }
                batch.finish().map_err(refused)?;
            }
        }
        Ok((collector, 0))
    }
}

/// Values or a shape that the statement, as it was described, does not take.
fn is_misfit(py: Python<'_>, error: &PyErr) -> bool {
    is_data_error(py, error) || is_interface_error(py, error)
}

pub fn fill(
    py: Python<'_>,
    params: &mut Params,
    statement: &Statement,
    values: &Bound<'_, PyTuple>,
    row: Option<usize>,
) -> PyResult<()> {
    if values.len() != statement.parameters.len() {
        let place = row.map_or_else(String::new, |row| format!(" (row {row})"));
        let why = if statement.parameters.is_empty() {
            "; statements such as CREATE and DROP take none, whatever they contain"
        } else {
            ""
        };
        return Err(programming_error(
            py,
            miscounted(statement.parameters.len(), values.len()) + &place + why,
        ));
    }
    params.clear();
    if !statement.described.keys.is_empty() {
        check_keys(statement, values, row)?;
    }
    for (index, ty) in statement.parameters.iter().enumerate() {
        let value = values.get_borrowed_item(index)?;
        encode(ty, &value, params).map_err(|error| match error {
            PushError::Refused(refused) => not_supported_error(py, refused.message),
            PushError::Encode(unfit) => {
                let place = Place {
                    parameter: index + 1,
                    row,
                    name: None,
                };
                parameter_error(py, &place, unfit)
            }
        })?;
    }
    Ok(())
}

/// A number where the server takes a text for the key of a document, or for a pattern: the element or the position of that number
/// was meant, and nothing is found.
#[cold]
fn check_keys(
    statement: &Statement,
    values: &Bound<'_, PyTuple>,
    row: Option<usize>,
) -> PyResult<()> {
    let py = values.py();
    for key in &statement.described.keys {
        let value = values.get_borrowed_item(key.parameter)?;
        if value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>() {
            let number = key.parameter + 1;
            let place = Place {
                parameter: number,
                row,
                name: None,
            };
            let shown = shown(&value);
            let (because, hint) = match key.operator {
                SUBSTRING => (
                    format!(
                        "in substring the server takes a parameter for a pattern, which the int {shown} is not"
                    ),
                    format!(
                        "Write ${number}::int for a position or a length, or ${number}::text for a pattern, which may be given as an int then."
                    ),
                ),
                operator => (
                    format!(
                        "behind {operator} the server takes a parameter for the text of a key, which the int {shown} is not"
                    ),
                    format!(
                        "Write ${number}::int for the element of an array, or ${number}::text for a key, which may be given as an int then."
                    ),
                ),
            };
            let error = parameter_error(py, &place, Unfit::Because(because));
            return Err(hinted(py, error, &hint));
        }
    }
    Ok(())
}
