//! Requests to messages: what goes wrong here does so before a byte is sent.

use std::sync::Arc;

use pgwire::{
    MAX_PARAMETERS, Params, PushError, Refused, TransactionStatus, Unnamed, copies_with_client,
    transaction_command,
};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use super::core::Core;
use super::encode::encode;
use super::pieces;
use super::portal::portal_name;
use super::request::{Arguments, Execution, Flight, Purpose, Query, Reply, Request};
use super::statement::Statement;
use super::whole::Whole;
use crate::raise::{
    Place, data_error, is_data_error, is_interface_error, not_supported_error, parameter_error,
    programming_error,
};
use crate::rows::Collector;

impl Core {
    pub(super) fn send(&mut self, py: Python<'_>, request: Request) {
        match request {
            Request::Query(query) => self.send_query(py, query),
            Request::Script { sql, reply } => self.send_script(py, sql, reply),
            Request::Batch(batch) => self.send_batch(py, batch),
            Request::Fetch {
                portal,
                limit,
                reply,
            } => self.send_fetch(py, portal, limit, reply),
            Request::ClosePortal { portal, reply } => self.send_close_portal(py, portal, reply),
            Request::Copy {
                sql,
                direction,
                reply,
            } => self.send_copy(py, sql, direction, reply),
            Request::Forget(reply) => self.forget_statements(py, reply),
            Request::Begin(sql, whole, _) => self.begin(sql, whole),
        }
    }

    pub(super) fn send_script(&mut self, py: Python<'_>, sql: Py<PyString>, reply: Reply) {
        if let Some(error) = self.spoilt(py, &sql, &reply) {
            return self.finished.push((reply, Err(error)));
        }
        let error = self.end_whole(py, &sql);
        let sent = text(py, &sql).and_then(|text| {
            self.block &= text.is_empty();
            let text = if error.is_some() { "ROLLBACK" } else { text };
            self.session
                .simple(text)
                .map_err(|refused| programming_error(py, refused.message))
        });
        match sent {
            Ok(()) => self.flying.push_back(Flight::Script { sql, reply, error }),
            Err(error) => {
                if let (Whole::Yes, Reply::Pending(_)) = (&self.whole, &reply) {
                    self.whole = Whole::Refused(error.clone_ref(py));
                }
                self.finished.push((reply, Err(error)));
            }
        }
    }

    pub(super) fn send_query(&mut self, py: Python<'_>, query: Query) {
        if let Some(error) = self.spoilt(py, &query.sql, &query.reply) {
            return self.finished.push((query.reply, Err(error)));
        }
        let given = query.arguments.width(py);
        if given > MAX_PARAMETERS {
            // The server would prepare the statement, and refuse to run it.
            let error = programming_error(
                py,
                format!(
                    "{given} parameters were given, and PostgreSQL takes at most {MAX_PARAMETERS} in one statement: pass many \
                     values as one list, e.g. `= ANY($1)`, or run several statements"
                ),
            );
            return self.refuse_query(py, query, error);
        }
        let known = match text(py, &query.sql) {
            // A table may have got other columns since: a server says so to who runs a statement, but a COPY in binary format
            // would read and write other values without a word.
            Ok(_) if query.purpose == Purpose::Describe => None,
            Ok(sql) if query.joins && copies_with_client(sql) => {
                return self.refuse_query(py, query, not_supported_error(py, NO_COPY));
            }
            Ok(sql) => {
                let changes = self.changes_to_know();
                self.cache.get(sql, changes)
            }
            Err(error) => return self.refuse_query(py, query, error),
        };
        match known {
            Some(statement) if query.purpose == Purpose::Prepare => {
                let outcome = statement.description(py);
                self.finished.push((query.reply, outcome));
            }
            Some(statement) => self.send_known(py, query, statement),
            None => self.send_prepare(py, query),
        }
    }

    /// In a transaction an error costs all of it. What it has changed itself is known, so there a statement from before is
    /// prepared anew; elsewhere only where the server objects.
    fn changes_to_know(&self) -> u64 {
        match self.status() {
            TransactionStatus::InTransaction => self.changes,
            _ => 0,
        }
    }

    pub(super) fn send_prepare(&mut self, py: Python<'_>, query: Query) {
        let sent = text(py, &query.sql).and_then(|sql| {
            let named = !self.naming.is_unnamed()
                && query.purpose != Purpose::Describe
                && self.cache.takes(sql);
            let name = if named {
                self.naming.statement()
            } else {
                String::new()
            };
            self.session
                .prepare(&name, sql, &[])
                .map_err(|refused| programming_error(py, refused.message))?;
            Ok(name)
        });
        match sent {
            Ok(name) => {
                self.preparing = true;
                self.flying.push_back(Flight::Prepare {
                    query,
                    name,
                    described: None,
                    error: None,
                    code: String::new(),
                });
            }
            Err(error) => self.refuse_query(py, query, error),
        }
    }

    /// A statement that was prepared for an earlier caller. What does not fit its types or columns may fit what has become
    /// of them since, so the server is asked once more before it is refused.
    fn send_known(&mut self, py: Python<'_>, query: Query, statement: Arc<Statement>) {
        match self.try_send_execution(py, &query, &statement) {
            Ok(collector) => self.sent(py, query, statement, collector),
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
    pub(super) fn send_execution(
        &mut self,
        py: Python<'_>,
        mut query: Query,
        statement: Arc<Statement>,
    ) {
        if let Some(error) = self.refusal(py) {
            return self.finished.push((query.reply, Err(error)));
        }
        match self.try_send_execution(py, &query, &statement) {
            Ok(collector) => self.sent(py, query, statement, collector),
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
    ) {
        let by_name = self.goes_by_name(&statement);
        let mut execution = Execution::new(query, statement, collector);
        execution.group = group;
        execution.by_name = by_name;
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
            sql: text(py, &query.sql)?,
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
                self.block &=
                    text(py, &query.sql).is_ok_and(|sql| transaction_command(sql).is_none());
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

const NO_COPY: &str = "COPY from STDIN or to STDOUT cannot be a part of a pipeline: use copy_in and copy_out of the connection, outside of it";

/// The text of a `str`, which may hold what UTF-8 cannot.
pub(super) fn text<'a>(py: Python<'a>, sql: &'a Py<PyString>) -> PyResult<&'a str> {
    sql.to_str(py).map_err(|_| {
        programming_error(
            py,
            "the SQL text holds a lone surrogate, which UTF-8 cannot write",
        )
    })
}

pub(super) fn fill(
    py: Python<'_>,
    params: &mut Params,
    statement: &Statement,
    values: &Bound<'_, PyTuple>,
    row: Option<usize>,
) -> PyResult<()> {
    if values.len() != statement.parameters.len() {
        let place = row.map_or_else(String::new, |row| format!(" (row {row})"));
        return Err(programming_error(
            py,
            format!(
                "the statement has {} placeholders, {} parameters were given{place}",
                statement.parameters.len(),
                values.len()
            ),
        ));
    }
    params.clear();
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
