use super::*;

fn elements(text: &str) -> Vec<Option<String>> {
    let literal = parse(text, ',').unwrap();
    let owned = |element: Option<Cow<'_, str>>| element.map(Cow::into_owned);
    literal.elements.into_iter().map(owned).collect()
}

fn dimensions(text: &str) -> Vec<(usize, i32)> {
    let literal = parse(text, ',').unwrap();
    let pair = |dimension: &Dimension| (dimension.length, dimension.lower_bound);
    literal.dimensions.iter().map(pair).collect()
}

#[test]
fn elements_as_postgresql_writes_them() {
    let text = r#"{"a\"b",NULL,"NULL","","x y","a,b"," c ",d,"{}",NU,"\\"}"#;
    let expected = [
        Some("a\"b"),
        None,
        Some("NULL"),
        Some(""),
        Some("x y"),
        Some("a,b"),
        Some(" c "),
        Some("d"),
        Some("{}"),
        Some("NU"),
        Some("\\"),
    ];
    assert_eq!(
        elements(text),
        expected.map(|element| element.map(str::to_owned))
    );
    assert_eq!(dimensions(text), [(11, 1)]);
    assert_eq!(
        parse("{(3,4),(1,2);(7,8),(5,6)}", ';')
            .unwrap()
            .elements
            .len(),
        2
    );
}

#[test]
fn what_is_plain_is_not_copied() {
    let literal = parse(r#"{a,"b c","\d"}"#, ',').unwrap();
    let copied = |element: &Option<Cow<'_, str>>| matches!(element, Some(Cow::Owned(_)));
    let copied: Vec<_> = literal.elements.iter().map(copied).collect();
    assert_eq!(copied, [false, false, true]);
}

#[test]
fn dimensions_as_postgresql_writes_them() {
    assert_eq!(dimensions("{}"), []);
    assert_eq!(dimensions("{{a,b},{c,d},{e,f}}"), [(3, 1), (2, 1)]);
    assert_eq!(dimensions("[0:1][2:2]={{a},{b}}"), [(2, 0), (1, 2)]);
    assert_eq!(dimensions("[-5:-4]={a,b}"), [(2, -5)]);
    assert_eq!(dimensions("{{{{{{a}}}}}}"), [(1, 1); 6]);
}

#[test]
fn what_people_write_is_read_as_the_server_reads_it() {
    let text = r#" [2] = { { a b , "c" } , { \n\u\l\l\ , Null } } "#;
    assert!(parse(text, ',').is_err());
    let text = text.replace("[2]", "[2][2]");
    assert_eq!(
        elements(&text),
        [Some("a b"), Some("c"), Some("null "), None].map(|element| element.map(str::to_owned))
    );
    assert_eq!(dimensions(&text), [(2, 1), (2, 1)]);
}

#[test]
fn what_is_no_array() {
    for text in [
        "",
        "a",
        "{",
        "}",
        "{a",
        "{a,",
        "{a,}",
        "{,a}",
        "{a}}",
        "{a}b",
        "{{}}",
        "{{a},b}",
        "{b,{a}}",
        "{{a},{b,c}}",
        "{{{{{{{a}}}}}}}",
        "{\"a}",
        "{\"a\"b}",
        "{a\"b\"}",
        "{a\\",
        "{\"a\\",
        "{a{b}}",
        "[0:1]={a}",
        "[0:1]={}",
        "[0:1]{a,b}",
        "[1:0]={a}",
        "[x]={a}",
        "[0={a}",
        "[-2147483648:2147483647]={a}",
        "{{a},{{b}}}",
        "{{{a}},{b}}",
    ] {
        assert!(parse(text, ',').is_err(), "{text}");
    }
}

#[test]
fn what_is_quoted_comes_back() {
    for element in ["", "NULL", "a\"b\\c", "{,}", " x ", "🦀\\"] {
        let mut text = "{".to_owned();
        quote(element, &mut text);
        text.push('}');
        assert_eq!(elements(&text), [Some(element.to_owned())]);
    }
}
