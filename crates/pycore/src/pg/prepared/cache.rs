//! Statements of one connection by SQL text; the least recently used one makes room.

use std::collections::HashMap;
use std::sync::Arc;

use super::statement::Statement;

/// Bytes of the longest text that is kept: a longer one is written by a program, for one occasion.
const LONGEST: usize = 128 * 1024;

/// Bytes of all texts together. The server keeps several times as much.
const TEXTS: usize = 4 * 1024 * 1024;

pub struct Cache {
    capacity: usize,
    tick: u64,
    bytes: usize,
    entries: HashMap<Box<str>, Entry, ahash::RandomState>,
}

struct Entry {
    statement: Arc<Statement>,
    used: u64,
    /// The number of changes to the catalogue that it knows of.
    changes: u64,
}

impl Cache {
    pub fn new(capacity: usize) -> Cache {
        Cache {
            capacity,
            tick: 0,
            bytes: 0,
            entries: HashMap::default(),
        }
    }

    /// Whether a statement of this text would be kept.
    pub fn takes(&self, sql: &str) -> bool {
        self.capacity > 0 && sql.len() <= LONGEST
    }

    /// Whether there is one that could be used as it is, or is known to be out of date.
    pub fn has(&self, sql: &str) -> bool {
        self.takes(sql) && self.entries.contains_key(sql)
    }

    /// One that knows of so many changes, without counting as a use.
    pub fn peek(&self, sql: &str, changes: u64) -> Option<&Statement> {
        let entry = self.entries.get(sql)?;
        (entry.changes >= changes).then(|| &*entry.statement)
    }

    /// `changes`: how many one with parameters must know of, or, with `strict`, any.
    pub fn get(&mut self, sql: &str, changes: u64, strict: bool) -> Option<Arc<Statement>> {
        if !self.takes(sql) {
            return None;
        }
        let entry = self.entries.get_mut(sql)?;
        if entry.changes < changes && (strict || !entry.statement.described.parameters.is_empty()) {
            return None;
        }
        self.tick += 1;
        entry.used = self.tick;
        Some(Arc::clone(&entry.statement))
    }

    /// Keeps the statement; returns those that had to go, to be closed on the server.
    pub fn insert(
        &mut self,
        sql: &str,
        statement: Arc<Statement>,
        changes: u64,
    ) -> Vec<Arc<Statement>> {
        if !self.takes(sql) {
            return Vec::new();
        }
        let mut gone: Vec<_> = self.remove(sql).into_iter().collect();
        self.tick += 1;
        let entry = Entry {
            statement,
            used: self.tick,
            changes,
        };
        self.bytes += sql.len();
        self.entries.insert(sql.into(), entry);
        while self.entries.len() > self.capacity || self.bytes > TEXTS {
            match self.remove_oldest() {
                Some(oldest) => gone.push(oldest),
                None => break,
            }
        }
        gone
    }

    /// A scan over at most `capacity` entries, paid only by a statement that costs a round trip anyway.
    fn remove_oldest(&mut self) -> Option<Arc<Statement>> {
        let oldest = self
            .entries
            .iter()
            .min_by_key(|(_, entry)| entry.used)
            .map(|(sql, _)| sql.clone())?;
        self.remove(&oldest)
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn remove(&mut self, sql: &str) -> Option<Arc<Statement>> {
        let entry = self.entries.remove(sql)?;
        self.bytes -= sql.len();
        Some(entry.statement)
    }

    /// Takes out this very statement, however its results are read, not one that has taken its place since.
    pub fn remove_this(&mut self, sql: &str, meant: &Arc<Statement>) -> Option<Arc<Statement>> {
        let entry = self.entries.get(sql)?;
        if !Arc::ptr_eq(&entry.statement.described, &meant.described) {
            return None;
        }
        self.remove(sql)
    }

    /// Takes out those that are meant; they are to be closed on the server.
    pub fn take(&mut self, meant: impl Fn(&Statement) -> bool) -> Vec<Arc<Statement>> {
        let mut taken = Vec::new();
        let mut bytes = 0;
        self.entries.retain(|sql, entry| {
            let goes = meant(&entry.statement);
            if goes {
                taken.push(Arc::clone(&entry.statement));
            } else {
                bytes += sql.len();
            }
            !goes
        });
        self.bytes = bytes;
        taken
    }
}
