//! Decides which parameters are a whole value: alone, with parentheses, a collation or another name for it, given by CASE or a function
//! that gives one of its arguments, or selected by a query in the place of a value.

use super::tokens::{Token, Tokens, token_at};
use super::walk::{AFTER_VALUES, Walk};

/// Functions that give any of their arguments as it is.
const ANY: [&str; 4] = ["COALESCE", "IFNULL", "MIN", "MAX"];

/// Those that take conditions, each with the value in front of the next one or of the last argument, which is the value without any.
const BRANCHING: [&str; 2] = ["IIF", "IF"];

/// Those that compare their arguments, of which SQLite does not make numbers for that.
const WEIGHING: [&str; 3] = ["MIN", "MAX", "NULLIF"];

/// What a value in a CASE begins and ends with.
const OPENING: [&str; 2] = ["THEN", "ELSE"];
const CLOSING: [&str; 3] = ["WHEN", "ELSE", "END"];

/// Words that ask something of a value, where another name for it could stand.
const ASKING: [&str; 2] = ["ISNULL", "NOTNULL"];

/// Values in values beyond this are not looked into.
const DEEPEST: usize = 50;

/// A parameter that is a whole value.
#[derive(Clone, Copy)]
pub struct Given {
    pub parameter: usize,
    /// Whether it is compared before it is stored.
    pub weighed: bool,
}

impl Walk<'_, '_> {
    /// The parameters that are the value which begins here.
    pub fn given(&self) -> Vec<Given> {
        let found = value(self.tokens, self.next, 0);
        let found = found.filter(|(_, end)| is_behind_value(self.tokens, *end));
        found.map(|(given, _)| given).unwrap_or_default()
    }
}

/// The parameters that are the value at a place, and the index behind it.
fn value(tokens: &Tokens<'_>, at: usize, depth: usize) -> Option<(Vec<Given>, usize)> {
    (depth < DEEPEST).then_some(())?;
    let (found, end) = match token_at(tokens, at)? {
        Token::Parameter(parameter) => (
            vec![Given {
                parameter,
                weighed: false,
            }],
            at + 1,
        ),
        Token::Sign(b'(') => enclosed(tokens, at + 1, depth)?,
        _ => chosen(tokens, at, depth)?,
    };
    let collated = token_at(tokens, end).is_some_and(|token| token.is("COLLATE"));
    Some((found, if collated { end + 2 } else { end }))
}

/// The same of CASE, or of a function that gives one of its arguments.
fn chosen(tokens: &Tokens<'_>, at: usize, depth: usize) -> Option<(Vec<Given>, usize)> {
    let token = token_at(tokens, at)?;
    if token.is("CASE") {
        return branches(tokens, at + 1, depth);
    }
    let all = token.is_one_of(&ANY);
    let branching = token.is_one_of(&BRANCHING);
    (all || branching || token.is("NULLIF")).then_some(())?;
    let (items, end) = items(tokens, at + 1, depth)?;
    let last = items.len() - 1;
    let gives = |index: usize| match branching {
        true => index % 2 == 1 || index == last,
        false => all || index == 0,
    };
    // With one argument, min() and max() are aggregates, which give what they are given.
    let weighs = last > 0 && token.is_one_of(&WEIGHING);
    let given = items.into_iter().enumerate();
    let given = given.filter(|(index, _)| gives(*index));
    let given = given.flat_map(|(_, found)| found);
    let given = given.map(|it| Given {
        weighed: it.weighed || weighs,
        ..it
    });
    Some((given.collect(), end))
}

/// The parameters that are values of a CASE, whose first word is behind us.
fn branches(tokens: &Tokens<'_>, start: usize, depth: usize) -> Option<(Vec<Given>, usize)> {
    let mut given = Vec::new();
    // Parentheses, and CASEs that are no value of this one.
    let mut level = 0_usize;
    let mut at = start;
    loop {
        let token = token_at(tokens, at)?;
        at += 1;
        if token == Token::Sign(b'(') || token.is("CASE") {
            level += 1;
        } else if token.is("END") && level == 0 {
            return Some((given, at));
        } else if token == Token::Sign(b')') || token.is("END") {
            level = level.checked_sub(1)?;
        } else if level == 0
            && token.is_one_of(&OPENING)
            && let Some((found, end)) = value(tokens, at, depth + 1)
            && token_at(tokens, end).is_some_and(|token| token.is_one_of(&CLOSING))
        {
            given.extend(found);
            at = end;
        }
    }
}

/// The same in parentheses, of which the first one is behind us.
fn enclosed(tokens: &Tokens<'_>, start: usize, depth: usize) -> Option<(Vec<Given>, usize)> {
    let is = |at: usize, words: &[&str]| {
        token_at(tokens, at).is_some_and(|token| token.is_one_of(words))
    };
    let mut at = start;
    let queries = is(at, &["SELECT", "VALUES"]);
    if queries {
        at += 1;
        at += usize::from(is(at, &["DISTINCT", "ALL"]));
    }
    let (found, end) = value(tokens, at, depth + 1)?;
    if token_at(tokens, end)? == Token::Sign(b')') {
        return Some((found, end + 1));
    }
    // One value of a query, whose FROM and the like follow.
    let alone =
        queries && token_at(tokens, end) != Some(Token::Sign(b',')) && is_behind_value(tokens, end);
    let mut walk = Walk::new("", tokens);
    walk.next = end;
    while alone && walk.next_value(b')') {}
    (alone && walk.sign(b')')).then_some((found, walk.next))
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
    let (items, end) = items(tokens, open, 0)?;
    let all = items.into_iter().flatten();
    Some((all.map(|it| it.parameter).collect(), end))
}

/// The parameters that CASE or a function gives, which begins at a place, and the index behind it.
pub fn given_by(tokens: &Tokens<'_>, at: usize) -> Option<(Vec<usize>, usize)> {
    let (given, end) = chosen(tokens, at, 0)?;
    Some((given.iter().map(|it| it.parameter).collect(), end))
}

/// For each item of a list the parameters that are all of it.
fn items(tokens: &Tokens<'_>, open: usize, depth: usize) -> Option<(Vec<Vec<Given>>, usize)> {
    let token = |at: usize| token_at(tokens, at);
    (token(open)? == Token::Sign(b'(')).then_some(())?;
    let mut items = vec![Vec::new()];
    let mut level = 0_usize;
    let mut at = open + 1;
    loop {
        let begins = level == 0 && matches!(token(at - 1), Some(Token::Sign(b'(' | b',')));
        if begins
            && let Some((found, end)) = value(tokens, at, depth + 1)
            && matches!(token(end), Some(Token::Sign(b')' | b',')))
            && let Some(item) = items.last_mut()
        {
            *item = found;
            at = end;
            continue;
        }
        match token(at)? {
            Token::Sign(b'(') => level += 1,
            Token::Sign(b')') if level == 0 => return Some((items, at + 1)),
            Token::Sign(b')') => level -= 1,
            Token::Sign(b',') if level == 0 => items.push(Vec::new()),
            other if level == 0 && other.is_one_of(&["SELECT", "VALUES"]) => return None,
            _ => {}
        }
        at += 1;
    }
}
