//! Finds which column each parameter is compared with, from the statement's text, since SQLite does not tell.
//!
//! Only plain comparisons count: `column = ?`, `column IN (?, ...)`, `column BETWEEN ? AND ?`, where no operator of higher
//! precedence takes either side. `resolved` finds the table of the column.

use super::neighbours::Neighbours;
use super::scopes::{Stretch, is_same_name};
use super::tokens::Token;
use super::whole::{alone_in, given_by};

/// A column as it is written.
#[derive(Clone, Copy)]
pub struct Reference<'a> {
    pub qualifier: Option<&'a str>,
    pub name: &'a str,
}

#[derive(Default)]
pub struct Compared<'a> {
    /// The parameter, in SQLite's numbering, the column, and the scope in which it is named.
    pub places: Vec<(usize, Reference<'a>, usize)>,
    /// Parameters of `? IS NULL` and its kind, for which encoding makes no difference.
    pub asked: Vec<usize>,
}

impl Reference<'_> {
    pub fn is_of(&self, source: &str) -> bool {
        self.qualifier
            .is_some_and(|name| is_same_name(name, source))
    }
}

impl<'s> Neighbours<'s, '_> {
    pub fn compared(&self, stretches: &[Stretch]) -> Compared<'s> {
        let mut found = Compared::default();
        for stretch in stretches {
            for at in stretch.from..stretch.to {
                if let Some(Token::Parameter(number)) = self.at(at)
                    && self.is_asked(at)
                {
                    found.asked.push(number);
                } else if let Some((column, numbers)) = self.compared_at(at) {
                    let places = numbers.into_iter().map(|it| (it, column, stretch.scope));
                    found.places.extend(places);
                }
            }
        }
        found
    }

    /// The column, and the parameters of the comparison that is found by this token.
    fn compared_at(&self, at: usize) -> Option<(Reference<'s>, Vec<usize>)> {
        match self.at(at)? {
            Token::Parameter(number) => Some((self.beside(at)?, vec![number])),
            token if token.is("IN") => self.listed(at),
            token if token.is("BETWEEN") => self.between(at),
            _ => self.passed(at),
        }
    }

    fn is_asked(&self, at: usize) -> bool {
        let asks = self.is(at + 1, "ISNULL")
            || self.is(at + 1, "NOTNULL")
            || (self.is(at + 1, "NOT") && self.is(at + 2, "NULL"))
            || (self.is(at + 1, "IS")
                && (self.is(at + 2, "NULL")
                    || (self.is(at + 2, "NOT") && self.is(at + 3, "NULL"))));
        asks && self.begins(at)
    }

    /// `column = ?` and `? = column`.
    fn beside(&self, at: usize) -> Option<Reference<'s>> {
        if self.ends(at + 1)
            && let Some(operator) = self.operator_before(at)
        {
            return self.column_before(operator);
        }
        if self.begins(at)
            && let Some(column) = self.operator_after(at + 1)
        {
            return self.column_after(column);
        }
        None
    }

    /// `column = coalesce(?, ...)`, `column = CASE ... THEN ? END`: one of the values, as it is.
    fn passed(&self, at: usize) -> Option<(Reference<'s>, Vec<usize>)> {
        let column = self.column_before(self.operator_before(at)?)?;
        let (numbers, end) = given_by(self.tokens, at)?;
        self.ends(end).then_some((column, numbers))
    }

    /// The column before IN or BETWEEN, with or without NOT.
    fn column_tested(&self, at: usize) -> Option<Reference<'s>> {
        let not = self.before(at).filter(|before| self.is(*before, "NOT"));
        self.column_before(not.unwrap_or(at))
    }

    fn listed(&self, at: usize) -> Option<(Reference<'s>, Vec<usize>)> {
        let column = self.column_tested(at)?;
        let (numbers, _) = alone_in(self.tokens, at + 1)?;
        Some((column, numbers))
    }

    fn between(&self, at: usize) -> Option<(Reference<'s>, Vec<usize>)> {
        let column = self.column_tested(at)?;
        // Only a lower bound of one token is understood.
        (self.bounds.get(at + 2) == Some(&true)).then_some(())?;
        let mut numbers = Vec::new();
        if let Some(Token::Parameter(number)) = self.at(at + 1) {
            numbers.push(number);
        }
        if let Some(Token::Parameter(number)) = self.at(at + 3)
            && self.ends(at + 4)
        {
            numbers.push(number);
        }
        Some((column, numbers))
    }
}
