//! Recognises COPY FROM STDIN and COPY TO STDOUT by the statement's text.

use crate::control::{comment, word};

/// Whether the statement is a COPY from or to the client, which cannot be executed as other statements are.
///
/// False for a statement that only mentions STDIN or STDOUT, as a name or in a string, and for one with an unclosed quote.
pub fn copies_with_client(sql: &str) -> bool {
    let mut rest = sql.as_bytes();
    word(&mut rest).is_some_and(|first| first.eq_ignore_ascii_case(b"COPY"))
        && is_with_client(rest).unwrap_or(false)
}

/// `rest` is what follows COPY: a table and its columns, or a query in parentheses; then FROM or TO, and the other end.
fn is_with_client(mut rest: &[u8]) -> Option<bool> {
    let mut depth = 0_usize;
    loop {
        rest = match rest {
            [] => return None,
            [b'-', b'-', tail @ ..] => {
                tail.get(tail.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?..)?
            }
            [b'/', b'*', tail @ ..] => comment(tail)?,
            [b'E' | b'e', b'\'', tail @ ..] => escaped(tail)?,
            [b'\'', tail @ ..] => behind(tail, b"'")?,
            [b'"', tail @ ..] => behind(tail, b"\"")?,
            [b'$', tail @ ..] => dollars(tail)?,
            [b'(', tail @ ..] => {
                depth = depth.saturating_add(1);
                tail
            }
            [b')', tail @ ..] => {
                depth = depth.checked_sub(1)?;
                tail
            }
            [b';', ..] if depth == 0 => return None,
            [byte, tail @ ..] if !is_of_word(*byte) => tail,
            _ => {
                let name = word(&mut rest)?;
                if depth == 0 && is_one_of(name, &[b"FROM", b"TO"]) {
                    return Some(is_one_of(word(&mut rest)?, &[b"STDIN", b"STDOUT"]));
                }
                rest
            }
        };
    }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | 0x80..)
}

fn is_one_of(word: &[u8], names: &[&[u8]]) -> bool {
    names.iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// What follows the next `end`. A doubled quote counts as the end of one string and the beginning of the next, which comes to the same.
fn behind<'a>(rest: &'a [u8], end: &[u8]) -> Option<&'a [u8]> {
    let at = rest.windows(end.len()).position(|found| found == end)?;
    rest.get(at.checked_add(end.len())?..)
}

/// What follows a string with backslash escapes (`E'...'`).
fn escaped(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        rest = match rest {
            [b'\\', _, tail @ ..] => tail,
            // A doubled quote.
            [b'\'', b'\'', tail @ ..] => tail,
            [b'\'', tail @ ..] => return Some(tail),
            [_, tail @ ..] => tail,
            [] => return None,
        };
    }
}

/// What follows a dollar-quoted string, or the `$` of a parameter.
fn dollars(rest: &[u8]) -> Option<&[u8]> {
    let length = rest.iter().take_while(|byte| is_of_word(**byte)).count();
    let (tag, tail) = rest.split_at_checked(length)?;
    match tail {
        [b'$', tail @ ..] if !tag.first().is_some_and(u8::is_ascii_digit) => {
            behind(tail, &[b"$", tag, b"$"].concat())
        }
        _ => Some(rest),
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
            assert!(copies_with_client(sql), "{sql}");
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
            assert!(!copies_with_client(sql), "{sql}");
        }
    }
}
