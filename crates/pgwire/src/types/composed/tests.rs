//! What the server writes, and what it would not.

use std::ops::Bound::{Excluded, Included, Unbounded};

use super::*;

fn fields(text: &str) -> Vec<Option<String>> {
    let parsed = record(text).unwrap();
    parsed
        .into_iter()
        .map(|field| field.map(Into::into))
        .collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn records_as_postgresql_writes_them() {
    for (text, expected) in [
        ("()", vec![None]),
        ("(\"\")", vec![some("")]),
        ("(,)", vec![None, None]),
        (
            "(1,\"$1,000.50\",)",
            vec![some("1"), some("$1,000.50"), None],
        ),
        (
            r#"("a""b\\c","(x,""y"")")"#,
            vec![some(r#"a"b\c"#), some(r#"(x,"y")"#)],
        ),
        ("(\" \n\t\",é🦀)", vec![some(" \n\t"), some("é🦀")]),
        (r#"(a"b c"d,\,\))"#, vec![some("ab cd"), some(",)")]),
    ] {
        assert_eq!(fields(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_record() {
    for text in [
        "", "(", "(1", "(1,", "1)", "(1) 2", "(\"1)", "(\"1\\", "(1\\",
    ] {
        assert!(record(text).is_err(), "{text}");
    }
}

#[test]
fn what_is_quoted_is_read_again() {
    for text in ["", " ", "a\"b\\c", "\\", "\"", "(,)[]{}", "é\n"] {
        let mut written = String::from("(");
        quote(text, &mut written);
        written.push(',');
        quote(text, &mut written);
        written.push(')');
        assert_eq!(fields(&written), [some(text), some(text)]);
        let as_range = written.replace('(', "[");
        if !text.contains('(') {
            let span = range(&as_range).unwrap();
            assert_eq!(
                span,
                Span::Bounds(Included(text.into()), Excluded(text.into()))
            );
        }
    }
}

#[test]
fn ranges_as_postgresql_writes_them() {
    for (text, lower, upper) in [
        ("[1,3)", Included("1".into()), Excluded("3".into())),
        ("(,]", Unbounded, Unbounded),
        (
            "(\"a,b\",\"\"]",
            Excluded("a,b".into()),
            Included("".into()),
        ),
        (
            "[\"2026-01-01 00:00:00\",)",
            Included("2026-01-01 00:00:00".into()),
            Unbounded,
        ),
    ] {
        assert_eq!(range(text), Ok(Span::Bounds(lower, upper)), "{text}");
    }
    assert_eq!(range("empty"), Ok(Span::Empty));
    assert_eq!(multirange("{}"), Ok(vec![]));
    let one = Span::Bounds(Included("1".into()), Excluded("3".into()));
    let other = Span::Bounds(Included("5".into()), Unbounded);
    assert_eq!(multirange("{[1,3),[5,)}"), Ok(vec![one, other]));
}

#[test]
fn what_is_no_range() {
    for text in [
        "", "[", "[1", "[1,", "[1,2", "1,2)", "[1,2) 3", "empty 1", "[\"1,2)",
    ] {
        assert!(range(text).is_err(), "{text}");
    }
    for text in ["", "{", "{[1,2)", "{[1,2),}", "{[1,2)} 3", "[1,2)"] {
        assert!(multirange(text).is_err(), "{text}");
    }
}
