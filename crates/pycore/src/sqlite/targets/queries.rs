//! Decides where each query of a statement begins and ends, and in which stretches of it columns are named that are its own.

use std::ops::ControlFlow::{self, Break, Continue};

use super::scopes::{Scope, Scopes, Stretch};
use super::tokens::{Token, UNITING, token_at};
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

/// How far the walk along one query is.
struct Reading {
    scope: usize,
    depth: usize,
    part: Part,
    /// Where the stretch begins that nobody has looked at.
    from: usize,
    /// Parentheses that are open.
    level: usize,
    /// It is an INSERT, of which a SELECT or WITH begins the query.
    inserts: bool,
}

impl Part {
    /// The part that a word begins, or the same. A FROM begins another one, which is not asked for here.
    fn behind(self, word: Token<'_>, before_conflict: bool) -> Part {
        match self {
            Part::Rest => Part::Rest,
            Part::Values | Part::Set | Part::From if word.is("WHERE") => Part::Where,
            Part::From if word.is_one_of(&["GROUP", "HAVING"]) => Part::Where,
            _ if word.is_one_of(&["ORDER", "LIMIT", "RETURNING", "WINDOW"]) => Part::Rest,
            _ if word.is("ON") && before_conflict => Part::Rest,
            _ => self,
        }
    }
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
        let part = self.beginning(found, scope, depth)?;
        let mut at = Reading {
            scope,
            depth,
            part,
            from: self.next,
            level: 0,
            inserts: found.scopes.get(scope)?.opaque,
        };
        loop {
            let before = self.next;
            let Some(token) = self.peek() else {
                found.look(&at, before);
                return Some(false);
            };
            self.next += 1;
            match token {
                Token::Sign(b'(') if self.is_query() => self.inner(found, &mut at, before)?,
                Token::Sign(b'(') => at.level += 1,
                Token::Sign(b')') if at.level == 0 => {
                    self.next = before;
                    found.look(&at, before);
                    return Some(false);
                }
                Token::Sign(b')') => at.level -= 1,
                Token::Sign(b',') if at.level == 0 && at.part == Part::From => {
                    self.another(found, &mut at, before)?;
                }
                Token::Name(_) if at.level == 0 => {
                    if let Break(follows) = self.keyword(found, &mut at, token, before)? {
                        return Some(follows);
                    }
                }
                _ => {}
            }
        }
    }

    /// The words by which a statement begins, and the table of those that change one.
    fn beginning(&mut self, found: &mut Scopes<'s>, scope: usize, depth: usize) -> Option<Part> {
        if self.word("SELECT") {
            return Some(Part::Values);
        }
        if self.word("UPDATE") {
            self.skip_or();
            self.source(found, scope, depth)?;
            return Some(Part::Set);
        }
        if self.word("DELETE") {
            self.word("FROM").then_some(())?;
            self.source(found, scope, depth)?;
            return Some(Part::From);
        }
        // The SELECT of an INSERT has names of its own; VALUES and an upsert know those of their table.
        found.scopes.get_mut(scope)?.opaque = true;
        Some(Part::Rest)
    }

    /// A query in parentheses, of which the first one is behind us.
    fn inner(&mut self, found: &mut Scopes<'s>, at: &mut Reading, before: usize) -> Option<()> {
        // One in a FROM does not see what stands beside it, one in an upsert sees its table.
        let sees = matches!(at.part, Part::Values | Part::Where | Part::Set);
        found.look(at, before);
        self.query(found, sees.then_some(at.scope), at.depth + 1)?;
        self.sign(b')').then_some(())?;
        at.from = self.next;
        Some(())
    }

    /// One more table of the query, behind FROM, JOIN or a comma.
    fn another(&mut self, found: &mut Scopes<'s>, at: &mut Reading, before: usize) -> Option<()> {
        found.look(at, before);
        self.source(found, at.scope, at.depth)?;
        at.from = self.next;
        Some(())
    }

    /// A word outside of parentheses. Breaks where the statement ends, with whether another one follows.
    fn keyword(
        &mut self,
        found: &mut Scopes<'s>,
        at: &mut Reading,
        word: Token<'s>,
        before: usize,
    ) -> Option<ControlFlow<bool>> {
        if word.is_one_of(&UNITING) {
            found.look(at, before);
            self.word("ALL");
            return Some(Break(true));
        }
        if at.inserts && word.is_one_of(&["SELECT", "WITH"]) {
            self.next = before;
            self.query(found, None, at.depth + 1)?;
            return Some(Break(false));
        }
        let names_table = match at.part {
            Part::Values | Part::Set => word.is("FROM") && !self.is_distinct(before),
            Part::From => word.is("JOIN"),
            _ => false,
        };
        if names_table {
            self.another(found, at, before)?;
            at.part = Part::From;
            return Some(Continue(()));
        }
        let part = at.part.behind(word, self.comes("CONFLICT"));
        if part != at.part {
            found.look(at, before);
            at.from = at.from.max(before);
            at.part = part;
        }
        Some(Continue(()))
    }

    pub fn is_query(&self) -> bool {
        self.peek()
            .is_some_and(|token| token.is_one_of(&["SELECT", "WITH", "VALUES"]))
    }

    /// Whether the FROM at a place is that of IS DISTINCT FROM.
    fn is_distinct(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| token_at(self.tokens, at));
        before.is_some_and(|token| token.is("DISTINCT"))
    }
}

impl Scopes<'_> {
    /// Columns are looked for from where it was done last up to here.
    fn look(&mut self, at: &Reading, to: usize) {
        if at.from < to && !matches!(at.part, Part::Set | Part::Rest) {
            let (scope, from) = (at.scope, at.from);
            self.stretches.push(Stretch { scope, from, to });
        }
    }
}
