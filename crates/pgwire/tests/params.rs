//! Parameters are counted and measured before they are copied, and nothing is half written.

use pgwire::{Config, Event, Format, Formats, MAX_PARAMETERS, Params, PushError, Refused, Session};
use proptest::prelude::*;

fn ready() -> Session {
    let mut session = Session::new(Config::new("ada", "library")).unwrap();
    let mut input: &[u8] = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I";
    assert!(matches!(session.next(&mut input), Ok(Some(Event::Ready))));
    session.take_output();
    session
}

const TEXT: Formats<'static> = Formats::All(Format::Text);

#[test]
fn there_are_65_535_and_no_more() {
    let mut params = Params::new();
    for _ in 0..MAX_PARAMETERS {
        params.push_null().unwrap();
    }
    assert!(params.push_null().is_err());
    assert!(params.push(Format::Text, b"x").is_err());
    assert!(
        params
            .push_with(Format::Text, |_| Ok::<(), ()>(()))
            .is_err()
    );
    assert_eq!(params.len(), 65_535);

    let mut session = ready();
    session.execute("s1", TEXT, &params).unwrap();
    let output = session.take_output();
    // Portal, name, one format, the count, the values, no result formats: the Bind's length.
    let length = 4 + 1 + 3 + 4 + 2 + 65_535 * 4 + 2;
    assert_eq!(output[1..5], u32::try_from(length).unwrap().to_be_bytes());
    assert_eq!(output[13..15], [255, 255]);
}

#[test]
fn a_value_of_two_gigabytes_is_refused_before_it_is_copied() {
    // Never touched, so it takes no memory.
    let huge = vec![0; 1 << 31];
    let mut params = Params::new();
    params.push(Format::Text, b"before").unwrap();
    let before = params.clone();
    for length in [(1 << 31) - 10, (1 << 31) - 1, 1 << 31] {
        assert!(
            params.push(Format::Binary, &huge[..length]).is_err(),
            "{length}"
        );
    }
    assert_eq!(params, before);
}

#[test]
fn a_failed_encoder_leaves_nothing_behind() {
    let mut params = Params::new();
    params.push(Format::Text, b"before").unwrap();
    let before = params.clone();
    let failed = params.push_with(Format::Text, |out| {
        out.extend_from_slice(b"half");
        Err("no")
    });
    assert_eq!(failed, Err(PushError::Encode("no")));
    assert_eq!(params, before);
}

#[test]
fn an_encoder_that_removes_bytes_is_refused() {
    let mut params = Params::new();
    let refused = params.push_with(Format::Text, |out| {
        out.clear();
        Ok::<(), Refused>(())
    });
    assert!(matches!(refused, Err(PushError::Refused(_))));
    assert!(params.is_empty());
}

#[test]
fn an_unfinished_batch_is_not_sent() {
    let mut session = ready();
    session.simple("select 1").unwrap();
    let before = session.output().to_vec();
    let mut batch = session.batch("s1", TEXT).unwrap();
    batch.push(&Params::new()).unwrap();
    batch.push(&Params::new()).unwrap();
    assert_eq!(batch.len(), 2);
    drop(batch);
    assert_eq!(session.output(), before);
    assert_eq!(session.in_flight(), 1);
}

#[test]
fn executions_in_pieces_are_those_of_a_batch() {
    let (mut whole, mut pieces) = (ready(), ready());
    let params = Params::new();
    whole
        .execute_many("s1", TEXT, [&params, &params, &params])
        .unwrap();
    pieces.begin_executions(3).unwrap();
    let mut sent = Vec::new();
    for _ in 0..3 {
        assert!(pieces.add_execution("s1", TEXT, &params).unwrap());
        let refused = pieces.simple("select 1").unwrap_err();
        assert!(refused.message.contains("being added"), "{refused}");
        sent.extend(pieces.take_output());
    }
    pieces.end_executions().unwrap();
    sent.extend(pieces.take_output());
    assert_eq!(sent, whole.output());
    assert!(!pieces.takes_executions() && pieces.is_ready());
    pieces.end_executions().unwrap();
    assert_eq!(pieces.output(), []);
}

#[test]
fn a_failed_execution_ends_those_that_are_added() {
    let mut session = ready();
    session.begin_executions(3).unwrap();
    assert!(session.add_execution("s1", TEXT, &Params::new()).unwrap());
    session.take_output();
    let mut input: &[u8] = b"2\0\0\0\x04E\0\0\0\x13SERROR\0C23505\0\0";
    assert!(matches!(
        session.next(&mut input),
        Ok(Some(Event::Failed(_)))
    ));
    assert_eq!(session.take_output(), b"S\0\0\0\x04");
    assert!(!session.add_execution("s1", TEXT, &Params::new()).unwrap());
    session.end_executions().unwrap();
    assert_eq!(session.output(), []);
    let mut input: &[u8] = b"Z\0\0\0\x05I";
    assert!(matches!(session.next(&mut input), Ok(Some(Event::Done))));
    assert_eq!(session.in_flight(), 0);
}

#[test]
fn formats_are_said_as_short_as_possible() {
    let mut session = ready();
    for (formats, said) in [
        (Formats::All(Format::Text), &[0, 0][..]),
        (Formats::All(Format::Binary), &[0, 1, 0, 1]),
        (Formats::Each(&[]), &[0, 0]),
        (
            Formats::Each(&[Format::Binary, Format::Text]),
            &[0, 2, 0, 1, 0, 0],
        ),
    ] {
        session.execute("", formats, &Params::new()).unwrap();
        let output = session.take_output();
        let bind = &output[5..1 + usize::from(output[4])];
        assert_eq!(bind, [&[0, 0, 0, 0, 0, 0][..], said].concat());
    }
}

/// The boundary with real bytes; a gigabyte of them, so only on demand.
#[test]
#[ignore = "copies 1 GiB"]
fn all_values_together_fit_into_one_message_or_are_refused() {
    let (longest, half) = (0x3fff_fffe, vec![0; 1 << 29]);
    let mut params = Params::new();
    params.push(Format::Binary, &half).unwrap();
    assert!(params.push(Format::Binary, &half).is_err());
    params
        .push(Format::Binary, &half[..longest - (half.len() + 4) - 4])
        .unwrap();
    assert!(params.push_null().is_err());

    let mut session = ready();
    let refused = session.execute("s1", TEXT, &params).unwrap_err();
    assert!(
        refused.message.contains("does not fit into one message"),
        "{refused}"
    );
    assert!(session.output().is_empty());
    assert_eq!(session.in_flight(), 0);
    session.simple("select 1").unwrap();
}

#[test]
fn a_null_takes_the_format_of_its_neighbour_unless_its_type_has_but_one() {
    let mut params = Params::new();
    params.push_null().unwrap();
    params.push_null_text().unwrap();
    params.push_null().unwrap();
    params.push(Format::Binary, b"x").unwrap();
    params.push_null().unwrap();
    let mut session = ready();
    session.execute("s1", TEXT, &params).unwrap();
    let output = session.take_output();
    // After kind, length, portal and name: their count, and 1 for each that is binary.
    assert_eq!(output[9..21], [0, 5, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1]);
}

proptest! {
    #[test]
    fn lengths_are_right(values in proptest::collection::vec(
        proptest::option::of((any::<bool>(), proptest::collection::vec(any::<u8>(), 0..50))), 0..20,
    )) {
        let mut params = Params::new();
        for value in &values {
            match value {
                None => params.push_null().unwrap(),
                Some((true, bytes)) => params.push(Format::Binary, bytes).unwrap(),
                Some((false, bytes)) => params.push_with(Format::Text, |out| {
                    out.extend_from_slice(bytes);
                    Ok::<(), ()>(())
                }).unwrap(),
            }
        }
        let mut session = ready();
        session.execute("s1", TEXT, &params).unwrap();
        let output = session.take_output();

        let bodies: Vec<u8> = values.iter().flat_map(|value| match value {
            None => vec![255; 4],
            Some((_, bytes)) => {
                [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
            }
        }).collect();
        let end = 1 + usize::try_from(u32::from_be_bytes(output[1..5].try_into().unwrap())).unwrap();
        prop_assert_eq!(&output[end..], &b"E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04"[..]);
        prop_assert_eq!(&output[end - 2 - bodies.len()..end - 2], &bodies[..]);
        let count = &output[end - 4 - bodies.len()..end - 2 - bodies.len()];
        prop_assert_eq!(count, &u16::try_from(values.len()).unwrap().to_be_bytes()[..]);
    }
}
