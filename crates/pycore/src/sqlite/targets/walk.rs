//! Decides where the clauses, values and names of a statement begin and end, for those who walk along its tokens.

use super::tokens::{Token, Tokens, UNITING, token_at};

/// What a statement begins with behind its WITH.
const BEGINNINGS: [&str; 5] = ["INSERT", "UPDATE", "DELETE", "SELECT", "VALUES"];

/// What can follow the values of a SET or a SELECT.
pub const AFTER_VALUES: [&str; 11] = [
    "WHERE",
    "RETURNING",
    "FROM",
    "GROUP",
    "HAVING",
    "WINDOW",
    "ORDER",
    "LIMIT",
    "UNION",
    "EXCEPT",
    "INTERSECT",
];

pub struct Walk<'s, 't> {
    pub sql: &'s str,
    pub tokens: &'t Tokens<'s>,
    pub next: usize,
}

impl<'s, 't> Walk<'s, 't> {
    pub fn new(sql: &'s str, tokens: &'t Tokens<'s>) -> Walk<'s, 't> {
        let next = 0;
        Walk { sql, tokens, next }
    }

    pub fn peek(&self) -> Option<Token<'s>> {
        token_at(self.tokens, self.next)
    }

    /// Whether this word comes next.
    pub fn comes(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is(word))
    }

    pub fn word(&mut self, word: &str) -> bool {
        let is = self.comes(word);
        self.next += usize::from(is);
        is
    }

    /// Skips the OR IGNORE or the like of an INSERT or UPDATE.
    pub fn skip_or(&mut self) {
        if self.word("OR") {
            self.next += 1;
        }
    }

    /// Skips EXPLAIN.
    pub fn explain(&mut self) {
        if self.word("EXPLAIN") && self.word("QUERY") {
            self.word("PLAN");
        }
    }

    pub fn sign(&mut self, sign: u8) -> bool {
        let is = self.peek() == Some(Token::Sign(sign));
        self.next += usize::from(is);
        is
    }

    pub fn name(&mut self) -> Option<&'s str> {
        let name = self.peek()?.name()?;
        self.next += 1;
        Some(name)
    }

    pub fn table(&mut self) -> Option<&'s str> {
        let (_, start, _) = *self.tokens.get(self.next)?;
        self.name()?;
        if self.sign(b'.') {
            self.name()?;
        }
        let (_, _, end) = *self.tokens.get(self.next.checked_sub(1)?)?;
        self.sql.get(start..end)
    }

    pub fn alias(&mut self) {
        if self.word("AS") {
            self.next += 1;
        }
    }

    /// Whether a statement begins here. Of these words only `replace` can also name a table.
    fn begins(&self) -> bool {
        self.peek()
            .is_some_and(|token| token.is_one_of(&BEGINNINGS))
            || (self.comes("REPLACE")
                && token_at(self.tokens, self.next + 1).is_some_and(|token| token.is("INTO")))
    }

    pub fn skip_tables(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token {
                Token::Sign(b'(') => depth += 1,
                Token::Sign(b')') => depth = depth.saturating_sub(1),
                _ if depth == 0 && self.begins() => return,
                _ => {}
            }
            self.next += 1;
        }
    }

    /// Skips the INDEXED BY or NOT INDEXED behind a table.
    pub fn indexed(&mut self) {
        if self.word("INDEXED") {
            self.word("BY");
            self.next += 1;
        } else if self.word("NOT") {
            self.word("INDEXED");
        }
    }

    pub fn skip_distinct(&mut self) {
        if !self.word("DISTINCT") {
            self.word("ALL");
        }
    }

    pub fn names(&mut self) -> Option<Vec<&'s str>> {
        let mut names = vec![self.name()?];
        while self.sign(b',') {
            names.push(self.name()?);
        }
        self.sign(b')').then_some(names)
    }

    pub fn is_star(&self) -> bool {
        let at = |ahead: usize| token_at(self.tokens, self.next + ahead);
        let star = Some(Token::Sign(b'*'));
        at(0) == star || (at(1) == Some(Token::Sign(b'.')) && at(2) == star)
    }

    pub fn unite(&mut self) -> bool {
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            self.next += 1;
            match token {
                Token::Sign(b'(') => depth += 1,
                Token::Sign(b')') => depth = depth.saturating_sub(1),
                _ if depth == 0 && token.is_one_of(&UNITING) => {
                    self.word("ALL");
                    return true;
                }
                // What follows belongs to an upsert.
                _ if depth == 0 && token.is("CONFLICT") => return false,
                _ => {}
            }
        }
        false
    }

    pub fn next_value(&mut self, end: u8) -> bool {
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
                _ if depth == 0
                    && end == b';'
                    && (token.is_one_of(&AFTER_VALUES) || token.is("ON")) =>
                {
                    return false;
                }
                _ => {}
            }
            self.next += 1;
        }
        false
    }

    pub fn seek(&mut self, word: &str) -> bool {
        while self.next < self.tokens.len() {
            if self.word(word) {
                return true;
            }
            self.next += 1;
        }
        false
    }
}
