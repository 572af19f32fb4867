//! A session to test with.

use pgwire::{Config, Event, Session};

/// One that has logged in.
pub fn ready() -> Session {
    let mut session = Session::new(Config::new("ada", "library")).unwrap();
    let mut input: &[u8] = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I";
    assert!(matches!(session.next(&mut input), Ok(Some(Event::Ready))));
    session
}
