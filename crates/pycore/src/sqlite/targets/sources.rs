//! Decides what a FROM, a comma or a JOIN adds to the tables of a query: a table, or something else that has a name.

use super::scopes::{Scopes, Source, Table};
use super::tokens::Token;
use super::walk::Walk;

/// What can follow a table that has no alias.
const AFTER: [&str; 24] = [
    "JOIN",
    "LEFT",
    "RIGHT",
    "FULL",
    "INNER",
    "CROSS",
    "NATURAL",
    "OUTER",
    "ON",
    "USING",
    "WHERE",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "WINDOW",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "INDEXED",
    "NOT",
    "SET",
    "RETURNING",
    "FROM",
];

impl<'s> Walk<'s, '_> {
    /// What follows FROM, a comma or JOIN.
    pub fn source(&mut self, found: &mut Scopes<'s>, scope: usize, depth: usize) -> Option<()> {
        let mut source = Source {
            name: None,
            table: None,
        };
        if self.sign(b'(') {
            if self.is_query() {
                self.query(found, None, depth + 1)?;
            } else {
                // Tables in parentheses can be named from outside.
                found.scopes.get_mut(scope)?.opaque = true;
                while self.next_value(b')') {}
            }
            self.sign(b')').then_some(())?;
        } else {
            let mut table = Table {
                schema: None,
                name: self.name()?,
            };
            if self.sign(b'.') {
                table.schema = Some(table.name);
                table.name = self.name()?;
            }
            source.name = Some(table.name);
            // A function's arguments, otherwise.
            if self.sign(b'(') {
                while self.next_value(b')') {}
                self.sign(b')').then_some(())?;
            } else {
                source.table = Some(table);
            }
        }
        if self.word("AS") {
            source.name = Some(self.name()?);
        } else if self.is_alias() {
            source.name = self.name();
        }
        found.scopes.get_mut(scope)?.sources.push(source);
        Some(())
    }

    fn is_alias(&self) -> bool {
        match self.peek() {
            Some(Token::Quoted(_)) => true,
            Some(token @ Token::Name(_)) => !token.is_one_of(&AFTER),
            _ => false,
        }
    }
}
