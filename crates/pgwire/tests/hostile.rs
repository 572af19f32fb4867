//! No byte string makes the parser panic, in no state: it is an error, or events.

#[path = "support/ready.rs"]
mod ready;

use pgwire::{Config, Direction, Event, Format, Formats, Params, Session};
use proptest::prelude::*;
use ready::ready;

const KINDS: &[u8] = b"123ACDEGHIKNRSTVWZcdnstv";

/// A session of each kind: starting with all methods, idle, and with each request in flight.
fn sessions() -> Vec<Session> {
    let mut config = Config::new("ada", "library");
    config.password = Some("pencil".into());
    (config.allow_cleartext, config.allow_md5) = (true, true);
    let mut scram = Session::new(config.clone()).unwrap();
    let mut input: &[u8] = b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0";
    assert!(matches!(scram.next(&mut input), Ok(None)));

    let mut sessions = vec![Session::new(config).unwrap(), scram, ready()];
    let params = Params::new();
    let text = Formats::All(Format::Text);
    let requests: [&dyn Fn(&mut Session); 9] = [
        &|session| session.prepare("s1", "select 1", &[]).unwrap(),
        &|session| session.execute("s1", text, &params).unwrap(),
        &|session| {
            session
                .execute_many("s1", text, [&params, &params])
                .unwrap()
        },
        &|session| {
            let mut statements = session.statements().unwrap();
            statements.push("select 1").unwrap();
            statements.push("select 2, 3").unwrap();
            statements.finish().unwrap();
        },
        &|session| session.close_statements(["s1", "s2"]).unwrap(),
        &|session| session.simple("select 1").unwrap(),
        &|session| session.open_portal("p1", "s1", text, &params).unwrap(),
        &|session| session.fetch("p1", 5).unwrap(),
        &|session| session.close_portal("p1").unwrap(),
    ];
    let mut pipeline = ready();
    for request in requests {
        let mut session = ready();
        request(&mut session);
        sessions.push(session);
        request(&mut pipeline);
    }
    sessions.push(pipeline);
    for added in 0..3 {
        let mut session = ready();
        session.begin_executions(3).unwrap();
        for _ in 0..added {
            session.add_execution("s1", text, &params).unwrap();
        }
        sessions.push(session);
    }
    for direction in [Direction::In, Direction::Out] {
        for begun in [&b""[..], b"1\0\0\0\x042\0\0\0\x04"] {
            let mut session = ready();
            session.copy("copy t", direction).unwrap();
            let mut input = begun;
            assert!(matches!(session.next(&mut input), Ok(None)));
            sessions.push(session);
        }
    }
    for begun in [&b""[..], b"1\0\0\0\x04", b"1\0\0\0\x04t\0\0\0\x06\0\0"] {
        let mut session = ready();
        session
            .copy_described("copy t", Direction::In, "select x from t")
            .unwrap();
        let mut input = begun;
        assert!(matches!(session.next(&mut input), Ok(None)));
        sessions.push(session);
    }
    let mut taking = ready();
    taking.copy("copy t", Direction::In).unwrap();
    let mut input: &[u8] = b"1\0\0\0\x042\0\0\0\x04G\0\0\0\x07\0\0\0";
    assert!(matches!(
        taking.next(&mut input),
        Ok(Some(Event::CopyIn(_)))
    ));
    assert_eq!(taking.copy_data(b"1\n"), Ok(true));
    sessions.push(taking);
    sessions
}

/// Looks at everything an event has.
fn look(event: &Event<'_>) {
    if let Event::Row(row) = event {
        assert_eq!(row.iter().count(), row.len());
    }
    assert!(!format!("{event:?}").is_empty());
}

fn play(session: &mut Session, bytes: &[u8]) {
    for piece in bytes.chunks(7) {
        let mut input = piece;
        loop {
            let before = input.len();
            match session.next(&mut input) {
                Ok(Some(event)) => look(&event),
                Ok(None) => break assert!(input.is_empty()),
                Err(error) => {
                    assert!(!error.message.is_empty());
                    assert!(!session.is_ready() && session.simple("select 1").is_err());
                    assert_eq!(session.eof(), Err(error));
                    return;
                }
            }
            assert!(input.len() <= before);
        }
    }
    let _ = session.eof();
}

fn framed((kind, body): (u8, Vec<u8>)) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
    [&[kind], &length[..], &body].concat()
}

/// Small counts, lengths and NULs, so that some bodies mean something.
fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        proptest::collection::vec(prop_oneof![Just(0), 0..6_u8, Just(255), any::<u8>()], 0..40),
        Just(b"I".to_vec()),
        Just(b"SELECT 1\0".to_vec()),
        Just(b"\0\x01\0\0\0\x01x".to_vec()),
        Just(b"SERROR\0C42601\0\0".to_vec()),
        Just(vec![]),
    ]
}

fn stream() -> impl Strategy<Value = Vec<u8>> {
    let message = (prop::sample::select(KINDS), body()).prop_map(framed);
    let noise = proptest::collection::vec(any::<u8>(), 0..20);
    proptest::collection::vec(prop_oneof![9 => message, 1 => noise], 0..12)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn messages_of_any_content_do_no_harm(bytes in stream()) {
        for mut session in sessions() {
            play(&mut session, &bytes);
        }
    }

    #[test]
    fn bytes_of_any_kind_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for mut session in sessions() {
            play(&mut session, &bytes);
        }
    }
}

/// Every message type with every short body, in every state.
#[test]
fn small_messages_do_no_harm() {
    for kind in 0..=u8::MAX {
        for body in [
            &[][..],
            &[0],
            &[255],
            b"I",
            &[0; 2],
            &[255; 2],
            &[0; 4],
            &[255; 4],
            &[0; 300],
        ] {
            let message = framed((kind, body.to_vec()));
            for mut session in sessions() {
                play(&mut session, &message);
                play(&mut session, &message);
            }
        }
    }
}

#[test]
fn a_session_may_move_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<Session>();
    check::<Params>();
}

/// A flood is either refused or leaves nothing behind.
#[test]
fn a_flood_of_parameters_is_refused() {
    let mut session = ready();
    let mut refused = false;
    for number in 0..2_000 {
        let message = framed((b'S', format!("p{number}\0on\0").into_bytes()));
        let mut input = &message[..];
        refused |= session.next(&mut input).is_err();
    }
    assert!(refused);
    assert_eq!(session.parameter("p0"), Some("on"));
    assert_eq!(session.parameter("p1999"), None);
}

#[test]
fn the_limit_for_messages_is_the_callers() {
    let mut config = Config::new("ada", "library");
    config.max_message = 100;
    let mut session = Session::new(config).unwrap();
    let mut input: &[u8] = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I";
    assert!(matches!(session.next(&mut input), Ok(Some(Event::Ready))));
    session
        .execute("s1", Formats::All(Format::Text), &Params::new())
        .unwrap();
    session.pass_bound(&mut &b"2\0\0\0\x04"[..]);
    // A complete one is refused as well.
    let row = [&b"D\0\0\0\x69\0\x01\0\0\0\x5f"[..], &[b'x'; 95]].concat();
    let mut input = &row[..];
    let mut rows = session.rows().unwrap();
    assert!(rows.next(&mut input).is_none());
    assert!(rows.made(&mut input, Iterator::next).is_none());
    let error = session.next(&mut input).unwrap_err();
    assert_eq!(
        error.message,
        "a message of type 'D' says it is 105 bytes long; 4 to 104 are possible"
    );
}

#[test]
fn an_error_is_no_gigabyte() {
    for kind in [b'E', b'N', b'A'] {
        let mut session = ready();
        let mut input: &[u8] = &[kind, 0, 0x80, 0, 5];
        assert!(session.next(&mut input).is_err());
    }
}
