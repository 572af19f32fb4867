//! A walk along the queries of a statement, which fills `Scopes`.

use super::scopes::{Scope, Scopes, Source, Stretch, Table};
use super::tokens::Token;
use super::walk::Walk;

/// Queries in queries beyond this are not looked into.
const DEEPEST: usize = 50;

/// Where in a query the walk is.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Values,
    From,
    Where,
    /// Assignments, which a FROM and a WHERE can follow.
    Set,
    /// What has names of its own, such as those of results in ORDER BY.
    Rest,
}

impl<'s> Walk<'s, '_> {
    /// A query up to the parenthesis that closes it: its common table expressions and its SELECTs.
    pub fn query(
        &mut self,
        found: &mut Scopes<'s>,
        parent: Option<usize>,
        depth: usize,
    ) -> Option<()> {
        (depth < DEEPEST).then_some(())?;
        if self.word("WITH") {
            self.common(found, depth)?;
        }
        while self.core(found, parent, depth)? {}
        Some(())
    }

    fn common(&mut self, found: &mut Scopes<'s>, depth: usize) -> Option<()> {
        self.word("RECURSIVE");
        loop {
            found.common.push(self.name()?);
            if self.sign(b'(') {
                self.names()?;
            }
            self.word("AS").then_some(())?;
            self.word("NOT");
            self.word("MATERIALIZED");
            self.sign(b'(').then_some(())?;
            self.query(found, None, depth + 1)?;
            self.sign(b')').then_some(())?;
            if !self.sign(b',') {
                return Some(());
            }
        }
    }

    /// One SELECT or other statement. True if another one follows it.
    fn core(
        &mut self,
        found: &mut Scopes<'s>,
        parent: Option<usize>,
        depth: usize,
    ) -> Option<bool> {
        let scope = found.scopes.len();
        found.scopes.push(Scope {
            parent,
            ..Scope::default()
        });
        let mut part = Part::Rest;
        if self.word("SELECT") {
            part = Part::Values;
        } else if self.word("UPDATE") {
            if self.word("OR") {
                self.next += 1;
            }
            self.source(found, scope, depth)?;
            part = Part::Set;
        } else if self.word("DELETE") {
            self.word("FROM").then_some(())?;
            self.source(found, scope, depth)?;
            part = Part::From;
        } else {
            // The SELECT of an INSERT has names of its own; VALUES and an upsert know those of their table.
            found.scopes.get_mut(scope)?.opaque = true;
        }
        let inserts = found.scopes.get(scope)?.opaque;
        let mut from = self.next;
        let mut level = 0_usize;
        loop {
            let before = self.next;
            let Some(token) = self.peek() else {
                found.look(scope, part, from, self.next);
                return Some(false);
            };
            self.next += 1;
            let was = part;
            match token {
                Token::Sign(b'(') if self.is_query() => {
                    // One in a FROM does not see what stands beside it, one in an upsert sees its table.
                    let sees = matches!(part, Part::Values | Part::Where | Part::Set);
                    let parent = sees.then_some(scope);
                    found.look(scope, part, from, before);
                    self.query(found, parent, depth + 1)?;
                    self.sign(b')').then_some(())?;
                    from = self.next;
                }
                Token::Sign(b'(') => level += 1,
                Token::Sign(b')') if level == 0 => {
                    self.next = before;
                    found.look(scope, part, from, before);
                    return Some(false);
                }
                Token::Sign(b')') => level -= 1,
                Token::Sign(b',') if level == 0 && part == Part::From => {
                    found.look(scope, part, from, before);
                    self.source(found, scope, depth)?;
                    from = self.next;
                }
                Token::Name(name) if level == 0 => {
                    let is = |word: &str| name.eq_ignore_ascii_case(word);
                    if ["UNION", "EXCEPT", "INTERSECT"].into_iter().any(is) {
                        found.look(scope, part, from, before);
                        self.word("ALL");
                        return Some(true);
                    }
                    if inserts && (is("SELECT") || is("WITH")) {
                        self.next = before;
                        self.query(found, None, depth + 1)?;
                        return Some(false);
                    }
                    part = match part {
                        Part::Values | Part::Set if is("FROM") && !self.is_distinct(before) => {
                            found.look(scope, part, from, before);
                            self.source(found, scope, depth)?;
                            from = self.next;
                            Part::From
                        }
                        Part::From if is("JOIN") => {
                            found.look(scope, part, from, before);
                            self.source(found, scope, depth)?;
                            from = self.next;
                            part
                        }
                        Part::Values | Part::Set | Part::From if is("WHERE") => Part::Where,
                        Part::From if is("GROUP") || is("HAVING") => Part::Where,
                        Part::Rest => part,
                        _ if ["ORDER", "LIMIT", "RETURNING", "WINDOW"]
                            .into_iter()
                            .any(is) =>
                        {
                            Part::Rest
                        }
                        _ if is("ON") && self.comes("CONFLICT") => Part::Rest,
                        _ => part,
                    };
                    if part != was {
                        found.look(scope, was, from, before);
                        from = from.max(before);
                    }
                }
                _ => {}
            }
        }
    }

    /// What follows FROM, a comma or JOIN.
    fn source(&mut self, found: &mut Scopes<'s>, scope: usize, depth: usize) -> Option<()> {
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

    fn is_query(&self) -> bool {
        ["SELECT", "WITH", "VALUES"]
            .into_iter()
            .any(|word| self.comes(word))
    }

    fn comes(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Name(name)) if name.eq_ignore_ascii_case(word))
    }

    /// Whether the FROM at a place is that of IS DISTINCT FROM.
    fn is_distinct(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.tokens.get(at));
        matches!(before, Some((Token::Name(name), _, _)) if name.eq_ignore_ascii_case("DISTINCT"))
    }

    fn is_alias(&self) -> bool {
        const OTHERS: [&str; 24] = [
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
        match self.peek() {
            Some(Token::Quoted(_)) => true,
            Some(Token::Name(_)) => !OTHERS.into_iter().any(|word| self.comes(word)),
            _ => false,
        }
    }
}

impl Scopes<'_> {
    fn look(&mut self, scope: usize, part: Part, from: usize, to: usize) {
        if from < to && !matches!(part, Part::Set | Part::Rest) {
            self.stretches.push(Stretch { scope, from, to });
        }
    }
}
