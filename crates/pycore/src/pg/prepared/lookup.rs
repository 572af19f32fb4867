//! Types that this session does not know are looked up on the same connection, before their statement is executed, or
//! before the rows that mention them are decoded.

use std::sync::Arc;

use pgwire::{DataRow, Oid};
use pyo3::prelude::*;

use super::statement::{Described, Statement};
use crate::pg::core::Core;
use crate::pg::core::execution::Execution;
use crate::pg::core::flight::Flight;
use crate::pg::core::request::{Purpose, Query};
use crate::pg::decode::context::Missing;
use crate::pg::types::{Texts, Types, catalog};
use crate::raise::{internal_error, programming_error};

/// A question to the catalogue that is under way.
pub struct LookUp {
    oids: Vec<Oid>,
    pub goal: Goal,
    pub error: Option<PyErr>,
    /// It is no question about types, but for these.
    pub texts: Option<Texts>,
    /// Bytes of the answer so far.
    bytes: usize,
}

/// The longest answer that is read: some thousand types, or a few with very many fields.
const ANSWER: usize = 16 << 20;

impl LookUp {
    pub fn new(oids: Vec<Oid>, texts: Option<Texts>, goal: Goal) -> LookUp {
        LookUp {
            oids,
            goal,
            error: None,
            texts,
            bytes: 0,
        }
    }

    pub fn take_row(&mut self, py: Python<'_>, types: &mut Types, row: DataRow<'_>) {
        let learnt = if let Some(texts) = &mut self.texts {
            texts.learn_row(row)
        } else if self.counts(&row) {
            types.learn_row(row)
        } else {
            None
        };
        if learnt.is_none() {
            self.error.get_or_insert_with(|| no_answer(py));
        }
    }

    /// Takes a row of the answer into account; false when there is no reason for so many.
    fn counts(&mut self, row: &DataRow<'_>) -> bool {
        let bytes: usize = row.iter().flatten().map(<[u8]>::len).sum();
        // What each is kept as is larger than a short name.
        self.bytes = self.bytes.saturating_add(bytes).saturating_add(256);
        self.bytes <= ANSWER
    }
}

/// What waits for the answer.
pub enum Goal {
    Execute {
        query: Query,
        name: String,
        described: Arc<Described>,
    },
    /// Its rows are here.
    Decode(Box<Execution>),
}

impl Goal {
    pub fn query(&self) -> &Query {
        match self {
            Goal::Execute { query, .. } => query,
            Goal::Decode(execution) => &execution.query,
        }
    }

    pub fn query_mut(&mut self) -> &mut Query {
        match self {
            Goal::Execute { query, .. } => query,
            Goal::Decode(execution) => &mut execution.query,
        }
    }
}

/// How often the rows of one result may lead to another question: types inside of records inside of records.
pub const ROUNDS: u8 = 16;

impl Core {
    /// A statement is prepared. What waits behind it stays in order until its types are known.
    pub fn described(
        &mut self,
        py: Python<'_>,
        query: Query,
        name: String,
        described: Arc<Described>,
    ) {
        let doubtful = match query.purpose {
            Purpose::Describe => self.doubtful(py, &described),
            _ => Vec::new(),
        };
        let mut unknown = described.unknown(&self.types);
        unknown.extend(doubtful);
        if unknown.is_empty() || query.reply.is_gone(py) {
            self.preparing = false;
            return match Statement::new(py, &mut self.types, name, described) {
                // One whose types nobody knows would be of no use to the next caller.
                Ok(statement) if !unknown.is_empty() => {
                    self.close_statement(&statement);
                    self.leave_out(py, query.reply);
                }
                Ok(statement) => self.prepared(py, query, Arc::new(statement)),
                Err(error) => self.finished.push((query.reply, Err(error))),
            };
        }
        let goal = Goal::Execute {
            query,
            name,
            described,
        };
        self.look_up(py, unknown, goal);
    }

    /// All rows have come, and some cannot be decoded yet.
    pub fn look_up_for_rows(&mut self, py: Python<'_>, mut execution: Execution) {
        execution.overtaken |= !self.flying.is_empty();
        let types = execution.missing.drain(..).filter_map(Missing::into_type);
        let mut oids: Vec<Oid> = types.collect();
        if oids.is_empty() {
            return self.look_at_kept(execution);
        }
        if oids.iter().any(|oid| self.types.knows(*oid)) {
            // A type was changed by somebody else, and with it perhaps others.
            self.forget_types();
            execution.renewed = true;
            oids.extend(execution.statement.described.others(&self.types));
        }
        oids.sort_unstable();
        oids.dedup();
        execution.rounds += 1;
        self.look_up(py, oids, Goal::Decode(Box::new(execution)));
    }

    fn look_up(&mut self, py: Python<'_>, oids: Vec<Oid>, goal: Goal) {
        let version = self.session.parameter("server_version").map_or("", |text| {
            text.split(|character: char| !character.is_ascii_digit())
                .next()
                .unwrap_or_default()
        });
        // A server that does not say is taken for a recent one.
        let version = version.parse().unwrap_or(u32::MAX);
        match self.session.simple(&catalog::question(&oids, version)) {
            Ok(()) => {
                let look_up = LookUp::new(oids, None, goal);
                self.flying.push_back(Flight::LookUp(Box::new(look_up)));
            }
            Err(refused) => {
                let error = programming_error(py, refused.message);
                self.give_up(py, goal, error);
            }
        }
    }

    pub fn looked_up(&mut self, py: Python<'_>, look_up: LookUp) {
        let LookUp {
            oids,
            mut goal,
            error,
            texts,
            ..
        } = look_up;
        if let Some(error) = error {
            return self.give_up(py, goal, error);
        }
        if texts.as_ref().is_some_and(|texts| !texts.are_all()) {
            return self.give_up(py, goal, no_answer(py));
        }
        if let (Some(texts), Goal::Decode(execution)) = (texts, &mut goal) {
            execution.texts = Some(texts);
        }
        for oid in oids {
            self.types.learn_nothing(oid);
        }
        match goal {
            Goal::Execute {
                query,
                name,
                described,
            } => {
                self.preparing = false;
                match Statement::new(py, &mut self.types, name, described) {
                    Ok(statement) => self.prepared(py, query, Arc::new(statement)),
                    Err(error) => self.finished.push((query.reply, Err(error))),
                }
            }
            Goal::Decode(execution) => self.decode_kept(py, *execution),
        }
    }

    fn give_up(&mut self, py: Python<'_>, goal: Goal, error: PyErr) {
        match goal {
            Goal::Execute { query, name, .. } => {
                self.preparing = false;
                self.close_named(name);
                self.unprepared(py, query.reply, error);
            }
            Goal::Decode(mut execution) => {
                execution.error = Some(error);
                self.executed(py, *execution);
            }
        }
    }
}

/// The error of a result that is no answer to the question.
fn no_answer(py: Python<'_>) -> PyErr {
    internal_error(
        py,
        "the server described a type in a way this version does not understand",
    )
}
