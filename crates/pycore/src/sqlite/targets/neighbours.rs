//! The tokens around a parameter: the comparison operator, the column on its other side, and whether each is a whole operand.

use super::compared::Reference;
use super::tokens::{Token, Tokens, token_at};

/// Keywords that an operand of a comparison may directly follow.
const BEFORE: [&str; 12] = [
    "WHERE", "AND", "OR", "NOT", "ON", "HAVING", "WHEN", "THEN", "ELSE", "SELECT", "DISTINCT",
    "ALL",
];
/// Keywords that may directly follow one.
const AFTER: [&str; 26] = [
    "AND",
    "OR",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "WINDOW",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "RETURNING",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "FROM",
    "WHERE",
    "AS",
    "ON",
    "JOIN",
    "LEFT",
    "RIGHT",
    "FULL",
    "INNER",
    "CROSS",
    "NATURAL",
];

pub struct Neighbours<'s, 't> {
    pub tokens: &'t Tokens<'s>,
    /// For each token: whether it is the AND of a BETWEEN.
    pub bounds: Vec<bool>,
}

impl<'s, 't> Neighbours<'s, 't> {
    pub fn new(tokens: &'t Tokens<'s>) -> Neighbours<'s, 't> {
        let mut open = vec![0_usize];
        let mut bounds = vec![false; tokens.len()];
        for ((token, _, _), bound) in tokens.iter().zip(&mut bounds) {
            if *token == Token::Sign(b'(') || token.is("CASE") {
                open.push(0);
            } else if *token == Token::Sign(b')') || token.is("END") {
                open.pop();
            } else if let Some(waiting) = open.last_mut() {
                if token.is("BETWEEN") {
                    *waiting += 1;
                } else if token.is("AND") && *waiting > 0 {
                    *waiting -= 1;
                    *bound = true;
                }
            }
        }
        Neighbours { tokens, bounds }
    }

    pub fn at(&self, at: usize) -> Option<Token<'s>> {
        token_at(self.tokens, at)
    }

    pub fn is(&self, at: usize, word: &str) -> bool {
        self.at(at).is_some_and(|token| token.is(word))
    }

    pub fn before(&self, at: usize) -> Option<usize> {
        at.checked_sub(1)
    }

    /// Whether an operand can begin with this token: no operator in front of it binds closer than a comparison.
    pub fn begins(&self, at: usize) -> bool {
        let Some(before) = self.before(at) else {
            return false;
        };
        match self.at(before) {
            Some(Token::Sign(b'(' | b',')) => true,
            Some(token) => {
                let of_is =
                    token.is("NOT") && self.before(before).is_some_and(|at| self.is(at, "IS"));
                token.is_one_of(&BEFORE) && !of_is && self.bounds.get(before) == Some(&false)
            }
            None => false,
        }
    }

    /// Whether an operand can end in front of this token: no operator here binds closer than a comparison.
    pub fn ends(&self, at: usize) -> bool {
        match self.at(at) {
            None | Some(Token::Sign(b')' | b',' | b';')) => true,
            Some(token) if token.is("COLLATE") => self.ends(at + 2),
            Some(token) => token.is_one_of(&AFTER),
        }
    }

    /// Where the comparison operator in front of this token begins.
    pub fn operator_before(&self, at: usize) -> Option<usize> {
        let mut start = at;
        while let Some(before) = self.before(start)
            && is_operator(self.at(before))
        {
            start = before;
        }
        self.is_comparison(start, at).then_some(start)
    }

    pub fn operator_after(&self, at: usize) -> Option<usize> {
        let mut end = at;
        while is_operator(self.at(end)) {
            end += 1;
        }
        self.is_comparison(at, end).then_some(end)
    }

    fn is_comparison(&self, from: usize, to: usize) -> bool {
        let signs = |signs: &[u8]| {
            signs.len() == to - from
                && signs
                    .iter()
                    .zip(from..)
                    .all(|(sign, at)| self.at(at) == Some(Token::Sign(*sign)))
        };
        let words = |words: &[&str]| {
            words.len() == to - from && words.iter().zip(from..).all(|(word, at)| self.is(at, word))
        };
        [b"=" as &[u8], b"==", b"<>", b"!=", b"<", b"<=", b">", b">="]
            .into_iter()
            .any(signs)
            || [
                &["IS"] as &[&str],
                &["IS", "NOT"],
                &["IS", "DISTINCT", "FROM"],
                &["IS", "NOT", "DISTINCT", "FROM"],
            ]
            .into_iter()
            .any(words)
    }

    /// The column in front of this token, if it is the whole operand.
    pub fn column_before(&self, end: usize) -> Option<Reference<'s>> {
        let mut last = self.before(end)?;
        if let Some(collate) = last.checked_sub(1)
            && self.is(collate, "COLLATE")
        {
            last = self.before(collate)?;
        }
        let name = self.at(last)?.name()?;
        let dotted = last
            .checked_sub(2)
            .filter(|_| self.at(last - 1) == Some(Token::Sign(b'.')));
        let Some(first) = dotted else {
            let qualifier = None;
            return self.begins(last).then_some(Reference { qualifier, name });
        };
        let qualifier = Some(self.at(first)?.name()?);
        self.begins(first).then_some(Reference { qualifier, name })
    }

    pub fn column_after(&self, start: usize) -> Option<Reference<'s>> {
        let first = self.at(start)?.name()?;
        if self.at(start + 1) != Some(Token::Sign(b'.')) {
            let qualifier = None;
            let name = first;
            return self
                .ends(start + 1)
                .then_some(Reference { qualifier, name });
        }
        let qualifier = Some(first);
        let name = self.at(start + 2)?.name()?;
        self.ends(start + 3)
            .then_some(Reference { qualifier, name })
    }
}

fn is_operator(token: Option<Token<'_>>) -> bool {
    match token {
        Some(Token::Sign(sign)) => b"=<>!|&-+*/%~".contains(&sign),
        Some(token) => token.is_one_of(&["IS", "NOT", "DISTINCT", "FROM"]),
        None => false,
    }
}
