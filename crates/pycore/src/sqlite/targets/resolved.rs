//! Resolves the declared types of columns that parameters are compared with. An ambiguous name has none.

use rusqlite::Connection;

use super::compared::{Compared, Reference};
use super::neighbours::Neighbours;
use super::scopes::{Scopes, Source, Table, bare, scopes};
use super::tokens::Tokens;
use super::walk::Walk;
use crate::sqlite::execution::described::declared_column;

/// The comparisons found in a statement's text.
pub struct Comparisons<'a> {
    scopes: Scopes<'a>,
    compared: Compared<'a>,
}

impl<'s> Comparisons<'s> {
    /// None for a statement without comparisons.
    pub fn of(sql: &'s str, tokens: &Tokens<'s>) -> Option<Comparisons<'s>> {
        let scopes = scopes(&mut Walk::new(sql, tokens))?;
        let compared = Neighbours::new(tokens).compared(&scopes.stretches);
        (!compared.places.is_empty()).then_some(Comparisons { scopes, compared })
    }

    /// Conditions on the tables, which make SQLite notice when one of them has changed.
    pub fn conditions(&self) -> Vec<String> {
        let mut found = Vec::new();
        for table in self.tables() {
            let schema = table
                .schema
                .map_or_else(String::new, |name| format!("{name}."));
            let condition = format!("EXISTS (SELECT 1 FROM {schema}{})", table.name);
            if !found.contains(&condition) {
                found.push(condition);
            }
        }
        found
    }

    fn tables(&self) -> impl Iterator<Item = Table<'s>> {
        let sources = self.scopes.scopes.iter().flat_map(|scope| &scope.sources);
        sources.filter_map(|source| source.table)
    }

    /// How often a parameter is only asked whether it is NULL.
    pub fn asked(&self, number: usize) -> usize {
        let asked = &self.compared.asked;
        asked.iter().filter(|other| **other == number).count()
    }

    /// Each parameter that is compared, and the declared type of the column if that is certain.
    pub fn declared(&self, connection: &Connection) -> Vec<(usize, Option<String>)> {
        let places = &self.compared.places;
        let declared = places
            .iter()
            .map(|(number, column, scope)| (*number, self.type_of(connection, *column, *scope)));
        declared.collect()
    }

    fn type_of(
        &self,
        connection: &Connection,
        column: Reference<'s>,
        scope: usize,
    ) -> Option<String> {
        let mut scope = self.scopes.scopes.get(scope)?;
        loop {
            if scope.opaque {
                return None;
            }
            let here: Vec<&Source<'_>> = match column.qualifier {
                None => scope.sources.iter().collect(),
                Some(_) => {
                    let named =
                        |source: &&Source<'_>| source.name.is_some_and(|it| column.is_of(it));
                    scope.sources.iter().filter(named).collect()
                }
            };
            if !here.is_empty() || column.qualifier.is_none() {
                return only_one(connection, &here, column.name);
            }
            // It belongs to a table of the enclosing query.
            scope = self.scopes.scopes.get(scope.parent?)?;
        }
    }
}

/// The declared type of the column, if all of the tables are known and exactly one has it.
fn only_one(connection: &Connection, sources: &[&Source<'_>], column: &str) -> Option<String> {
    let mut found = None;
    for source in sources {
        let table = source.table?;
        let schema = table.schema.map(bare);
        let (exists, declared) = declared_column(
            connection,
            schema.as_deref(),
            &bare(table.name),
            &bare(column),
        )?;
        if exists && found.replace(declared).is_some() {
            return None;
        }
    }
    found?
}
