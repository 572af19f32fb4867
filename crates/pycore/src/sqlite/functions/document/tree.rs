//! A JSON text, understood: of equal keys the last, numbers exact.

use std::collections::BTreeMap;

use jiter::{Jiter, Peek};
use rusqlite::Result;

use super::failed;
use crate::sqlite::functions::number::Number;

/// As deep as the rest of the core reads documents.
const DEEPEST: u8 = 200;

#[derive(Debug, PartialEq, Eq)]
pub enum Tree {
    Null,
    Bool(bool),
    /// The one text of its value: no exponent, no superfluous zero, no `-0`.
    Number(String),
    Text(String),
    Array(Vec<Tree>),
    Object(BTreeMap<String, Tree>),
}

impl Tree {
    pub fn of(text: &str) -> Result<Tree> {
        let mut jiter = Jiter::new(text.as_bytes());
        let tree = read(&mut jiter, DEEPEST)?;
        jiter.finish().map_err(malformed)?;
        Ok(tree)
    }
}

pub fn malformed(error: impl std::fmt::Display) -> rusqlite::Error {
    failed(format!("not a JSON text: {error}"))
}

fn read(jiter: &mut Jiter<'_>, depth: u8) -> Result<Tree> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(failed("a JSON text is nested too deeply"));
    };
    let peek = jiter.peek().map_err(malformed)?;
    Ok(match peek {
        Peek::Null => {
            jiter.known_null().map_err(malformed)?;
            Tree::Null
        }
        Peek::True | Peek::False => Tree::Bool(jiter.known_bool(peek).map_err(malformed)?),
        Peek::String => Tree::Text(jiter.known_str().map_err(malformed)?.to_owned()),
        Peek::Array => {
            let mut items = Vec::new();
            let mut next = jiter.known_array().map_err(malformed)?;
            while next.is_some() {
                items.push(read(jiter, depth)?);
                next = jiter.array_step().map_err(malformed)?;
            }
            Tree::Array(items)
        }
        Peek::Object => {
            let mut members = BTreeMap::new();
            let mut next = jiter.known_object().map_err(malformed)?.map(str::to_owned);
            while let Some(key) = next {
                members.insert(key, read(jiter, depth)?);
                next = jiter.next_key().map_err(malformed)?.map(str::to_owned);
            }
            Tree::Object(members)
        }
        _ => {
            let digits = jiter.known_number_bytes(peek).map_err(malformed)?;
            Tree::Number(normal(std::str::from_utf8(digits).unwrap_or_default()))
        }
    })
}

/// A number beyond all use (`1e999999999`) stays as it is written: its digits would fill the memory.
pub fn normal(number: &str) -> String {
    let Some(Number::Finite(exact)) = Number::of(number) else {
        return number.to_owned();
    };
    let text = exact.text();
    let short = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text.as_str()
    };
    if short == "-0" { "0" } else { short }.to_owned()
}
