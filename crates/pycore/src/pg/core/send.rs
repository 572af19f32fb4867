//! Requests to messages: what goes wrong here does so before a byte is sent.

use pgwire::{
    MAX_PARAMETERS, TransactionStatus, copies_with_client, leans_on_a_name,
    script_copies_with_client, script_forgets_statements,
};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::Core;
use super::flight::Flight;
use super::reply::Reply;
use super::request::{Purpose, Query, Request};
use crate::raise::{not_supported_error, programming_error};
use crate::sql_text::text;

impl Core {
    pub fn send(&mut self, py: Python<'_>, request: Request) {
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
                described,
                reply,
            } => self.send_copy(py, sql, direction, described.as_ref(), reply),
            Request::Forget(reply) => self.forget_statements(py, reply),
            Request::Begin(sql, whole, _) => self.begin(sql, whole, self.guarded),
        }
    }

    pub fn send_script(&mut self, py: Python<'_>, sql: Py<PyString>, reply: Reply) {
        if let Some(error) = self.spoilt(py, &sql, &reply) {
            return self.finished.push((reply, Err(error)));
        }
        let error = self.end_whole(py, &sql);
        let sent = text(sql.bind(py)).and_then(|text| {
            if script_copies_with_client(text, self.session.strings()) {
                return Err(not_supported_error(py, NO_COPY));
            }
            self.block &= text.is_empty();
            let text = if error.is_some() { "ROLLBACK" } else { text };
            self.session
                .simple(text)
                .map_err(|refused| programming_error(py, refused.message))
        });
        match sent {
            Ok(()) => {
                let strings = self.session.strings();
                let forgets = |sql| script_forgets_statements(sql, strings);
                self.forgetting |= text(sql.bind(py)).is_ok_and(forgets);
                self.flying.push_back(Flight::Script {
                    sql,
                    reply,
                    error,
                    advanced: false,
                });
            }
            Err(error) => self.refuse_reply(py, reply, error),
        }
    }

    pub fn send_query(&mut self, py: Python<'_>, query: Query) {
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
        let known = match text(query.sql.bind(py)) {
            // A table may have got other columns since: a server says so to who runs a statement, but a COPY in binary format
            // would read and write other values without a word.
            Ok(_) if query.purpose == Purpose::Describe => None,
            // What this session has changed itself is known. Outside of a transaction a statement without parameters stays until the
            // server objects to it. One with parameters takes them by the types that its columns had: where one holds more by now
            // (double precision, once real), a value would lose without a word what the old type cannot hold.
            Ok(sql) => {
                let strict = self.status() == TransactionStatus::InTransaction;
                self.cache.get(sql, self.changes, strict)
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

    pub fn send_prepare(&mut self, py: Python<'_>, query: Query) {
        let sent = text(query.sql.bind(py)).and_then(|sql| {
            // The server would prepare it and only fail when it is executed.
            if copies_with_client(sql, self.session.strings()) {
                return Err(not_supported_error(py, NO_COPY));
            }
            let named = !self.naming.is_unnamed()
                && query.purpose != Purpose::Describe
                && !leans_on_a_name(sql)
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
}

const NO_COPY: &str = "COPY from STDIN or to STDOUT is no plain statement, which has no data to give and nowhere to put any: call \
     copy_in(sql=..., source=...) or copy_out(sql=...) of a connection, outside of pipelines";
