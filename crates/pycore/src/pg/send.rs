//! Requests to messages: what goes wrong here does so before a byte is sent.

use std::sync::Arc;

use pgwire::{MAX_PARAMETERS, Params, PushError, TransactionStatus};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use super::core::Core;
use super::encode::encode;
use super::pieces;
use super::portal::portal_name;
use super::request::{Arguments, Execution, Flight, Purpose, Query, Reply, Request};
use super::statement::Statement;
use crate::raise::{
    Place, data_error, is_data_error, not_supported_error, parameter_error, programming_error,
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
        }
    }

    pub(super) fn send_script(&mut self, py: Python<'_>, sql: Py<PyString>, reply: Reply) {
        let sent = text(py, &sql).and_then(|text| {
            self.session
                .simple(text)
                .map_err(|refused| programming_error(py, refused.message))
        });
        match sent {
            Ok(()) => self.flying.push_back(Flight::Script {
                sql,
                reply,
                error: None,
            }),
            Err(error) => self.finished.push((reply, Err(error))),
        }
    }

    pub(super) fn send_query(&mut self, py: Python<'_>, query: Query) {
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
            return self.finished.push((query.reply, Err(error)));
        }
        let known = match text(py, &query.sql) {
            // A table may have got other columns since: a server says so to who runs a statement, but a COPY in binary format
            // would read and write other values without a word.
            Ok(_) if query.purpose == Purpose::Describe => None,
            Ok(sql) => self.cache.get(sql),
            Err(error) => return self.finished.push((query.reply, Err(error))),
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

    pub(super) fn send_prepare(&mut self, py: Python<'_>, query: Query) {
        let name = if self.cache.is_off() || query.purpose == Purpose::Describe {
            String::new()
        } else {
            self.named += 1;
            format!("{}{}", self.prefix, self.named)
        };
        let sent = text(py, &query.sql).and_then(|sql| {
            self.session
                .prepare(&name, sql, &[])
                .map_err(|refused| programming_error(py, refused.message))
        });
        match sent {
            Ok(()) => {
                self.preparing = true;
                self.flying.push_back(Flight::Prepare {
                    query,
                    name,
                    described: None,
                    error: None,
                });
            }
            Err(error) => self.finished.push((query.reply, Err(error))),
        }
    }

    /// A statement that was prepared for an earlier caller. A value that does not fit a type which was looked up may fit
    /// what has become of it since, so it is asked once more before the value is refused.
    fn send_known(&mut self, py: Python<'_>, query: Query, statement: Arc<Statement>) {
        match self.try_send_execution(py, &query, &statement) {
            Ok(collector) => self.sent(py, query, statement, collector),
            Err(error)
                if statement.looked_up
                    && is_data_error(py, &error)
                    && self.session.status() != TransactionStatus::Failed =>
            {
                self.forget_types();
                self.send_prepare(py, query);
            }
            Err(error) => self.finished.push((query.reply, Err(error))),
        }
    }

    pub(super) fn send_execution(
        &mut self,
        py: Python<'_>,
        query: Query,
        statement: Arc<Statement>,
    ) {
        match self.try_send_execution(py, &query, &statement) {
            Ok(collector) => self.sent(py, query, statement, collector),
            Err(error) => self.finished.push((query.reply, Err(error))),
        }
    }

    fn sent(
        &mut self,
        py: Python<'_>,
        query: Query,
        statement: Arc<Statement>,
        collector: Collector,
    ) {
        let execution = Execution::new(query, statement, collector);
        self.flying.push_back(Flight::Execute(execution));
        self.add_rows(py);
    }

    /// Everything that can go wrong with the values does so here, before a byte is sent.
    fn try_send_execution(
        &mut self,
        py: Python<'_>,
        query: &Query,
        statement: &Statement,
    ) -> PyResult<Collector> {
        let collector = Collector::under(py, query.shape.clone_ref(py), &statement.header)?;
        match &query.arguments {
            Arguments::One(values) => {
                fill(py, &mut self.params, statement, values.bind(py), None)?;
                let (session, params) = (&mut self.session, &self.params);
                let sent = match query.purpose {
                    Purpose::Open(portal) => session.open_portal(
                        &portal_name(portal),
                        &statement.name,
                        statement.formats(),
                        params,
                    ),
                    _ => session.execute(&statement.name, statement.formats(), params),
                };
                sent.map_err(|refused| data_error(py, refused.message))?;
            }
            Arguments::Many(rows) if pieces::may_come_in_pieces(py, statement, rows) => {
                self.begin_rows(rows.len())
                    .map_err(|refused| data_error(py, refused.message))?;
            }
            Arguments::Many(rows) => {
                let mut batch = self
                    .session
                    .batch(&statement.name, statement.formats())
                    .map_err(|refused| data_error(py, refused.message))?;
                for (index, values) in rows.iter().enumerate() {
                    fill(
                        py,
                        &mut self.params,
                        statement,
                        values.bind(py),
                        Some(index + 1),
                    )?;
                    batch
                        .push(&self.params)
                        .map_err(|refused| data_error(py, refused.message))?;
                }
                batch
                    .finish()
                    .map_err(|refused| data_error(py, refused.message))?;
            }
        }
        Ok(collector)
    }
}

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
