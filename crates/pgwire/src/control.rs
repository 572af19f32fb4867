//! Statements that cannot be one of several in a request, told by their first words.

/// The command, if the statement is one of those: `BEGIN`, `START TRANSACTION`, `COMMIT`, `END`, `ROLLBACK`, `ABORT`,
/// `SAVEPOINT`, `RELEASE` or `PREPARE TRANSACTION`.
pub fn transaction_command(sql: &str) -> Option<&'static str> {
    let mut rest = sql.as_bytes();
    let first = word(&mut rest)?;
    let known = |name: &str| first.eq_ignore_ascii_case(name.as_bytes());
    for command in [
        "BEGIN",
        "COMMIT",
        "END",
        "ROLLBACK",
        "ABORT",
        "SAVEPOINT",
        "RELEASE",
    ] {
        if known(command) {
            return Some(command);
        }
    }
    if known("START") {
        return Some("START TRANSACTION");
    }
    (known("PREPARE") && word(&mut rest)?.eq_ignore_ascii_case(b"TRANSACTION"))
        .then_some("PREPARE TRANSACTION")
}

/// The command, if the statement begins or ends a whole transaction, rather than a part of it: a
/// [`transaction_command`] that is neither `SAVEPOINT`, `RELEASE` nor `ROLLBACK TO`. What ends a transaction that was
/// prepared before (`COMMIT PREPARED`) is none either.
#[must_use]
pub fn transaction_end(sql: &str) -> Option<&'static str> {
    let command = transaction_command(sql)?;
    if matches!(command, "SAVEPOINT" | "RELEASE") {
        return None;
    }
    let mut rest = sql.as_bytes();
    word(&mut rest)?;
    let is = |word: Option<&[u8]>, names: &[&str]| {
        word.is_some_and(|word| {
            names
                .iter()
                .any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
        })
    };
    let mut next = word(&mut rest);
    if is(next, &["WORK", "TRANSACTION"]) {
        next = word(&mut rest);
    }
    let other = match command {
        "ROLLBACK" => is(next, &["TO", "PREPARED"]),
        "COMMIT" => is(next, &["PREPARED"]),
        _ => false,
    };
    (!other).then_some(command)
}

/// Whether the server forgets prepared statements by this one, `DEALLOCATE` or `DISCARD`.
#[must_use]
pub fn forgets_statements(sql: &str) -> bool {
    let mut rest = sql.as_bytes();
    // Nearly every statement is told by its first letter.
    if rest
        .first()
        .is_some_and(|first| first.is_ascii_alphabetic() && !first.eq_ignore_ascii_case(&b'd'))
    {
        return false;
    }
    word(&mut rest).is_some_and(|first| {
        first.eq_ignore_ascii_case(b"DEALLOCATE") || first.eq_ignore_ascii_case(b"DISCARD")
    })
}

/// Whether the columns of this one are those of another statement or a cursor, which it calls by a name (`EXECUTE`, `FETCH`):
/// behind the name there may be another one the next time, and the server does not say so of what it prepared before.
#[must_use]
pub fn leans_on_a_name(sql: &str) -> bool {
    word(&mut sql.as_bytes()).is_some_and(|first| {
        first.eq_ignore_ascii_case(b"EXECUTE") || first.eq_ignore_ascii_case(b"FETCH")
    })
}

/// The next word behind space, comments and empty statements; None for anything else.
pub(crate) fn word<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    loop {
        *rest = match rest {
            // The server's own notion of space (`scan.l`).
            [
                b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c' | b';',
                tail @ ..,
            ] => tail,
            [b'-', b'-', tail @ ..] => {
                let end = tail.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
                tail.get(end..)?
            }
            [b'/', b'*', tail @ ..] => comment(tail)?,
            _ => break,
        };
    }
    let length = rest
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..))
        .count();
    let (word, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    (!word.is_empty()).then_some(word)
}

/// What follows a comment that has been opened; comments nest.
pub(crate) fn comment(mut rest: &[u8]) -> Option<&[u8]> {
    let mut depth = 1_usize;
    while depth > 0 {
        rest = match rest {
            [b'/', b'*', tail @ ..] => {
                depth = depth.saturating_add(1);
                tail
            }
            [b'*', b'/', tail @ ..] => {
                depth = depth.saturating_sub(1);
                tail
            }
            [_, tail @ ..] => tail,
            [] => return None,
        };
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_transaction_are_no_end_of_it() {
        for (sql, command) in [
            ("COMMIT", Some("COMMIT")),
            ("commit and chain", Some("COMMIT")),
            ("COMMIT WORK;", Some("COMMIT")),
            ("end", Some("END")),
            ("ROLLBACK /* TO */ WORK", Some("ROLLBACK")),
            ("rollback work to savepoint a", None),
            ("ROLLBACK TRANSACTION TO a", None),
            ("ROLLBACK TO a", None),
            ("ROLLBACK PREPARED 'a'", None),
            ("COMMIT PREPARED 'a'", None),
            ("PREPARE TRANSACTION 'a'", Some("PREPARE TRANSACTION")),
            ("START TRANSACTION READ ONLY", Some("START TRANSACTION")),
            ("BEGIN ISOLATION LEVEL SERIALIZABLE", Some("BEGIN")),
            ("ABORT", Some("ABORT")),
            ("SAVEPOINT a", None),
            ("RELEASE a", None),
            ("SELECT 1", None),
        ] {
            assert_eq!(transaction_end(sql), command, "{sql}");
        }
    }

    #[test]
    fn what_makes_the_server_forget_statements() {
        for sql in [
            "DEALLOCATE ALL",
            "deallocate x",
            "/* d */ DISCARD ALL",
            ";\nDiscard plans",
        ] {
            assert!(forgets_statements(sql), "{sql}");
        }
        for sql in [
            "",
            "DELETE FROM t",
            "SELECT 'DISCARD ALL'",
            "(SELECT 1)",
            "-- DISCARD",
        ] {
            assert!(!forgets_statements(sql), "{sql}");
        }
    }

    #[test]
    fn what_returns_what_another_one_returns() {
        for sql in ["EXECUTE p", "fetch 1 FROM c", "-- why\n Execute p(1)"] {
            assert!(leans_on_a_name(sql), "{sql}");
        }
        for sql in ["", "EXPLAIN EXECUTE p", "SELECT 1", "executed", "'FETCH'"] {
            assert!(!leans_on_a_name(sql), "{sql}");
        }
    }

    #[test]
    fn first_words_decide() {
        for (sql, command) in [
            ("COMMIT", Some("COMMIT")),
            ("commit;", Some("COMMIT")),
            (" \n\t;; End", Some("END")),
            ("-- why\nROLLBACK TO a", Some("ROLLBACK")),
            ("/* a /* b */ c */begin read only", Some("BEGIN")),
            ("/**/ /*;*/ abort", Some("ABORT")),
            ("start transaction", Some("START TRANSACTION")),
            ("savepoint a", Some("SAVEPOINT")),
            ("release a", Some("RELEASE")),
            ("prepare/**/transaction 'x'", Some("PREPARE TRANSACTION")),
            ("prepare x as select 1", None),
            ("prepare", None),
            ("committed", None),
            ("commit_it", None),
            ("begin$", None),
            ("SELECT 'COMMIT'", None),
            ("(SELECT 1)", None),
            ("\"commit\"", None),
            ("-- COMMIT", None),
            ("/* COMMIT", None),
            ("/* /* */ COMMIT", None),
            ("", None),
            (";", None),
        ] {
            assert_eq!(transaction_command(sql), command, "{sql}");
        }
    }
}
