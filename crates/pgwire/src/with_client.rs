//! Recognises COPY FROM STDIN and COPY TO STDOUT by the statement's text.

use crate::control::word;
use crate::tokens::{Strings, Token, token};

/// Whether the statement is a COPY from or to the client, which cannot be executed as other statements are.
///
/// False for a statement that only mentions STDIN or STDOUT, as a name or in a string, and for one with an unclosed quote.
pub fn copies_with_client(sql: &str, strings: Strings) -> bool {
    let mut rest = sql.as_bytes();
    word(&mut rest).is_some_and(|first| first.eq_ignore_ascii_case(b"COPY"))
        && is_with_client(rest, strings).unwrap_or(false)
}

/// `rest` is what follows COPY: a table and its columns, or a query in parentheses; then FROM or TO, and the other end.
fn is_with_client(mut rest: &[u8], strings: Strings) -> Option<bool> {
    let mut depth = 0_usize;
    loop {
        let (found, tail) = token(rest, strings)?;
        rest = tail;
        match found {
            Token::Open => depth = depth.saturating_add(1),
            Token::Close => depth = depth.checked_sub(1)?,
            Token::End if depth == 0 => return None,
            Token::Word(_) if depth == 0 && (found.is("FROM") || found.is("TO")) => {
                let place = Token::Word(word(&mut rest)?);
                return Some(place.is("STDIN") || place.is("STDOUT"));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_with_the_client_is_told() {
        for sql in [
            "COPY t FROM STDIN",
            "copy t from stdout",
            ";/* */ copy (select 1) to stdout(format csv)",
            "COPY public.\"T\" (a, \"from\") -- what\n FROM/**/STDIN WITH (FORMAT csv)",
            "COPY (SELECT ')' || $a$ to '/x' $a$, E'\\') TO PROGRAM', \")\" FROM x WHERE n = $1) TO STDOUT;",
            "COPY BINARY t TO STDOUT",
            "COPY e FROM STDIN",
        ] {
            assert!(copies_with_client(sql, Strings::Standard), "{sql}");
        }
    }

    #[test]
    fn what_only_mentions_it_is_none() {
        for sql in [
            "COPY t FROM '/tmp/file'",
            "COPY t FROM '/tmp/stdin'",
            "COPY t FROM PROGRAM 'cat /dev/stdin'",
            "COPY t(stdin_) TO PROGRAM 'cat'",
            "COPY stdin TO '/tmp/stdout' -- to stdout",
            "COPY (SELECT 1 FROM stdin) TO '/tmp/x'",
            "COPY (SELECT 'to stdout') TO '/tmp/x' WITH (NULL 'to stdout')",
            "COPY t; SELECT 1 FROM stdin",
            "COPY (SELECT 'to stdout",
            "COPY",
            "COPY t FROM",
            "SELECT stdin FROM copy",
        ] {
            assert!(!copies_with_client(sql, Strings::Standard), "{sql}");
        }
    }
}
