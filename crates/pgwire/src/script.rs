//! The statements of a text that has several, as far as their first words tell what they are.

use crate::control::{forgets_statements, transaction_end};
use crate::tokens::{Strings, Token, token};
use crate::with_client::copies_with_client;

/// Whether one of the statements is a COPY from or to the client; see [`copies_with_client`].
#[must_use]
pub fn script_copies_with_client(sql: &str, strings: Strings) -> bool {
    Statements { sql, strings }.any(|sql| copies_with_client(sql, strings))
}

/// The first of the statements that begins or ends a transaction; see [`transaction_end`].
#[must_use]
pub fn script_transaction_end(sql: &str, strings: Strings) -> Option<&'static str> {
    Statements { sql, strings }.find_map(transaction_end)
}

/// Whether the server forgets prepared statements by one of them; see [`forgets_statements`].
#[must_use]
pub fn script_forgets_statements(sql: &str, strings: Strings) -> bool {
    Statements { sql, strings }.any(forgets_statements)
}

/// The texts of the statements, without the semicolons between them.
struct Statements<'a> {
    sql: &'a str,
    strings: Strings,
}

impl<'a> Iterator for Statements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let whole = self.sql;
        if whole.is_empty() {
            return None;
        }
        let (statement, rest) = end(whole.as_bytes(), self.strings)
            .and_then(|left| whole.split_at_checked(whole.len().checked_sub(left)?))
            .unwrap_or((whole, ""));
        self.sql = rest;
        Some(statement)
    }
}

/// How many bytes follow the first statement and its semicolon; None: there are no more statements.
fn end(mut rest: &[u8], strings: Strings) -> Option<usize> {
    let mut depth = 0_usize;
    // Of the body of a function in the words of the standard: statements of its own, and CASE, which has an END as well.
    let mut blocks = 0_usize;
    let mut before = Token::Other;
    while let Some((found, tail)) = token(rest, strings) {
        rest = tail;
        match found {
            Token::Open => depth = depth.saturating_add(1),
            Token::Close => depth = depth.saturating_sub(1),
            Token::End if depth == 0 && blocks == 0 => return Some(rest.len()),
            _ if depth > 0 => {}
            _ if before.is("BEGIN") && found.is("ATOMIC") => blocks = blocks.saturating_add(1),
            _ if blocks > 0 && found.is("CASE") => blocks = blocks.saturating_add(1),
            _ if found.is("END") => blocks = blocks.saturating_sub(1),
            _ => {}
        }
        if found != Token::Other {
            before = found;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_found_wherever_it_stands() {
        for sql in [
            "COPY t FROM STDIN",
            "SELECT 1; COPY t FROM STDIN; SELECT 2",
            "INSERT INTO t VALUES (';'); ; copy t to stdout",
            "SELECT $$;$$, E'\\';', \";\", ';' -- ;\n; /* ; /* ; */ */ COPY (SELECT 1) TO STDOUT",
            "SELECT E'a'\n 'b\\'; SELECT ' ; COPY t FROM STDIN",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; COPY t FROM STDIN",
            "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); COPY t FROM STDIN",
        ] {
            assert!(script_copies_with_client(sql, Strings::Standard), "{sql}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for sql in [
            "",
            ";;",
            "SELECT '; COPY t FROM STDIN'; SELECT 1",
            "SELECT $a$; COPY t FROM STDIN; $a$",
            "SELECT $1; SELECT 'x' AS a$b$; COPY t FROM '/x'",
            "DO $$ BEGIN; COPY t FROM STDIN; END $$; SELECT 1",
            "SELECT 1 -- ; COPY t FROM STDIN",
            "/* ; COPY t FROM STDIN */ SELECT 1; COPY t FROM '/tmp/stdin'",
            "SELECT E'\\'; COPY t FROM STDIN; '",
            "SELECT E'a' -- b\n '\\'; COPY t FROM STDIN'; SELECT 1",
            "SELECT 1; COPY t; SELECT * FROM stdin",
            "SELECT 'not closed; COPY t FROM STDIN",
        ] {
            assert!(!script_copies_with_client(sql, Strings::Standard), "{sql}");
        }
    }

    #[test]
    fn the_end_of_a_transaction_is_found_wherever_it_stands() {
        for (sql, found) in [
            ("SELECT 1; COMMIT; BEGIN", Some("COMMIT")),
            ("SELECT 1;\n/* x */ end", Some("END")),
            ("SAVEPOINT a; ROLLBACK TO a; RELEASE a", None),
            ("SELECT ';COMMIT'; SELECT 'a\\'; COMMIT", Some("COMMIT")),
            (
                "SELECT $$;COMMIT;$$; SELECT CASE WHEN true THEN 1 END",
                None,
            ),
            (
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END; SELECT 1",
                None,
            ),
            (
                "CREATE FUNCTION f() RETURNS int BEGIN/**/ATOMIC SELECT 1; END; END",
                Some("END"),
            ),
            (
                "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; COMMIT)",
                None,
            ),
            ("", None),
        ] {
            assert_eq!(
                script_transaction_end(sql, Strings::Standard),
                found,
                "{sql}"
            );
        }
    }

    #[test]
    fn a_backslash_escapes_where_the_server_says_so() {
        for (sql, standard, escaping) in [
            (r"SELECT 'it\'s'; COMMIT", None, Some("COMMIT")),
            (r"SELECT 'a\'; COMMIT; --'", Some("COMMIT"), None),
            (r"SELECT 'a\\'; COMMIT", Some("COMMIT"), Some("COMMIT")),
            (r"SELECT 'a''\'; COMMIT; --'", Some("COMMIT"), None),
            ("SELECT 'a'\n'b\\'; COMMIT; --'", Some("COMMIT"), None),
            (r"SELECT E'it\'s'; COMMIT", Some("COMMIT"), Some("COMMIT")),
            (r#"SELECT "a\"; COMMIT"#, Some("COMMIT"), Some("COMMIT")),
            (r#"SELECT U&"a\"; COMMIT"#, Some("COMMIT"), Some("COMMIT")),
            (r"SELECT $$a\'$$; COMMIT", Some("COMMIT"), Some("COMMIT")),
            (r"SELECT B'\'; COMMIT", Some("COMMIT"), Some("COMMIT")),
            (r"SELECT N'it\'s'; COMMIT", None, Some("COMMIT")),
            (r"/* /* '\' */ */ COMMIT", Some("COMMIT"), Some("COMMIT")),
        ] {
            assert_eq!(
                script_transaction_end(sql, Strings::Standard),
                standard,
                "{sql}"
            );
            assert_eq!(
                script_transaction_end(sql, Strings::Escaping),
                escaping,
                "{sql}"
            );
        }
        let copy = r"SELECT 'it\'s'; COPY t FROM STDIN";
        assert!(!script_copies_with_client(copy, Strings::Standard));
        assert!(script_copies_with_client(copy, Strings::Escaping));
    }
}
