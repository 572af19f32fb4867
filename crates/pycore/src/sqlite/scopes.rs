//! Decides what the names in a query can mean, by the statement's text: the tables of each FROM, and which query stands in which.
//! `queries` and `sources` find them.

use super::walk::Walk;

/// A table of a FROM.
pub struct Source<'a> {
    /// What columns are qualified with, as it is written; None for what has no name.
    pub name: Option<&'a str>,
    /// None for what is none: a query, a function, a common table expression.
    pub table: Option<Table<'a>>,
}

#[derive(Clone, Copy)]
pub struct Table<'a> {
    pub schema: Option<&'a str>,
    pub name: &'a str,
}

/// One SELECT, UPDATE or DELETE.
#[derive(Default)]
pub struct Scope<'a> {
    pub sources: Vec<Source<'a>>,
    /// The query that it is part of, whose tables it can name too.
    pub parent: Option<usize>,
    /// Whether it has names that are not understood here.
    pub opaque: bool,
}

/// A stretch of tokens whose names are looked for in a scope.
pub struct Stretch {
    pub scope: usize,
    pub from: usize,
    pub to: usize,
}

#[derive(Default)]
pub struct Scopes<'a> {
    pub scopes: Vec<Scope<'a>>,
    pub stretches: Vec<Stretch>,
    pub common: Vec<&'a str>,
}

/// A name without the signs it is quoted with.
pub fn bare(name: &str) -> String {
    let Some(quote @ ('"' | '`' | '[')) = name.chars().next() else {
        return name.to_owned();
    };
    let inside = name.get(1..name.len() - 1).unwrap_or_default();
    match quote {
        '[' => inside.to_owned(),
        _ => inside.replace(&format!("{quote}{quote}"), &quote.to_string()),
    }
}

pub fn is_same_name(one: &str, other: &str) -> bool {
    bare(one).eq_ignore_ascii_case(&bare(other))
}

/// None for a statement that is not understood.
pub fn scopes<'s>(at: &mut Walk<'s, '_>) -> Option<Scopes<'s>> {
    let mut found = Scopes::default();
    at.explain();
    at.query(&mut found, None, 0)?;
    let common: Vec<String> = found.common.iter().map(|name| bare(name)).collect();
    for source in found.scopes.iter_mut().flat_map(|scope| &mut scope.sources) {
        source.table = source.table.filter(|table| {
            let name = bare(table.name);
            table.schema.is_some() || !common.iter().any(|other| other.eq_ignore_ascii_case(&name))
        });
    }
    Some(found)
}
