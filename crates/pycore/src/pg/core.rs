//! The requests of one connection, in order: what waits, what is under way, what is finished.

use std::collections::VecDeque;
use std::sync::Arc;

use pgwire::{Event, PushError, ServerError, Session, TransactionStatus};
use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{PyTraverseError, PyVisit};

use super::cache::Cache;
use super::decode::RowValues;
use super::encode::encode;
use super::request::{Arguments, Execution, Flight, Outcome, Query, Reply, Request, empty_result};
use super::statement::Statement;
use crate::raise::{
    Place, connection_lost, data_error, internal_error, not_supported_error, operational_error,
    parameter_error, programming_error, server_error,
};
use crate::rows::Collector;

/// SQLSTATEs that say a cached statement is stale: its result type changed, or the server forgot it.
const STALE: [&str; 2] = ["0A000", "26000"];

pub struct Core {
    pub session: Session,
    pub cache: Cache,
    prefix: String,
    named: u64,
    waiting: VecDeque<Request>,
    flying: VecDeque<Flight>,
    /// Queries whose cached plan the server rejected, with that error: to be prepared anew.
    stale: Vec<(Query, PyErr)>,
    /// A statement is being prepared: what waits behind it stays in order.
    preparing: bool,
    params: pgwire::Params,
    /// Finished requests whose outcome is not delivered yet.
    pub finished: Vec<(Reply, Outcome)>,
    pub notices: Vec<ServerError>,
    pub notifications: Vec<(i32, String, String)>,
    /// Why nothing more can be asked.
    pub ended: Option<String>,
}

impl Core {
    pub fn new(session: Session, cache: Cache, prefix: String) -> Core {
        Core {
            session,
            cache,
            prefix,
            named: 0,
            waiting: VecDeque::new(),
            flying: VecDeque::new(),
            stale: Vec::new(),
            preparing: false,
            params: pgwire::Params::new(),
            finished: Vec::new(),
            notices: Vec::new(),
            notifications: Vec::new(),
            ended: None,
        }
    }

    /// Requests that were made and are not finished.
    pub fn pending(&self) -> usize {
        self.waiting.len() + self.flying.len() + self.stale.len()
    }

    /// What the garbage collector must know: a future leads to the task that waits for it, and that to the session.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        for request in &self.waiting {
            request.traverse(visit)?;
        }
        for flight in &self.flying {
            flight.traverse(visit)?;
        }
        for (query, _) in &self.stale {
            query.traverse(visit)?;
        }
        for (reply, _) in &self.finished {
            reply.traverse(visit)?;
        }
        Ok(())
    }

    /// Gives up everything that holds Python objects of others.
    pub fn clear(&mut self) {
        self.waiting.clear();
        self.flying.clear();
        self.stale.clear();
        self.finished.clear();
        self.ended
            .get_or_insert_with(|| "Connection is closed".to_owned());
    }

    /// The thread that waited is gone, or comes with another request: what was sent is answered to nobody, the rest is
    /// not sent.
    pub fn leave(&mut self) {
        self.waiting
            .retain(|request| !matches!(request.reply(), Reply::Caller));
        self.stale
            .retain(|(query, _)| !matches!(query.reply, Reply::Caller));
        for flight in &mut self.flying {
            if let Some(reply) = flight.reply_mut() {
                reply.leave();
            }
        }
        self.finished.clear();
    }

    pub fn start(&mut self, reply: Reply) {
        self.flying.push_back(Flight::Start(reply));
    }

    pub fn submit(&mut self, py: Python<'_>, request: Request) {
        if let Some(reason) = &self.ended {
            let error = connection_lost(py, reason.clone());
            self.finished.push((request.into_reply(), Err(error)));
            return;
        }
        self.waiting.push_back(request);
        self.pump(py);
    }

    /// Sends what may be sent.
    fn pump(&mut self, py: Python<'_>) {
        if !self.stale.is_empty() {
            if !self.flying.is_empty() {
                return;
            }
            self.heal();
        }
        while !self.preparing && self.session.is_ready() {
            match self.waiting.pop_front() {
                None => return,
                Some(request) if request.reply().is_gone(py) => {}
                Some(Request::Script { sql, reply }) => self.send_script(py, sql, reply),
                Some(Request::Query(query)) => self.send_query(py, query),
            }
        }
    }

    /// What was sent behind a rejected query has been answered. Had that begun a transaction, the query, asked for
    /// before it, would now become a part of it.
    fn heal(&mut self) {
        let idle = self.session.status() == TransactionStatus::Idle;
        for (query, error) in std::mem::take(&mut self.stale).into_iter().rev() {
            if idle {
                self.waiting.push_front(Request::Query(query));
            } else {
                self.finished.push((query.reply, Err(error)));
            }
        }
    }

    fn send_script(&mut self, py: Python<'_>, sql: Py<PyString>, reply: Reply) {
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

    fn send_query(&mut self, py: Python<'_>, query: Query) {
        let known = match text(py, &query.sql) {
            Ok(sql) => self.cache.get(sql),
            Err(error) => return self.finished.push((query.reply, Err(error))),
        };
        match known {
            Some(statement) => self.send_execution(py, query, statement),
            None => self.send_prepare(py, query),
        }
    }

    fn send_prepare(&mut self, py: Python<'_>, query: Query) {
        let name = if self.cache.is_off() {
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
                    statement: None,
                    error: None,
                });
            }
            Err(error) => self.finished.push((query.reply, Err(error))),
        }
    }

    fn send_execution(&mut self, py: Python<'_>, query: Query, statement: Arc<Statement>) {
        match self.try_send_execution(py, &query, &statement) {
            Ok(collector) => self.flying.push_back(Flight::Execute(Execution {
                query,
                statement,
                collector,
                error: None,
                code: String::new(),
                rowcount: 0,
                status: String::new(),
            })),
            Err(error) => self.finished.push((query.reply, Err(error))),
        }
    }

    /// Everything that can go wrong with the values does so here, before a byte is sent.
    fn try_send_execution(
        &mut self,
        py: Python<'_>,
        query: &Query,
        statement: &Statement,
    ) -> PyResult<Collector> {
        let collector = Collector::new(
            py,
            query.shape.clone_ref(py),
            statement.column_names.clone_ref(py),
        )?;
        match &query.arguments {
            Arguments::One(values) => {
                fill(py, &mut self.params, statement, values.bind(py), None)?;
                self.session
                    .execute(&statement.name, statement.formats(), &self.params)
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

    /// Takes in what the server sent. An error means that the connection cannot go on.
    pub fn receive(&mut self, py: Python<'_>, bytes: &[u8]) -> Result<(), String> {
        let mut input = bytes;
        loop {
            let Some(event) = self
                .session
                .next(&mut input)
                .map_err(|error| error.message)?
            else {
                return Ok(());
            };
            match event {
                Event::Row(row) => {
                    if let Some(Flight::Execute(execution)) = self.flying.front_mut()
                        && execution.error.is_none()
                    {
                        let described = execution.statement.columns.len();
                        let pushed = if row.len() == described {
                            let mut values = RowValues::new(py, &execution.statement.columns, row);
                            execution.collector.push(py, &mut values)
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
                }
                Event::Complete(tag) => {
                    if let Some(Flight::Execute(execution)) = self.flying.front_mut() {
                        match tag.rows().and_then(|rows| i64::try_from(rows).ok()) {
                            Some(rows) => {
                                execution.rowcount = execution.rowcount.saturating_add(rows);
                            }
                            None => execution.rowcount = -1,
                        }
                        execution.status.clear();
                        execution.status.push_str(tag.text());
                    }
                }
                Event::EmptyQuery => {
                    if let Some(Flight::Execute(execution)) = self.flying.front_mut() {
                        execution.rowcount = -1;
                    }
                }
                Event::Prepared {
                    parameters,
                    columns,
                } => {
                    if let Some(Flight::Prepare {
                        name,
                        statement,
                        error,
                        ..
                    }) = self.flying.front_mut()
                    {
                        match Statement::new(py, name.clone(), &parameters, &columns) {
                            Ok(described) => *statement = Some(Arc::new(described)),
                            Err(failed) => *error = Some(failed),
                        }
                    }
                }
                Event::Failed(failed) => self.failed(py, &failed),
                Event::Done => self.done(py),
                Event::Ready => {
                    if let Some(Flight::Start(_)) = self.flying.front()
                        && let Some(Flight::Start(reply)) = self.flying.pop_front()
                    {
                        self.finished.push((reply, empty_result(py)));
                    }
                    self.pump(py);
                }
                Event::Notice(notice) => self.notices.push(*notice),
                Event::Notification {
                    pid,
                    channel,
                    payload,
                } => self
                    .notifications
                    .push((pid, channel.to_owned(), payload.to_owned())),
                Event::Columns(_) | Event::Parameter { .. } => {}
            }
        }
    }

    fn failed(&mut self, py: Python<'_>, failed: &ServerError) {
        match self.flying.front_mut() {
            Some(Flight::Execute(execution)) => {
                let sql = execution.query.sql.bind(py).as_any().clone();
                execution.code = failed.code.clone();
                execution.error = Some(server_error(py, failed.fields(), Some(&sql)));
            }
            Some(Flight::Prepare { query, error, .. }) => {
                let sql = query.sql.bind(py).as_any().clone();
                *error = Some(server_error(py, failed.fields(), Some(&sql)));
            }
            Some(Flight::Script { sql, error, .. }) => {
                let sql = sql.bind(py).as_any().clone();
                error.get_or_insert(server_error(py, failed.fields(), Some(&sql)));
            }
            Some(Flight::Start(_)) => {
                if let Some(Flight::Start(reply)) = self.flying.pop_front() {
                    let error = server_error(py, failed.fields(), None);
                    self.finished.push((reply, Err(error)));
                }
            }
            // The server ends the session: the reason for what fails next.
            Some(Flight::Housekeeping) | None => {
                self.ended.get_or_insert_with(|| {
                    format!("the server ended the session: {}", failed.message)
                });
            }
        }
    }

    fn done(&mut self, py: Python<'_>) {
        match self.flying.pop_front() {
            Some(Flight::Prepare {
                query,
                statement,
                error,
                ..
            }) => {
                self.preparing = false;
                match (error, statement) {
                    (None, Some(statement)) => self.prepared(py, query, statement),
                    (Some(error), _) => self.finished.push((query.reply, Err(error))),
                    (None, None) => {
                        let error = internal_error(py, "the server did not describe the statement");
                        self.finished.push((query.reply, Err(error)));
                    }
                }
            }
            Some(Flight::Execute(execution)) => self.executed(py, execution),
            Some(Flight::Script { reply, error, .. }) => {
                let outcome = error.map_or_else(|| empty_result(py), Err);
                self.finished.push((reply, outcome));
            }
            Some(Flight::Start(reply)) => {
                self.finished.push((reply, empty_result(py)));
            }
            Some(Flight::Housekeeping) | None => {}
        }
        self.pump(py);
    }

    fn prepared(&mut self, py: Python<'_>, query: Query, statement: Arc<Statement>) {
        let gone = match query.sql.to_str(py) {
            Ok(sql) => self.cache.insert(sql, Arc::clone(&statement)),
            Err(error) => return self.finished.push((query.reply, Err(error))),
        };
        if let Some(gone) = gone {
            self.close_statement(&gone);
        }
        if !query.reply.is_gone(py) {
            self.send_execution(py, query, statement);
        }
    }

    fn executed(&mut self, py: Python<'_>, mut execution: Execution) {
        let outcome = execution.outcome(py);
        let rejected = STALE.contains(&execution.code.as_str());
        if rejected
            && let Ok(sql) = execution.query.sql.to_str(py)
            && let Some(stale) = self.cache.remove(sql)
        {
            self.close_statement(&stale);
        }
        let mut query = execution.query;
        match outcome {
            // Outside a transaction nothing has happened yet, so the caller need not know.
            Err(error)
                if rejected
                    && query.may_heal
                    && self.session.status() == TransactionStatus::Idle =>
            {
                query.may_heal = false;
                self.stale.push((query, error));
            }
            outcome => self.finished.push((query.reply, outcome)),
        }
    }

    fn close_statement(&mut self, statement: &Statement) {
        if self.session.close_statement(&statement.name).is_ok() {
            self.flying.push_back(Flight::Housekeeping);
        }
    }

    /// The connection is over: everything that was asked fails.
    pub fn end(&mut self, py: Python<'_>, reason: &str) {
        let reason = self.ended.get_or_insert_with(|| reason.to_owned()).clone();
        for flight in std::mem::take(&mut self.flying) {
            let (reply, error) = match flight {
                Flight::Start(reply) => (reply, Some(operational_error(py, reason.clone()))),
                Flight::Prepare { query, error, .. } => (query.reply, error),
                Flight::Execute(execution) => (execution.query.reply, execution.error),
                Flight::Script { reply, error, .. } => (reply, error),
                Flight::Housekeeping => continue,
            };
            let error = error.unwrap_or_else(|| connection_lost(py, reason.clone()));
            self.finished.push((reply, Err(error)));
        }
        for (query, error) in std::mem::take(&mut self.stale) {
            self.finished.push((query.reply, Err(error)));
        }
        for request in std::mem::take(&mut self.waiting) {
            let error = connection_lost(py, reason.clone());
            self.finished.push((request.into_reply(), Err(error)));
        }
    }

    /// The caller's reply, if it is there.
    pub fn take_caller(&mut self) -> Option<Outcome> {
        let index = self
            .finished
            .iter()
            .position(|(reply, _)| matches!(reply, Reply::Caller))?;
        Some(self.finished.swap_remove(index).1)
    }
}

/// The text of a `str`, which may hold what UTF-8 cannot.
fn text<'a>(py: Python<'a>, sql: &'a Py<PyString>) -> PyResult<&'a str> {
    sql.to_str(py).map_err(|_| {
        programming_error(
            py,
            "the SQL text holds a lone surrogate, which UTF-8 cannot write",
        )
    })
}

fn fill(
    py: Python<'_>,
    params: &mut pgwire::Params,
    statement: &Statement,
    values: &Bound<'_, pyo3::types::PyTuple>,
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
        encode(py, *ty, &value, params).map_err(|error| match error {
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
