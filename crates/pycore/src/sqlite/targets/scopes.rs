//! The scopes of a statement, from its text: the tables of each FROM, and which query is nested in which. `queries` and `sources`
//! find them.

use super::walk::Walk;

/// A table of a FROM.
pub struct Source<'a> {
    /// The name or alias that qualifies its columns, as written.
    pub name: Option<&'a str>,
    /// None for a subquery, a function or a common table expression.
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
    /// The enclosing query, whose tables are visible too.
    pub parent: Option<usize>,
    /// Whether it can have names that this parser does not know.
    pub opaque: bool,
}

/// A range of tokens, and the scope in which its names are resolved.
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

/// A name without its quotes.
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

/// None for a statement that cannot be parsed.
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
