//! Portals: results that are fetched in parts.

use std::collections::HashMap;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use crate::pg::core::Core;
use crate::pg::core::execution::Execution;
use crate::pg::core::flight::Flight;
use crate::pg::core::reply::{Reply, empty_result};
use crate::pg::core::request::{Arguments, Purpose, Query};
use crate::pg::prepared::statement::Statement;
use crate::raise::{interface_error, programming_error};
use crate::rows::{Collector, Shape};

/// The status of a result that the limit cut short: there may be more.
pub const SUSPENDED: &str = "PortalSuspended";

/// What the server calls a portal.
pub fn portal_name(portal: u64) -> String {
    format!("ferrow_p{portal}")
}

pub struct Portal {
    sql: Py<PyString>,
    statement: Arc<Statement>,
    shape: Py<Shape>,
}

/// The open portals of a connection.
#[derive(Default)]
pub struct Portals(HashMap<u64, Portal, ahash::RandomState>);

impl Portals {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0
            .values()
            .try_for_each(|portal| visit.call(&portal.shape))
    }
}

impl Core {
    /// The server has bound the statement of a query to a portal.
    pub fn opened(
        &mut self,
        py: Python<'_>,
        portal: u64,
        query: &Query,
        statement: Arc<Statement>,
    ) {
        if query.reply.is_gone(py) {
            if self.session.close_portal(&portal_name(portal)).is_ok() {
                self.flying.push_back(Flight::Housekeeping);
            }
            return;
        }
        let opened = Portal {
            sql: query.sql.clone_ref(py),
            statement,
            shape: query.shape.clone_ref(py),
        };
        self.portals.0.insert(portal, opened);
        // Outside a transaction it went with the Sync that answered.
        self.forget_portals();
    }

    pub fn send_fetch(&mut self, py: Python<'_>, portal: u64, limit: u32, reply: Reply) {
        match self.try_send_fetch(py, portal, limit) {
            Ok((query, statement, collector)) => {
                let query = Query { reply, ..query };
                let execution = Execution::new(query, statement, collector);
                self.flying.push_back(Flight::Execute(execution));
            }
            Err(error) => self.finished.push((reply, Err(error))),
        }
    }

    fn try_send_fetch(
        &mut self,
        py: Python<'_>,
        portal: u64,
        limit: u32,
    ) -> PyResult<(Query, Arc<Statement>, Collector)> {
        let Some(open) = self.portals.0.get(&portal) else {
            return Err(interface_error(
                py,
                "the transaction in which the rows were to be fetched has ended, and with it the stream",
            ));
        };
        let statement = Arc::clone(&open.statement);
        let shape = open.shape.clone_ref(py);
        let collector = Collector::under(py, shape.clone_ref(py), &statement.header)?;
        let arguments = Arguments::One(PyTuple::empty(py).unbind());
        self.block = false;
        let mut query = Query::new(open.sql.clone_ref(py), arguments, shape, Reply::Nobody)
            .purpose(Purpose::Fetch);
        query.may_heal = false;
        self.session
            .fetch(&portal_name(portal), limit)
            .map_err(|refused| programming_error(py, refused.message))?;
        Ok((query, statement, collector))
    }

    pub fn send_close_portal(&mut self, py: Python<'_>, portal: u64, reply: Reply) {
        let Some(open) = self.portals.0.remove(&portal) else {
            return self.finished.push((reply, empty_result(py)));
        };
        match self.session.close_portal(&portal_name(portal)) {
            Ok(()) => self.flying.push_back(Flight::Script {
                sql: open.sql,
                reply,
                error: None,
                advanced: false,
            }),
            Err(refused) => {
                let error = programming_error(py, refused.message);
                self.finished.push((reply, Err(error)));
            }
        }
    }
}
