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
