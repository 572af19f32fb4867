//! Decides which parameters are a whole value: alone, with parentheses, a collation or another name for it, given by coalesce(), or
//! selected by a query in the place of a value.

use super::tokens::{Token, Tokens, token_at};
use super::walk::{AFTER_VALUES, Walk};

/// Functions that give one of their arguments as it is.
pub const CHOOSING: [&str; 2] = ["COALESCE", "IFNULL"];

/// Words that ask something of a value, where another name for it could stand.
const ASKING: [&str; 2] = ["ISNULL", "NOTNULL"];

/// Values in values beyond this are not looked into.
const DEEPEST: usize = 50;

impl Walk<'_, '_> {
    /// The parameters that are the value which begins here.
    pub fn given(&self) -> Vec<usize> {
        let found = value(self.tokens, self.next, 0);
        let found = found.filter(|(_, end)| is_behind_value(self.tokens, *end));
        found.map(|(numbers, _)| numbers).unwrap_or_default()
    }
}

/// The parameters that are the value at a place, and the index behind it.
fn value(tokens: &Tokens<'_>, at: usize, depth: usize) -> Option<(Vec<usize>, usize)> {
    (depth < DEEPEST).then_some(())?;
    let (numbers, end) = match token_at(tokens, at)? {
        Token::Parameter(number) => (vec![number], at + 1),
        Token::Sign(b'(') => enclosed(tokens, at + 1, depth)?,
        token if token.is_one_of(&CHOOSING) => items(tokens, at + 1, depth)?,
        _ => return None,
    };
    let collated = token_at(tokens, end).is_some_and(|token| token.is("COLLATE"));
    Some((numbers, if collated { end + 2 } else { end }))
}

/// The same in parentheses, of which the first one is behind us.
fn enclosed(tokens: &Tokens<'_>, start: usize, depth: usize) -> Option<(Vec<usize>, usize)> {
    let is = |at: usize, words: &[&str]| {
        token_at(tokens, at).is_some_and(|token| token.is_one_of(words))
    };
    let mut at = start;
    let queries = is(at, &["SELECT", "VALUES"]);
    if queries {
        at += 1;
        at += usize::from(is(at, &["DISTINCT", "ALL"]));
    }
    let (numbers, end) = value(tokens, at, depth + 1)?;
    if token_at(tokens, end)? == Token::Sign(b')') {
        return Some((numbers, end + 1));
    }
    // One value of a query, whose FROM and the like follow.
    let alone =
        queries && token_at(tokens, end) != Some(Token::Sign(b',')) && is_behind_value(tokens, end);
    let mut walk = Walk::new("", tokens);
    walk.next = end;
    while alone && walk.next_value(b')') {}
    (alone && walk.sign(b')')).then_some((numbers, walk.next))
}

/// Whether a value ends in front of this token.
fn is_behind_value(tokens: &Tokens<'_>, at: usize) -> bool {
    let ends = |at: usize| match token_at(tokens, at) {
        None | Some(Token::Sign(b',' | b')' | b';')) => true,
        Some(token) if token.is("ON") => {
            token_at(tokens, at + 1).is_some_and(|token| token.is("CONFLICT"))
        }
        Some(token) => token.is_one_of(&AFTER_VALUES) || token.is("AS"),
    };
    let names = match token_at(tokens, at) {
        Some(Token::Quoted(_) | Token::Constant) => true,
        Some(token @ Token::Name(_)) => !token.is_one_of(&ASKING),
        _ => false,
    };
    ends(at) || (names && ends(at + 1))
}

/// The parameters that are whole items of a list in parentheses, and the index behind the list.
pub fn alone_in(tokens: &Tokens<'_>, open: usize) -> Option<(Vec<usize>, usize)> {
    items(tokens, open, 0)
}

fn items(tokens: &Tokens<'_>, open: usize, depth: usize) -> Option<(Vec<usize>, usize)> {
    let token = |at: usize| token_at(tokens, at);
    (token(open)? == Token::Sign(b'(')).then_some(())?;
    let mut numbers = Vec::new();
    let mut level = 0_usize;
    let mut at = open + 1;
    loop {
        let begins = level == 0 && matches!(token(at - 1), Some(Token::Sign(b'(' | b',')));
        if begins
            && let Some((found, end)) = value(tokens, at, depth + 1)
            && matches!(token(end), Some(Token::Sign(b')' | b',')))
        {
            numbers.extend(found);
            at = end;
            continue;
        }
        match token(at)? {
            Token::Sign(b'(') => level += 1,
            Token::Sign(b')') if level == 0 => return Some((numbers, at + 1)),
            Token::Sign(b')') => level -= 1,
            other if level == 0 && other.is_one_of(&["SELECT", "VALUES"]) => return None,
            _ => {}
        }
        at += 1;
    }
}
