//! What a client sent, as text: an independent reader of the frontend messages.

use super::tokens::quote;

/// Which `p` message is due: they all look the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Password,
    SaslInitial,
    Sasl,
}

pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    fn u16(&mut self) -> u16 {
        u16::from_be_bytes(self.take(2).try_into().unwrap())
    }

    fn i32(&mut self) -> i32 {
        i32::from_be_bytes(self.take(4).try_into().unwrap())
    }

    fn cstr(&mut self) -> String {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap();
        let text = quote(self.take(end));
        self.take(1);
        text
    }

    /// The body of the next message, whose length must be right.
    pub fn body(&mut self) -> &'a [u8] {
        let length = usize::try_from(self.i32()).unwrap();
        self.take(length - 4)
    }
}

pub fn startup(body: &[u8]) -> String {
    let mut reader = Reader(body);
    let mut text = format!("Startup {}.{}", reader.u16(), reader.u16());
    while reader.0 != [0] {
        let name = reader.cstr();
        text += &format!(" {}={}", name.trim_matches('"'), reader.cstr());
    }
    text
}

pub fn message(kind: u8, body: &[u8], answer: Answer) -> String {
    let mut r = Reader(body);
    let text = match kind {
        b'p' => answer_text(&mut r, answer),
        b'P' => {
            let (name, sql, count) = (r.cstr(), r.cstr(), r.u16());
            format!("Parse {name} {sql} {}", list(count, || r.i32().to_string()))
        }
        b'D' => format!("Describe {} {}", char::from(r.take(1)[0]), r.cstr()),
        b'C' => format!("Close {} {}", char::from(r.take(1)[0]), r.cstr()),
        b'H' => "Flush".to_owned(),
        b'd' => format!("CopyData {}", quote(r.take(r.0.len()))),
        b'c' => "CopyDone".to_owned(),
        b'S' => "Sync".to_owned(),
        b'X' => "Terminate".to_owned(),
        b'Q' => format!("Query {}", r.cstr()),
        b'f' => format!("CopyFail {}", r.cstr()),
        b'E' => format!("Execute {} {}", r.cstr(), r.i32()),
        b'B' => {
            let (portal, name) = (r.cstr(), r.cstr());
            let formats = formats(&mut r);
            let count = r.u16();
            let values = list(count, || value(&mut r));
            format!(
                "Bind {portal} {name} {formats} {values} {}",
                self::formats(&mut r)
            )
        }
        other => panic!("unknown frontend message {}", other.escape_ascii()),
    };
    assert_eq!(r.0, [], "bytes left over in {text}");
    text
}

fn answer_text(r: &mut Reader<'_>, answer: Answer) -> String {
    match answer {
        Answer::Password => format!("Password {}", r.cstr()),
        // Nonce and proof are new each time; the scripted server checks them.
        Answer::SaslInitial => {
            let mechanism = r.cstr();
            r.take(4);
            let message = r.take(r.0.len());
            format!("SASLInitialResponse {mechanism} {}", quote(&message[..8]))
        }
        Answer::Sasl => {
            let message = r.take(r.0.len());
            format!("SASLResponse {}", quote(&message[..9]))
        }
    }
}

fn list(count: u16, mut item: impl FnMut() -> String) -> String {
    let items: Vec<String> = (0..count).map(|_| item()).collect();
    format!("[{}]", items.join(" "))
}

fn formats(r: &mut Reader<'_>) -> String {
    let count = r.u16();
    list(count, || {
        ["text", "binary"][usize::from(r.u16())].to_owned()
    })
}

fn value(r: &mut Reader<'_>) -> String {
    match usize::try_from(r.i32()) {
        Ok(length) => quote(r.take(length)),
        Err(_) => "null".to_owned(),
    }
}
