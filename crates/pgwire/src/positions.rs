//! Parameters that stand where `substring` takes a position or a pattern.

use crate::Oid;
use crate::keys::{Key, is_space, placeholder};
use crate::tokens::{Strings, Token, token};
use crate::types::oid;

/// The function, as `Key` names it.
pub const SUBSTRING: &str = "substring";

/// Those of a statement that the server takes for patterns, because nothing says that they are numbers:
/// `substring(name from $1 for $2)`.
#[must_use]
pub fn positions(sql: &str, parameters: &[Oid], strings: Strings) -> Vec<Key> {
    if !parameters.contains(&oid::TEXT) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut calls = Vec::new(); // of each parenthesis or bracket that is open, whether it is a call of that function
    let mut named = false;
    let mut expected = false;
    let mut behind = Behind::Other;
    let mut rest = sql.as_bytes();
    while !rest.is_empty() {
        if let Some((parameter, tail)) = placeholder(rest) {
            if expected && parameters.get(parameter) == Some(&oid::TEXT) && is_whole(tail) {
                found.push(Key {
                    parameter,
                    operator: SUBSTRING,
                });
            }
            (named, expected, behind) = (false, false, Behind::Other);
            rest = tail;
            continue;
        }
        let Some((next, tail)) = token(rest, strings) else {
            break;
        };
        let inside = calls.last() == Some(&true);
        match next {
            _ if is_space(rest) || rest.starts_with(b"--") || rest.starts_with(b"/*") => {}
            _ if next == Token::Open || rest.starts_with(b"[") => {
                calls.push(std::mem::take(&mut named));
                (expected, behind) = (false, Behind::Other);
            }
            _ if next == Token::Close || rest.starts_with(b"]") => {
                calls.pop();
                (named, expected, behind) = (false, false, Behind::Other);
            }
            _ => {
                let name = next.is("SUBSTRING") || rest.starts_with(b"\"substring\"");
                named = name && behind != Behind::OtherSchema;
                behind = behind.then(next, rest);
                expected = inside && (rest.starts_with(b",") || next.is("FROM") || next.is("FOR"));
            }
        }
        rest = tail;
    }
    found
}

/// What a name stands behind: with a schema before it, it is no function of SQL's own unless that schema is `pg_catalog`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// `pg_catalog`, of which the dot is still to come.
    Catalog,
    /// The dot of another schema.
    OtherSchema,
    Other,
}

impl Behind {
    /// The same for what follows this token.
    fn then(self, next: Token<'_>, rest: &[u8]) -> Behind {
        if next.is("PG_CATALOG") || rest.starts_with(b"\"pg_catalog\"") {
            Behind::Catalog
        } else if rest.starts_with(b".") && self != Behind::Catalog {
            Behind::OtherSchema
        } else {
            Behind::Other
        }
    }
}

/// Whether an argument ends here.
fn is_whole(mut rest: &[u8]) -> bool {
    while let [_, tail @ ..] = rest
        && is_space(rest)
    {
        rest = tail;
    }
    let word = rest.split(|byte| !byte.is_ascii_alphabetic()).next();
    let ends = |name: &[u8]| word.is_some_and(|word| word.eq_ignore_ascii_case(name));
    matches!(rest, [b')' | b',', ..]) || ends(b"FOR") || ends(b"FROM")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sql: &str) -> Vec<usize> {
        let found = positions(sql, &[oid::TEXT, oid::INT4, oid::TEXT], Strings::Standard);
        found.iter().map(|key| key.parameter).collect()
    }

    #[test]
    fn arguments_behind_the_first_one_are_patterns() {
        for (sql, expected) in [
            ("SELECT substring(a FROM $1 FOR $3)", vec![0, 2]),
            ("SELECT SubString (a, $1 , $3)", vec![0, 2]),
            ("SELECT substring(a for $3 from $1)", vec![2, 0]),
            ("SELECT pg_catalog.substring(lower(a), /* , */ $1)", vec![0]),
            ("SELECT f(substring(substring(a, $1), $3))", vec![0, 2]),
            ("SELECT substring(a[1], $1)", vec![0]),
            (
                "SELECT \"substring\" (a, $1), pg_catalog.\"substring\"(a, $3)",
                vec![0, 2],
            ),
            (
                "SELECT \"pg_catalog\" . substring(a, $1), db.PG_Catalog.substring(a, $3)",
                vec![0, 2],
            ),
            (
                "SELECT mine.f(a), substring(mine.a, $1), pg_catalog, substring(b, $3)",
                vec![0, 2],
            ),
        ] {
            assert_eq!(found(sql), expected, "{sql}");
        }
    }

    #[test]
    fn others_are_none() {
        for sql in [
            "SELECT substring($1, $2)",
            "SELECT substring(a, $1::text)",
            "SELECT substring(a, $1 || $3)",
            "SELECT substring(a, ($1))",
            "SELECT substring(a, f(b, $1))",
            "SELECT substring(ARRAY[a, $1, $3]::text, 2)",
            "SELECT substring(a SIMILAR $1 ESCAPE $3)",
            "SELECT substr(a, $1), substring(a), $1 FROM b",
            "SELECT substring, (a, $1)",
            "SELECT 'substring(a, ' || $1",
            "SELECT substring(a, 'b",
            "SELECT mine.substring(a, $1), mine.\"substring\"(a, $1), \"SUBSTRING\"(a, $3)",
            "SELECT \"pg_Catalog\".substring(a, $1), pg_catalog.mine.substring(a, $3)",
            "SELECT \"mine\" /* . */ . -- .\n substring (a, $1, $3)",
        ] {
            assert_eq!(found(sql), [], "{sql}");
        }
        let none = positions("SELECT substring(a, $1)", &[oid::INT4], Strings::Standard);
        assert_eq!(none, []);
    }
}
