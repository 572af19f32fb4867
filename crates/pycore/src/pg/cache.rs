//! Prepared statements of one connection by SQL text; the least recently used one makes room.

use std::collections::HashMap;
use std::sync::Arc;

use super::statement::Statement;

pub struct Cache {
    capacity: usize,
    tick: u64,
    entries: HashMap<Box<str>, Entry, ahash::RandomState>,
}

struct Entry {
    statement: Arc<Statement>,
    used: u64,
}

impl Cache {
    pub fn new(capacity: usize) -> Cache {
        Cache {
            capacity,
            tick: 0,
            entries: HashMap::default(),
        }
    }

    pub fn is_off(&self) -> bool {
        self.capacity == 0
    }

    pub fn has(&self, sql: &str) -> bool {
        self.entries.contains_key(sql)
    }

    pub fn get(&mut self, sql: &str) -> Option<Arc<Statement>> {
        let entry = self.entries.get_mut(sql)?;
        self.tick += 1;
        entry.used = self.tick;
        Some(Arc::clone(&entry.statement))
    }

    /// Keeps the statement; returns the one that had to go, to be closed on the server.
    pub fn insert(&mut self, sql: &str, statement: Arc<Statement>) -> Option<Arc<Statement>> {
        if self.capacity == 0 {
            return None;
        }
        self.tick += 1;
        let entry = Entry {
            statement,
            used: self.tick,
        };
        let replaced = self.entries.insert(sql.into(), entry);
        if replaced.is_some() {
            return replaced.map(|entry| entry.statement);
        }
        if self.entries.len() <= self.capacity {
            return None;
        }
        // A scan over at most `capacity` entries, paid only by a statement that costs a round trip anyway.
        let oldest = self
            .entries
            .iter()
            .min_by_key(|(_, entry)| entry.used)
            .map(|(sql, _)| sql.clone())?;
        self.entries.remove(&oldest).map(|entry| entry.statement)
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn remove(&mut self, sql: &str) -> Option<Arc<Statement>> {
        self.entries.remove(sql).map(|entry| entry.statement)
    }

    /// Takes out those that are meant; they are to be closed on the server.
    pub fn take(&mut self, meant: impl Fn(&Statement) -> bool) -> Vec<Arc<Statement>> {
        let mut taken = Vec::new();
        self.entries.retain(|_, entry| {
            let goes = meant(&entry.statement);
            if goes {
                taken.push(Arc::clone(&entry.statement));
            }
            !goes
        });
        taken
    }
}
