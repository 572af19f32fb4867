//! A statement that begins a transaction in front of a request: what its replies say of the request itself.

use pgwire::{Config, Event, Format, Formats, Params, Session};

/// A session that is ready and has sent everything.
fn session() -> Session {
    let mut session = Session::new(Config::new("ada", "library")).unwrap();
    let mut ready: &[u8] = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I";
    while session.next(&mut ready).unwrap().is_some() {}
    let _ = session.take_output();
    session
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&[kind], length.to_be_bytes().as_slice(), body].concat()
}

fn begun() -> Vec<u8> {
    [
        message(b'1', b""),
        message(b'2', b""),
        message(b'C', b"BEGIN\0"),
    ]
    .concat()
}

fn refused() -> Vec<u8> {
    message(
        b'E',
        b"SERROR\0C0A000\0Mcached plan must not change result type\0\0",
    )
}

/// Whether the errors in `answer` say that nothing was executed.
fn unexecuted(session: &mut Session, answer: &[u8]) -> Vec<bool> {
    let mut input = answer;
    let mut told = Vec::new();
    while let Some(event) = session.next(&mut input).unwrap() {
        if let Event::Failed(error) = event {
            told.push(error.unexecuted);
        }
    }
    told
}

#[test]
fn what_began_the_transaction_is_not_the_statement_executed() {
    let mut session = session();
    session.begin_with_next("BEGIN");
    let text = Formats::All(Format::Text);
    session.execute("s1", text, &Params::new()).unwrap();
    let answer = [begun(), refused(), message(b'Z', b"E")].concat();
    assert_eq!(unexecuted(&mut session, &answer), [true]);
}

#[test]
fn each_of_a_group_is_executed_by_itself() {
    let text = Formats::All(Format::Text);
    for late in [false, true] {
        let mut session = session();
        session.begin_with_next("BEGIN");
        session.join("s1", text, &Params::new()).unwrap();
        session.join("s2", text, &Params::new()).unwrap();
        session.close_group().unwrap();
        let first = [message(b'2', b""), message(b'C', b"INSERT 0 1\0")].concat();
        let second = if late { message(b'2', b"") } else { Vec::new() };
        let answer = [begun(), first, second, refused(), message(b'Z', b"E")].concat();
        assert_eq!(unexecuted(&mut session, &answer), [!late]);
    }
}

#[test]
fn many_executions_in_pieces_come_behind_it() {
    let mut session = session();
    session.begin_with_next("BEGIN");
    session.begin_executions(2).unwrap();
    assert!(!session.take_back_begin(), "it has gone out");
    let sent = session.take_output();
    assert_eq!(kinds(&sent), "PBE");
    let text = Formats::All(Format::Text);
    assert!(session.add_execution("s1", text, &Params::new()).unwrap());
    assert!(session.add_execution("s1", text, &Params::new()).unwrap());
    session.end_executions().unwrap();
    assert_eq!(kinds(&session.take_output()), "BEBES");
    let one = [message(b'2', b""), message(b'C', b"INSERT 0 1\0")].concat();
    let answer = [begun(), one.clone(), one, message(b'Z', b"T")].concat();
    let mut input = answer.as_slice();
    let mut seen = String::new();
    while let Some(event) = session.next(&mut input).unwrap() {
        seen.push(match event {
            Event::Begun => 'b',
            Event::Complete(_) => 'c',
            Event::Done => 'd',
            _ => '?',
        });
    }
    assert_eq!(seen, "bccd");
}

#[test]
fn when_it_fails_no_execution_is_taken_any_more() {
    let mut session = session();
    session.begin_with_next("BEGIN");
    session.begin_executions(2).unwrap();
    let _ = session.take_output();
    assert_eq!(unexecuted(&mut session, &refused()), [true]);
    let text = Formats::All(Format::Text);
    assert!(!session.add_execution("s1", text, &Params::new()).unwrap());
    assert_eq!(kinds(&session.take_output()), "S");
}

/// The types of the messages.
fn kinds(mut bytes: &[u8]) -> String {
    let mut kinds = String::new();
    while let [kind, a, b, c, d, ..] = *bytes {
        kinds.push(char::from(kind));
        let length = u32::from_be_bytes([a, b, c, d]);
        bytes = &bytes[1 + usize::try_from(length).unwrap()..];
    }
    kinds
}
