//! A walk along the tokens of a statement.

use super::tokens::Token;

/// What a statement begins with behind its WITH.
const BEGINNINGS: [&str; 6] = ["INSERT", "REPLACE", "UPDATE", "DELETE", "SELECT", "VALUES"];

const UNITING: [&str; 3] = ["UNION", "EXCEPT", "INTERSECT"];

/// What can follow the values of a SET or a SELECT.
const AFTER_VALUES: [&str; 11] = [
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

fn is_one_of(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.eq_ignore_ascii_case(word))
}

pub struct Walk<'s, 't> {
    pub sql: &'s str,
    pub tokens: &'t [(Token<'s>, usize, usize)],
    pub next: usize,
}

impl<'s> Walk<'s, '_> {
    pub fn peek(&self) -> Option<Token<'s>> {
        self.tokens.get(self.next).map(|(token, _, _)| *token)
    }

    pub fn word(&mut self, word: &str) -> bool {
        let is = matches!(self.peek(), Some(Token::Name(name)) if name.eq_ignore_ascii_case(word));
        self.next += usize::from(is);
        is
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
        match self.peek()? {
            Token::Name(name) | Token::Quoted(name) => {
                self.next += 1;
                Some(name)
            }
            _ => None,
        }
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

    pub fn skip_tables(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token {
                Token::Sign(b'(') => depth += 1,
                Token::Sign(b')') => depth = depth.saturating_sub(1),
                Token::Name(name) if depth == 0 && is_one_of(name, &BEGINNINGS) => return,
                _ => {}
            }
            self.next += 1;
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
        let at = |ahead: usize| {
            self.tokens
                .get(self.next + ahead)
                .map(|(token, _, _)| *token)
        };
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
                Token::Name(name) if depth == 0 && is_one_of(name, &UNITING) => {
                    self.word("ALL");
                    return self.word("SELECT");
                }
                // What follows belongs to an upsert.
                Token::Name(name) if depth == 0 && name.eq_ignore_ascii_case("CONFLICT") => {
                    return false;
                }
                _ => {}
            }
        }
        false
    }

    /// The number of a parameter that is a whole value.
    pub fn alone(&self, signs: &[u8]) -> Option<usize> {
        match self.peek() {
            Some(Token::Parameter(number)) if self.ends(self.next + 1, signs) => Some(number),
            _ => None,
        }
    }

    /// The parameters of a coalesce() or ifnull() that is a whole value.
    pub fn passed(&self, signs: &[u8]) -> Vec<usize> {
        let found = match self.peek() {
            Some(Token::Name(name)) if is_one_of(name, &["COALESCE", "IFNULL"]) => {
                alone_in(self.tokens, self.next + 1)
            }
            _ => None,
        };
        let found = found.filter(|(_, end)| self.ends(*end, signs));
        found.map(|(numbers, _)| numbers).unwrap_or_default()
    }

    fn ends(&self, at: usize, signs: &[u8]) -> bool {
        match self.tokens.get(at).map(|(token, _, _)| *token) {
            None => true,
            Some(Token::Sign(sign)) => signs.contains(&sign),
            Some(Token::Name(name)) => {
                is_one_of(name, &AFTER_VALUES) || name.eq_ignore_ascii_case("AS")
            }
            _ => false,
        }
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
                Token::Name(name)
                    if depth == 0
                        && end == b';'
                        && (is_one_of(name, &AFTER_VALUES) || name.eq_ignore_ascii_case("ON")) =>
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

/// The parameters that are whole items of a list in parentheses, and the index behind the list.
pub fn alone_in(tokens: &[(Token<'_>, usize, usize)], open: usize) -> Option<(Vec<usize>, usize)> {
    let token = |at: usize| tokens.get(at).map(|(token, _, _)| *token);
    (token(open)? == Token::Sign(b'(')).then_some(())?;
    let mut numbers = Vec::new();
    let mut level = 0_usize;
    let mut at = open + 1;
    loop {
        match token(at)? {
            Token::Sign(b'(') => level += 1,
            Token::Sign(b')') if level == 0 => return Some((numbers, at + 1)),
            Token::Sign(b')') => level -= 1,
            Token::Parameter(number) if level == 0 => {
                let begins = matches!(token(at - 1), Some(Token::Sign(b'(' | b',')));
                let ends = matches!(token(at + 1), Some(Token::Sign(b')' | b',')));
                if begins && ends {
                    numbers.push(number);
                }
            }
            Token::Name(name) if level == 0 && is_one_of(name, &["SELECT", "VALUES"]) => {
                return None;
            }
            _ => {}
        }
        at += 1;
    }
}
