//! Decides what the tokens of a statement are, as far as it takes to find its parameters and the names around them.

use std::collections::HashMap;

#[derive(Clone, Copy, PartialEq)]
pub enum Token<'a> {
    Name(&'a str),
    /// What can be nothing else than a name.
    Quoted(&'a str),
    Parameter(usize),
    Sign(u8),
    /// A string or a number.
    Constant,
}

/// Those of a statement, each with where it begins and ends in the text.
pub type Tokens<'a> = [(Token<'a>, usize, usize)];

/// Behind these an operand is to come, so that END ends nothing: it is a column of that name.
const BEFORE_OPERANDS: [&str; 9] = [
    "CASE", "WHEN", "THEN", "ELSE", "AND", "OR", "NOT", "SET", "SELECT",
];

/// What joins two SELECTs.
pub const UNITING: [&str; 3] = ["UNION", "EXCEPT", "INTERSECT"];

impl<'a> Token<'a> {
    /// Whether it is this word, which is not quoted.
    pub fn is(self, word: &str) -> bool {
        matches!(self, Token::Name(name) if name.eq_ignore_ascii_case(word))
    }

    pub fn is_one_of(self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// What can name a table or a column.
    pub fn name(self) -> Option<&'a str> {
        match self {
            Token::Name(name) | Token::Quoted(name) => Some(name),
            _ => None,
        }
    }
}

pub fn token_at<'a>(tokens: &Tokens<'a>, at: usize) -> Option<Token<'a>> {
    tokens.get(at).map(|(token, _, _)| *token)
}

/// Where a quoted thing that begins at `from` ends: behind the sign that closes it, which is doubled inside.
fn closed(bytes: &[u8], from: usize, sign: u8) -> Option<usize> {
    let mut at = from + 1;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == sign)? + 1;
        if sign == b']' || bytes.get(at) != Some(&sign) {
            return Some(at);
        }
        at += 1;
    }
}

fn expects_operand(token: Token<'_>) -> bool {
    match token {
        Token::Sign(sign) => b".,(=<>!|&+-*/%~".contains(&sign),
        _ => token.is_one_of(&BEFORE_OPERANDS),
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// The tokens with their places. None for a text that ends inside of one.
pub fn tokens(sql: &str) -> Option<Vec<(Token<'_>, usize, usize)>> {
    let bytes = sql.as_bytes();
    let end_of_name = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| is_name(**byte)).count()
    };
    let mut found = Vec::new();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut most = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let following = bytes.get(at + 1).copied();
        let start = at;
        let token = match byte {
            _ if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'-' if following == Some(b'-') => {
                let rest = bytes.get(at..)?;
                at += rest
                    .iter()
                    .position(|byte| *byte == b'\n')
                    .unwrap_or(rest.len());
                continue;
            }
            b'/' if following == Some(b'*') => {
                at += 2 + sql.get(at + 2..)?.find("*/")? + 2;
                continue;
            }
            b'\'' => {
                at = closed(bytes, at, byte)?;
                Token::Constant
            }
            b'"' | b'`' | b'[' => {
                at = closed(bytes, at, if byte == b'[' { b']' } else { byte })?;
                Token::Quoted(sql.get(start..at)?)
            }
            b'?' | b':' | b'@' | b'$' => {
                at = end_of_name(at + 1);
                let name = sql.get(start..at)?;
                let number = match name.strip_prefix('?') {
                    Some("") => most + 1,
                    Some(digits) => digits.parse().ok()?,
                    None => *numbers.entry(name).or_insert(most + 1),
                };
                most = most.max(number);
                Token::Parameter(number)
            }
            _ if byte.is_ascii_digit() => {
                at = end_of_name(at);
                Token::Constant
            }
            _ if is_name(byte) => {
                at = end_of_name(at);
                let name = sql.get(start..at)?;
                let before = found.last().map(|(token, _, _)| *token);
                match name.eq_ignore_ascii_case("END") && before.is_some_and(expects_operand) {
                    true => Token::Quoted(name),
                    false => Token::Name(name),
                }
            }
            _ => {
                at += 1;
                Token::Sign(byte)
            }
        };
        found.push((token, start, at));
    }
    Some(found)
}
