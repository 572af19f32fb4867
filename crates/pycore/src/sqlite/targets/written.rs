//! Decides which column each parameter of an INSERT or UPDATE is written to, by the statement's text.
//!
//! SQLite does not tell. Only parameters that are whole values count, `VALUES (?, ...)`, `SET column = ?`, `SELECT ?, ...`, and those
//! of coalesce(), as in `SET column = coalesce(?, column)`. What other expressions make of a parameter is not known.

use super::tokens::Tokens;
use super::walk::Walk;

/// Where a parameter goes.
pub struct Place {
    /// Its number, as SQLite counts.
    pub parameter: usize,
    pub column: Column,
}

#[derive(Clone, Copy)]
pub enum Column {
    /// The one that is written at this index of `assigned`.
    Assigned(usize),
    /// The one of the value at this index of a row: in `columns`, or of all columns.
    At(usize),
}

/// The table, as written, and where parameters go.
#[derive(Default)]
pub struct Written<'a> {
    pub table: &'a str,
    /// Those of an INSERT, as they are written; None where it names none, and means all of them.
    pub columns: Option<Vec<&'a str>>,
    /// Those that parameters are assigned to, by UPDATE or ON CONFLICT DO UPDATE.
    pub assigned: Vec<&'a str>,
    /// How many values stand in a row of VALUES.
    pub width: usize,
    pub places: Vec<Place>,
}

impl Written<'_> {
    pub fn names_nothing(&self) -> bool {
        self.assigned.is_empty() && self.columns.as_ref().is_some_and(Vec::is_empty)
    }
}

/// None for statements of another form.
pub fn written<'s>(sql: &'s str, tokens: &Tokens<'s>) -> Option<Written<'s>> {
    let mut at = Walk::new(sql, tokens);
    let mut found = Written::default();
    at.explain();
    if at.word("WITH") {
        at.skip_tables();
    }
    if at.word("INSERT") || at.word("REPLACE") {
        at.skip_or();
        at.word("INTO").then_some(())?;
        found.table = at.table()?;
        at.alias();
        if at.sign(b'(') {
            found.columns = Some(at.names()?);
        }
        if at.word("WITH") {
            at.skip_tables();
        }
        if at.word("VALUES") {
            at.rows(&mut found);
        } else if at.word("SELECT") {
            at.selected(&mut found);
        } else {
            return None;
        }
        // Of ON CONFLICT DO UPDATE, one for each constraint.
        while at.seek("UPDATE") && at.word("SET") {
            at.assignments(&mut found);
        }
    } else if at.word("UPDATE") {
        at.skip_or();
        found.table = at.table()?;
        at.alias();
        at.word("SET").then_some(())?;
        found.columns = Some(Vec::new());
        at.assignments(&mut found);
    } else {
        return None;
    }
    Some(found)
}

impl<'s> Walk<'s, '_> {
    fn rows(&mut self, found: &mut Written<'s>) {
        while self.sign(b'(') {
            let mut column = 0;
            loop {
                found.places.extend(self.given(b",)", Column::At(column)));
                column += 1;
                if !self.next_value(b')') {
                    break;
                }
            }
            found.width = column;
            if !self.sign(b')') || !self.sign(b',') {
                return;
            }
        }
    }

    fn selected(&mut self, found: &mut Written<'s>) {
        loop {
            if !self.word("DISTINCT") {
                self.word("ALL");
            }
            let mut column = 0;
            loop {
                if self.is_star() {
                    // As many columns as there are.
                    found.width = 0;
                    return;
                }
                found.places.extend(self.given(b",;", Column::At(column)));
                column += 1;
                if !self.next_value(b';') {
                    break;
                }
            }
            found.width = column;
            if !self.unite() {
                return;
            }
        }
    }

    fn several(&mut self, found: &mut Written<'s>) -> Option<()> {
        let names = self.names()?;
        (self.sign(b'=') && self.sign(b'(')).then_some(())?;
        for name in names {
            self.assigned(found, b",)", name);
            if !self.next_value(b')') {
                break;
            }
        }
        self.sign(b')').then_some(())
    }

    fn assigned(&self, found: &mut Written<'s>, signs: &[u8], name: &'s str) {
        let given = self.given(signs, Column::Assigned(found.assigned.len()));
        if !given.is_empty() {
            found.places.extend(given);
            found.assigned.push(name);
        }
    }

    /// The parameters that are this value, or arguments of its coalesce().
    fn given(&self, signs: &[u8], column: Column) -> Vec<Place> {
        let numbers = match self.alone(signs) {
            Some(number) => vec![number],
            None => self.passed(signs),
        };
        let places = numbers
            .into_iter()
            .map(|parameter| Place { parameter, column });
        places.collect()
    }

    fn assignments(&mut self, found: &mut Written<'s>) {
        loop {
            if self.sign(b'(') {
                if self.several(found).is_none() || !self.next_value(b';') {
                    return;
                }
                continue;
            }
            let Some(name) = self.name() else { return };
            if !self.sign(b'=') {
                return;
            }
            self.assigned(found, b",;", name);
            if !self.next_value(b';') {
                return;
            }
        }
    }
}
