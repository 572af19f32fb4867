//! The tokens around a parameter: the comparison operator, the column on its other side, and whether each is a whole operand.

use super::compared::Reference;
use super::tokens::Token;

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
    pub tokens: &'t [(Token<'s>, usize, usize)],
    /// For each token: whether it is the AND of a BETWEEN.
    pub bounds: Vec<bool>,
}

impl<'s, 't> Neighbours<'s, 't> {
    pub fn new(tokens: &'t [(Token<'s>, usize, usize)]) -> Neighbours<'s, 't> {
        let mut open = vec![0_usize];
        let mut bounds = vec![false; tokens.len()];
        for ((token, _, _), bound) in tokens.iter().zip(&mut bounds) {
            let is = |word: &str| is_word(Some(*token), word);
            if *token == Token::Sign(b'(') || is("CASE") {
                open.push(0);
            } else if *token == Token::Sign(b')') || is("END") {
                open.pop();
            } else if let Some(waiting) = open.last_mut() {
                if is("BETWEEN") {
                    *waiting += 1;
                } else if is("AND") && *waiting > 0 {
                    *waiting -= 1;
                    *bound = true;
                }
            }
        }
        Neighbours { tokens, bounds }
    }

    pub fn at(&self, at: usize) -> Option<Token<'s>> {
        self.tokens.get(at).map(|(token, _, _)| *token)
    }

    pub fn is(&self, at: usize, word: &str) -> bool {
        is_word(self.at(at), word)
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
            Some(Token::Name(name)) => {
                let of_is = is_any(name, &["NOT"])
                    && self.before(before).is_some_and(|at| self.is(at, "IS"));
                is_any(name, &BEFORE) && !of_is && self.bounds.get(before) == Some(&false)
            }
            _ => false,
        }
    }

    /// Whether an operand can end in front of this token: no operator here binds closer than a comparison.
    pub fn ends(&self, at: usize) -> bool {
        match self.at(at) {
            None | Some(Token::Sign(b')' | b',' | b';')) => true,
            Some(Token::Name(name)) if is_any(name, &["COLLATE"]) => self.ends(at + 2),
            Some(Token::Name(name)) => is_any(name, &AFTER),
            _ => false,
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
        let name = name(self.at(last))?;
        let dotted = last
            .checked_sub(2)
            .filter(|_| self.at(last - 1) == Some(Token::Sign(b'.')));
        let Some(first) = dotted else {
            let qualifier = None;
            return self.begins(last).then_some(Reference { qualifier, name });
        };
        let qualifier = Some(self::name(self.at(first))?);
        self.begins(first).then_some(Reference { qualifier, name })
    }

    pub fn column_after(&self, start: usize) -> Option<Reference<'s>> {
        let first = name(self.at(start))?;
        if self.at(start + 1) != Some(Token::Sign(b'.')) {
            let qualifier = None;
            let name = first;
            return self
                .ends(start + 1)
                .then_some(Reference { qualifier, name });
        }
        let qualifier = Some(first);
        let name = name(self.at(start + 2))?;
        self.ends(start + 3)
            .then_some(Reference { qualifier, name })
    }
}

fn name(token: Option<Token<'_>>) -> Option<&str> {
    match token? {
        Token::Name(name) | Token::Quoted(name) => Some(name),
        _ => None,
    }
}

fn is_any(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.eq_ignore_ascii_case(word))
}

fn is_word(token: Option<Token<'_>>, word: &str) -> bool {
    matches!(token, Some(Token::Name(name)) if name.eq_ignore_ascii_case(word))
}

fn is_operator(token: Option<Token<'_>>) -> bool {
    match token {
        Some(Token::Sign(sign)) => b"=<>!|&-+*/%~".contains(&sign),
        Some(Token::Name(name)) => is_any(name, &["IS", "NOT", "DISTINCT", "FROM"]),
        _ => false,
    }
}
