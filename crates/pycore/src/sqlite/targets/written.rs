//! Decides which column each parameter of an INSERT or UPDATE is written to, by the statement's text.
//!
//! SQLite does not tell. Only parameters that are whole values count (`whole` says what that is): `VALUES (?, ...)`, `SET column = ?`,
//! `SELECT ?, ...`. What other expressions make of a parameter is not known.

use super::tokens::Tokens;
use super::walk::Walk;
use super::whole::Given;

/// Where a parameter goes.
pub struct Place {
    /// Its number, as SQLite counts.
    pub parameter: usize,
    pub column: Column,
    /// Whether it is compared before it is stored.
    pub weighed: bool,
}

#[derive(Clone, Copy)]
pub enum Column {
    /// The one that is written at this index of `assigned`.
    Assigned(usize),
    /// The one of the value at this index of a row: in `columns`, or of all columns.
    At(usize),
    /// The same, counted from the end, where the last one is 0: behind a `*`.
    FromEnd(usize),
}

/// The table, as written, and where parameters go.
#[derive(Default)]
pub struct Written<'a> {
    pub table: &'a str,
    /// Those of an INSERT, as they are written; None where it names none, and means all of them.
    pub columns: Option<Vec<&'a str>>,
    /// Those that parameters are assigned to, by UPDATE or ON CONFLICT DO UPDATE.
    pub assigned: Vec<&'a str>,
    /// How many values stand in a row of VALUES or a SELECT; 0 where only SQLite knows.
    pub width: usize,
    pub places: Vec<Place>,
}

impl Written<'_> {
    fn place(&mut self, given: Vec<Given>, column: Column) {
        self.places.extend(given.into_iter().map(|it| Place {
            parameter: it.parameter,
            column,
            weighed: it.weighed,
        }));
    }

    /// Whether parameters are values of a row, not only assigned.
    pub fn has_rows(&self) -> bool {
        let mut columns = self.places.iter().map(|place| place.column);
        columns.any(|column| !matches!(column, Column::Assigned(_)))
    }

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
        at.is_query().then_some(())?;
        at.combined(&mut found);
        let rows = found.places.len();
        // Of ON CONFLICT DO UPDATE, one for each constraint.
        while at.seek("UPDATE") && at.word("SET") {
            // What is called `excluded` there is the row as it was given, of which SQLite has made no numbers yet.
            found.places[..rows]
                .iter_mut()
                .for_each(|place| place.weighed = true);
            at.assignments(&mut found);
        }
    } else if at.word("UPDATE") {
        at.skip_or();
        found.table = at.table()?;
        at.alias();
        at.indexed();
        at.word("SET").then_some(())?;
        found.columns = Some(Vec::new());
        at.assignments(&mut found);
    } else {
        return None;
    }
    Some(found)
}

impl<'s> Walk<'s, '_> {
    /// The rows of VALUES and SELECTs, which UNION and its kind put together.
    fn combined(&mut self, found: &mut Written<'s>) {
        loop {
            let goes_on = if self.word("VALUES") {
                self.rows(found)
            } else {
                self.word("SELECT") && self.selected(found)
            };
            if !goes_on || !self.unite() {
                return;
            }
        }
    }

    /// False where it cannot be read on.
    fn rows(&mut self, found: &mut Written<'s>) -> bool {
        while self.sign(b'(') {
            let mut column = 0;
            loop {
                found.place(self.given(), Column::At(column));
                column += 1;
                if !self.next_value(b')') {
                    break;
                }
            }
            found.width = column;
            if !self.sign(b')') {
                return false;
            }
            if !self.sign(b',') {
                return true;
            }
        }
        false
    }

    fn selected(&mut self, found: &mut Written<'s>) -> bool {
        self.skip_distinct();
        let mut column = 0;
        // What stands behind the last `*`, which is as many columns as there are.
        let mut behind: Option<Vec<Vec<Given>>> = None;
        loop {
            if self.is_star() {
                behind = Some(Vec::new());
            } else if let Some(behind) = &mut behind {
                behind.push(self.given());
            } else {
                found.place(self.given(), Column::At(column));
            }
            column += 1;
            if !self.next_value(b';') {
                break;
            }
        }
        match behind {
            None => found.width = column,
            Some(behind) => {
                for (index, given) in behind.into_iter().rev().enumerate() {
                    found.place(given, Column::FromEnd(index));
                }
            }
        }
        true
    }

    fn several(&mut self, found: &mut Written<'s>) -> Option<()> {
        let names = self.names()?;
        (self.sign(b'=') && self.sign(b'(')).then_some(())?;
        let within = self.inner_row();
        for name in names {
            if self.is_star() {
                break;
            }
            self.assigned(found, name);
            if !self.next_value(b')') {
                break;
            }
        }
        for _ in 0..=within {
            while self.next_value(b')') {}
            self.sign(b')').then_some(())?;
        }
        Some(())
    }

    /// Goes to the first value of the query that gives the row, and says how many parentheses that took. A row of values: none.
    fn inner_row(&mut self) -> usize {
        let start = self.next;
        while self.sign(b'(') {}
        let opened = self.next - start;
        if self.word("WITH") {
            self.skip_tables();
        }
        if self.word("SELECT") {
            self.skip_distinct();
            return opened;
        }
        if self.word("VALUES") && self.sign(b'(') {
            return opened + 1;
        }
        self.next = start;
        0
    }

    fn assigned(&self, found: &mut Written<'s>, name: &'s str) {
        let given = self.given();
        if !given.is_empty() {
            found.place(given, Column::Assigned(found.assigned.len()));
            found.assigned.push(name);
        }
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
            self.assigned(found, name);
            if !self.next_value(b';') {
                return;
            }
        }
    }
}
