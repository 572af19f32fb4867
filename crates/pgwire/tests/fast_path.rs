//! The fast path takes what it is meant for, and nothing else.

#[path = "support/ready.rs"]
mod ready;

use pgwire::{Event, Format, Formats, Params};
use ready::ready;

#[test]
fn a_row_whose_lengths_do_not_add_up_is_never_made() {
    let whole = b"D\0\0\0\x0f\0\x01\0\0\0\x0512345";
    for (place, byte) in [(6, 0), (6, 2), (10, 4), (10, 6), (7, 0x80), (5, 0xff)] {
        let mut damaged = whole.to_vec();
        damaged[place] = byte;
        let mut session = ready();
        session.fetch("p1", 2).unwrap();
        let mut rows = session.rows().unwrap();
        let count = |values: &mut pgwire::Values<'_>| Some(values.by_ref().count());
        let mut input: &[u8] = &[&whole[..], &damaged, whole].concat();
        assert_eq!(rows.made(&mut input, count), Some(1));
        let left = input;
        assert_eq!(rows.made(&mut input, count), None, "{place}: {byte}");
        assert_eq!(input, left);
        let error = session.next(&mut input).unwrap_err();
        assert!(error.message.contains("DataRow"), "{}", error.message);
    }
}

#[test]
fn what_is_not_the_last_end_is_left_to_next() {
    const END: &[u8] = b"C\0\0\0\x0dSELECT 1\0Z\0\0\0\x05I";
    let text = Formats::All(Format::Text);
    let params = Params::new();

    // More executions are to follow.
    let mut many = ready();
    many.execute_many("s1", text, [&params, &params]).unwrap();
    many.pass_bound(&mut &b"2\0\0\0\x04"[..]);
    let mut input = END;
    assert!(many.end(&mut input).is_none());
    assert_eq!(input, END);
    assert!(matches!(
        many.next(&mut input),
        Ok(Some(Event::Complete(_)))
    ));
    assert!(many.next(&mut input).is_err());
}

#[test]
fn a_broken_session_has_no_fast_path() {
    let mut session = ready();
    session.fetch("p1", 2).unwrap();
    assert!(session.rows().is_some());
    assert!(session.next(&mut &b"?\0\0\0\x04"[..]).is_err());
    assert!(session.rows().is_none());
    assert!(
        session
            .end(&mut &b"C\0\0\0\x0dSELECT 1\0Z\0\0\0\x05I"[..])
            .is_none()
    );
}

#[test]
fn no_more_rows_come_than_were_asked_for() {
    let row = b"D\0\0\0\x0b\0\x01\0\0\0\x011";
    let mut session = ready();
    session.fetch("p1", 2).unwrap();
    let mut input: &[u8] = &row.repeat(3);
    assert!(matches!(session.next(&mut input), Ok(Some(Event::Row(_)))));
    let mut rows = session.rows().unwrap();
    assert!(rows.next(&mut input).is_some());
    assert!(rows.next(&mut input).is_none());
    assert!(rows.made(&mut input, |values| values.next()).is_none());
    let error = session.next(&mut input).unwrap_err();
    assert_eq!(error.message, "more rows came than were asked for");
}
