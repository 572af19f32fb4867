//! Prepared statements by their SQL text, the least recently used given up first.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ahash::RandomState;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use rusqlite::Connection;

use super::columns::Columns;
use super::command::{self, Command};
use super::pace::Pace;
use super::statement::Statement;
use crate::raise::programming_error;
use crate::sqlite::failure::Failure;
use crate::sqlite::targets::{Target, Watch};
use crate::sqlite::values::codecs::Codecs;

/// A statement with everything about it that is found out once.
pub struct Entry {
    pub statement: Statement,
    pub command: Command,
    pub tag: Arc<str>,
    pub parameters: usize,
    /// Names of the parameters with their first character; None for a bare `?`.
    pub parameter_names: Vec<Option<String>>,
    /// How many different names they have, without that character.
    pub names: usize,
    pub columns: Columns,
    pub reprepared: i32,
    /// A query that writes nothing.
    pub readonly: bool,
    pub pace: Pace,
    /// What the parameters have to fit, once somebody has asked.
    pub targets: Option<Vec<Option<Target>>>,
    /// When that is to be asked again.
    pub watch: Watch,
    /// Those that were known when it was prepared.
    pub codecs: Option<Arc<Codecs>>,
}

impl Entry {
    fn new(
        py: Python<'_>,
        statement: Statement,
        sql: &str,
        codecs: Option<&Arc<Codecs>>,
    ) -> PyResult<Entry> {
        let command = Command::of(sql);
        let parameters = statement.parameter_count();
        let parameter_names: Vec<Option<String>> = (1..=parameters)
            .map(|number| statement.parameter_name(number))
            .collect();
        let names: HashSet<&str, RandomState> = parameter_names
            .iter()
            .filter_map(|name| bare(name.as_deref()?))
            .collect();
        Ok(Entry {
            names: names.len(),
            command,
            tag: command::tag(sql, command).into(),
            readonly: command == Command::Select && statement.readonly(),
            pace: Pace::default(),
            targets: None,
            watch: Watch::Nothing,
            parameters,
            parameter_names,
            columns: Columns::of(py, &statement, codecs)?,
            codecs: codecs.map(Arc::clone),
            reprepared: statement.reprepared(),
            statement,
        })
    }

    /// The name of a parameter, by its index; None where it has only a number.
    pub fn bare_name(&self, index: usize) -> Option<&str> {
        bare(self.parameter_names.get(index)?.as_deref()?)
    }

    /// Looks at the columns again if the schema changed under the statement. True if it did.
    pub fn refresh(&mut self, py: Python<'_>) -> PyResult<bool> {
        let reprepared = self.statement.reprepared();
        if reprepared == self.reprepared {
            return Ok(false);
        }
        self.columns = Columns::of(py, &self.statement, self.codecs.as_ref())?;
        self.reprepared = reprepared;
        self.targets = None;
        self.watch = Watch::Nothing;
        self.pace.forget_program();
        Ok(true)
    }
}

fn bare(name: &str) -> Option<&str> {
    name.strip_prefix([':', '@', '$'])
}

struct Slot {
    sql: Box<str>,
    entry: Entry,
    used: u64,
}

pub struct Cache {
    slots: Vec<Slot>,
    places: HashMap<Box<str>, usize, RandomState>,
    capacity: usize,
    clock: u64,
    /// Where the statement is that was asked for last: often it is the next one too, and to compare a text is less than to hash it.
    last: usize,
    /// The last statement that is not worth keeping.
    passing: Option<Entry>,
    /// For statements that are prepared from now on.
    codecs: Option<Arc<Codecs>>,
}

impl Cache {
    pub fn new(capacity: usize, codecs: Option<Arc<Codecs>>) -> Cache {
        Cache {
            slots: Vec::new(),
            places: HashMap::default(),
            capacity,
            clock: 0,
            last: 0,
            passing: None,
            codecs,
        }
    }

    /// Finalizes the statement that is not kept. A prepared DROP TABLE could be in the way of others.
    pub fn forget_passing(&mut self) {
        self.passing = None;
    }

    pub fn codecs(&self) -> Option<&Arc<Codecs>> {
        self.codecs.as_ref()
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match &self.codecs {
            Some(codecs) => codecs.traverse(visit),
            None => Ok(()),
        }
    }

    /// Uses others from now on. Forgets what was prepared with those before.
    pub fn set_codecs(&mut self, codecs: Option<Arc<Codecs>>) {
        self.codecs = codecs;
        self.clear();
    }

    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn clear(&mut self) {
        self.places.clear();
        self.slots.clear();
        self.passing = None;
    }

    /// The prepared statement for a text of exactly one.
    #[inline]
    pub fn get(
        &mut self,
        py: Python<'_>,
        connection: &mut Connection,
        sql: &str,
    ) -> PyResult<&mut Entry> {
        self.clock = self.clock.wrapping_add(1);
        let clock = self.clock;
        if let Some(place) = self.find(sql)
            && place < self.slots.len()
        {
            let slot = &mut self.slots[place];
            slot.used = clock;
            return Ok(&mut slot.entry);
        }
        let entry = prepare(py, connection, sql, self.codecs.as_ref())?;
        if self.capacity == 0 || !entry.command.cacheable() {
            return Ok(self.passing.insert(entry));
        }
        let slot = Slot {
            sql: sql.into(),
            entry,
            used: clock,
        };
        let place = self.place();
        self.places.insert(slot.sql.clone(), place);
        if place < self.slots.len() {
            let old = std::mem::replace(&mut self.slots[place], slot);
            self.places.remove(&old.sql);
        } else {
            self.slots.push(slot);
        }
        Ok(&mut self.slots[place].entry)
    }

    #[inline]
    fn find(&mut self, sql: &str) -> Option<usize> {
        if self
            .slots
            .get(self.last)
            .is_some_and(|slot| *slot.sql == *sql)
        {
            return Some(self.last);
        }
        self.last = self.places.get(sql).copied()?;
        Some(self.last)
    }

    /// The statement for a text, if it has been prepared.
    #[inline]
    pub fn known(&mut self, sql: &str) -> Option<&mut Entry> {
        let place = self.find(sql)?;
        self.clock = self.clock.wrapping_add(1);
        let slot = self.slots.get_mut(place)?;
        slot.used = self.clock;
        Some(&mut slot.entry)
    }

    /// Where the next statement goes: a new place, or that of the one unused for longest.
    fn place(&self) -> usize {
        if self.slots.len() < self.capacity {
            return self.slots.len();
        }
        let oldest = self
            .slots
            .iter()
            .enumerate()
            .min_by_key(|(_, slot)| slot.used);
        oldest.map_or(0, |(place, _)| place)
    }
}

/// Compiles a text of exactly one statement.
#[cold]
pub fn prepare(
    py: Python<'_>,
    connection: &mut Connection,
    sql: &str,
    codecs: Option<&Arc<Codecs>>,
) -> PyResult<Entry> {
    if sql.contains('\0') {
        return Err(programming_error(
            py,
            "the SQL text holds a zero byte, where SQLite would stop reading; pass the value as a parameter",
        ));
    }
    // Preparing may read the schema from disk, and wait for a lock.
    let (statement, several) = py
        .detach(|| {
            let (statement, used) = Statement::prepare(connection, sql, true)?;
            let rest = sql.get(used..).unwrap_or_default();
            let several = !rest.trim().is_empty()
                && !matches!(Statement::prepare(connection, rest, false), Ok((None, _)));
            Ok((statement, several))
        })
        .map_err(|failure: Failure| failure.raise(py, sql))?;
    let Some(statement) = statement else {
        return Err(programming_error(py, "the SQL text holds no statement"));
    };
    if several {
        return Err(programming_error(
            py,
            "the SQL text holds several statements; use script() for them, or run them one by one",
        ));
    }
    Entry::new(py, statement, sql, codecs)
}
