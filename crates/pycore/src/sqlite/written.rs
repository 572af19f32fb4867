//! Which column each parameter of an INSERT or UPDATE is written to, by the statement's text.
//!
//! SQLite does not say. What is found here is a value that stands alone, `VALUES (?, ...)`, `SET column = ?` or `SELECT ?, ...`; of
//! one inside an expression nobody can tell what the expression makes of it.

use super::tokens::tokens;
use super::walk::Walk;

/// The table, as it is written, and for each parameter, in SQLite's numbering, the index of its column in `columns`.
#[derive(Default)]
pub struct Written<'a> {
    pub table: &'a str,
    /// As they are written; None where the statement names none, and means all of them.
    pub columns: Option<Vec<&'a str>>,
    /// How many values stand in a row of VALUES.
    pub width: usize,
    pub places: Vec<(usize, usize)>,
    /// Whether the values are those of a SELECT, which may give none.
    pub selects: bool,
    /// Every parameter of the statement, as often as it is used.
    pub parameters: Vec<usize>,
}

/// None for statements of another form.
pub fn written(sql: &str) -> Option<Written<'_>> {
    let tokens = tokens(sql)?;
    let mut at = Walk {
        sql,
        tokens: &tokens,
        next: 0,
    };
    let mut found = Written {
        parameters: at.parameters(),
        ..Written::default()
    };
    if at.word("WITH") {
        at.skip_tables();
    }
    if at.word("INSERT") || at.word("REPLACE") {
        if at.word("OR") {
            at.next += 1;
        }
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
            found.selects = true;
            at.selected(&mut found);
        } else {
            return None;
        }
        if at.seek("UPDATE") && at.word("SET") {
            at.assignments(&mut found);
        }
    } else if at.word("UPDATE") {
        if at.word("OR") {
            at.next += 1;
        }
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
                if let Some(number) = self.alone(b",)") {
                    found.places.push((number, column));
                }
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
                if let Some(number) = self.alone(b",;") {
                    found.places.push((number, column));
                }
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
            if let Some(number) = self.alone(b",)") {
                let columns = found.columns.get_or_insert_default();
                found.places.push((number, columns.len()));
                columns.push(name);
            }
            if !self.next_value(b')') {
                break;
            }
        }
        self.sign(b')').then_some(())
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
            if let Some(number) = self.alone(b",;") {
                let columns = found.columns.get_or_insert_default();
                // Those of VALUES come by their places, also where they have no names.
                found.places.push((number, columns.len()));
                columns.push(name);
            }
            if !self.next_value(b';') {
                return;
            }
        }
    }
}
