//! Which column each parameter of an INSERT or UPDATE is written to, by the statement's text.
//!
//! SQLite does not say. What is found here is a value that stands alone, `VALUES (?, ...)` or `SET column = ?`; of one inside an
//! expression nobody can tell what the expression makes of it.

use super::tokens::{Token, tokens};

/// The table, as it is written, and for each parameter, in SQLite's numbering, the index of its column in `columns`.
#[derive(Default)]
pub struct Written<'a> {
    pub table: &'a str,
    /// As they are written; None where the statement names none, and means all of them.
    pub columns: Option<Vec<&'a str>>,
    /// How many values stand in a row of VALUES.
    pub width: usize,
    pub places: Vec<(usize, usize)>,
}

/// None for statements of another form.
pub fn written(sql: &str) -> Option<Written<'_>> {
    let tokens = tokens(sql)?;
    let mut at = Cursor {
        sql,
        tokens: &tokens,
        next: 0,
    };
    let mut found = Written::default();
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
        at.word("VALUES").then_some(())?;
        at.rows(&mut found);
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

struct Cursor<'s, 't> {
    sql: &'s str,
    tokens: &'t [(Token<'s>, usize, usize)],
    next: usize,
}

impl<'s> Cursor<'s, '_> {
    fn peek(&self) -> Option<Token<'s>> {
        self.tokens.get(self.next).map(|(token, _, _)| *token)
    }

    fn word(&mut self, word: &str) -> bool {
        let is = matches!(self.peek(), Some(Token::Name(name)) if name.eq_ignore_ascii_case(word));
        self.next += usize::from(is);
        is
    }

    fn sign(&mut self, sign: u8) -> bool {
        let is = self.peek() == Some(Token::Sign(sign));
        self.next += usize::from(is);
        is
    }

    fn name(&mut self) -> Option<&'s str> {
        match self.peek()? {
            Token::Name(name) | Token::Quoted(name) => {
                self.next += 1;
                Some(name)
            }
            _ => None,
        }
    }

    /// `table` or `schema.table`, as it is written.
    fn table(&mut self) -> Option<&'s str> {
        let (_, start, _) = *self.tokens.get(self.next)?;
        self.name()?;
        if self.sign(b'.') {
            self.name()?;
        }
        let (_, _, end) = *self.tokens.get(self.next.checked_sub(1)?)?;
        self.sql.get(start..end)
    }

    fn alias(&mut self) {
        if self.word("AS") {
            self.next += 1;
        }
    }

    /// The names up to the closing parenthesis.
    fn names(&mut self) -> Option<Vec<&'s str>> {
        let mut names = vec![self.name()?];
        while self.sign(b',') {
            names.push(self.name()?);
        }
        self.sign(b')').then_some(names)
    }

    fn rows(&mut self, found: &mut Written<'s>) {
        while self.sign(b'(') {
            let mut column = 0;
            loop {
                if let Some(number) = self.alone(b",)", &[]) {
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

    fn assignments(&mut self, found: &mut Written<'s>) {
        loop {
            let Some(name) = self.name() else { return };
            if !self.sign(b'=') {
                return;
            }
            if let Some(number) = self.alone(b",;", &["WHERE", "RETURNING", "FROM"]) {
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

    /// The parameter that stands here, if nothing but the end of the value follows.
    fn alone(&self, signs: &[u8], words: &[&str]) -> Option<usize> {
        let Some(Token::Parameter(number)) = self.peek() else {
            return None;
        };
        match self.tokens.get(self.next + 1).map(|(token, _, _)| *token) {
            None => Some(number),
            Some(Token::Sign(sign)) if signs.contains(&sign) => Some(number),
            Some(Token::Name(name)) if words.iter().any(|word| name.eq_ignore_ascii_case(word)) => {
                Some(number)
            }
            _ => None,
        }
    }

    /// Behind the comma that ends this value; false if there is none before `end` or a clause.
    fn next_value(&mut self, end: u8) -> bool {
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token {
                Token::Sign(sign) if sign == end && depth == 0 => return false,
                Token::Sign(b'(') => depth += 1,
                Token::Sign(b')') => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return false,
                },
                Token::Sign(b',') if depth == 0 => {
                    self.next += 1;
                    return true;
                }
                Token::Name(name)
                    if depth == 0
                        && end == b';'
                        && ["WHERE", "RETURNING", "FROM", "ON"]
                            .iter()
                            .any(|word| name.eq_ignore_ascii_case(word)) =>
                {
                    return false;
                }
                _ => {}
            }
            self.next += 1;
        }
        false
    }

    /// Behind the next `word`.
    fn seek(&mut self, word: &str) -> bool {
        while self.next < self.tokens.len() {
            if self.word(word) {
                return true;
            }
            self.next += 1;
        }
        false
    }
}
