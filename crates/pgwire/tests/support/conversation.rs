//! Plays a conversation and writes down what happened.
//!
//! A file has four kinds of lines. `>` calls the session and `B` is what the server says: these are
//! played. `F` is what the session sends and `=` an event: these are written down after each call
//! and after each group of `B` lines, and must come out as they stand in the file.

use pgwire::{Event, ProtocolError, Session};

use super::client::{self, Answer, Reader};
use super::tokens::{Token, quote, tokens};
use super::{events, scram, server};

/// How the server's bytes reach the session.
#[derive(Clone, Copy, Debug)]
pub enum Feed {
    /// Each group of messages at once.
    Whole,
    /// Byte by byte.
    Bytes,
    /// At once, but for one cut, so many bytes after the beginning of the conversation.
    Cut(usize),
    /// At once, with one byte changed.
    Damage { at: usize, mask: u8 },
    /// At once, the body of this message, counted from 0, with so many bytes more or less and a length that says so.
    Resized { message: usize, by: isize },
}

#[derive(Default)]
pub struct Player {
    pub(super) session: Option<Session>,
    pub(super) password: String,
    started: bool,
    answer: Option<Answer>,
    /// The client's SCRAM messages, and the server that reads them.
    said: Vec<u8>,
    scram: Option<scram::Server>,
    error: Option<ProtocolError>,
    fast_path: bool,
    /// Bytes the server has said so far.
    pub offset: usize,
    /// Messages it has said so far.
    pub messages: usize,
    pub transcript: String,
}

impl Player {
    pub fn play(script: &str, feed: Feed) -> Self {
        Self::default().played(script, feed)
    }

    /// The same, trying the fast path before each event.
    pub fn play_fast(script: &str, feed: Feed) -> Self {
        let player = Self {
            fast_path: true,
            ..Self::default()
        };
        player.played(script, feed)
    }

    fn played(mut self, script: &str, feed: Feed) -> Self {
        let player = &mut self;
        let mut lines = script.lines().peekable();
        while let Some(line) = lines.next() {
            let Some((mark, rest)) = line.split_at_checked(2) else {
                player.write(line);
                continue;
            };
            match mark {
                "> " => {
                    player.write(line);
                    player.call(&tokens(rest));
                }
                "B " => {
                    player.write(line);
                    let mut group = player.said(&tokens(rest), feed);
                    while let Some(line) = lines.next_if(|line| line.starts_with("B ")) {
                        player.write(line);
                        group.extend(player.said(&tokens(&line[2..]), feed));
                    }
                    player.feed(group, feed);
                }
                "F " | "= " => {}
                _ => player.write(line),
            }
        }
        self
    }

    pub(super) fn write(&mut self, line: impl AsRef<str>) {
        self.transcript.push_str(line.as_ref());
        self.transcript.push('\n');
    }

    pub(super) fn session(&mut self) -> &mut Session {
        self.session
            .as_mut()
            .expect("a conversation begins with > connect")
    }

    /// The same, if the feed resizes it.
    fn said(&mut self, words: &[Token], feed: Feed) -> Vec<u8> {
        let bytes = self.say(words);
        self.messages += 1;
        match feed {
            Feed::Resized { message, by } if message + 1 == self.messages => resized(&bytes, by),
            _ => bytes,
        }
    }

    /// The bytes of one message of the server.
    fn say(&mut self, words: &[Token]) -> Vec<u8> {
        let (name, args) = words.split_first().unwrap();
        match name.word() {
            "ScramFirst" => {
                self.answer = Some(Answer::Sasl);
                let scram = scram::Server::new(&self.said, &self.password, args[0].word());
                let body = [&server::int(11), scram.first().as_bytes()].concat();
                self.scram = Some(scram);
                server::framed(b'R', &body)
            }
            "ScramFinal" => {
                let proof = match args.first() {
                    Some(proof) => proof.str().to_owned(),
                    None => self.scram.as_ref().unwrap().last(&self.said),
                };
                server::framed(b'R', &[&server::int(12), proof.as_bytes()].concat())
            }
            name => {
                self.answer = Some(match name {
                    "AuthenticationSASL" => Answer::SaslInitial,
                    _ => Answer::Password,
                });
                server::message(name, args)
            }
        }
    }

    fn feed(&mut self, mut group: Vec<u8>, feed: Feed) {
        let start = self.offset;
        self.offset += group.len();
        let pieces: Vec<&[u8]> = match feed {
            Feed::Bytes => group.chunks(1).collect(),
            Feed::Cut(at) if (start..self.offset).contains(&at) => {
                let (head, tail) = group.split_at(at - start);
                vec![head, tail]
            }
            Feed::Damage { at, mask } if (start..self.offset).contains(&at) => {
                group[at - start] ^= mask;
                vec![&group]
            }
            _ => vec![&group],
        };
        for piece in pieces {
            if self.error.is_none() {
                self.listen(piece);
            }
        }
        self.sent();
    }

    fn take_fast_path(&mut self, input: &mut &[u8]) {
        loop {
            let before = input.len();
            let session = self.session();
            session.pass_bound(input);
            if let Some(row) = session.rows().and_then(|mut rows| rows.next(input)) {
                let text = events::text(&Event::Row(row));
                self.write(format!("= {text}"));
            }
            let session = self.session();
            if let Some(tag) = session.end(input) {
                let status = events::status(session.status());
                let text = events::text(&Event::Complete(tag));
                self.write(format!("= {text}\n= Done {status}"));
            }
            if input.len() == before {
                return;
            }
        }
    }

    fn listen(&mut self, mut input: &[u8]) {
        loop {
            if self.fast_path {
                self.take_fast_path(&mut input);
            }
            let session = self
                .session
                .as_mut()
                .expect("a conversation begins with > connect");
            let line = match session.next(&mut input) {
                Ok(None) => break,
                Ok(Some(Event::Hashing(hashing))) => {
                    session.hashed(hashing.run()).unwrap();
                    continue;
                }
                Ok(Some(event)) => events::text(&event),
                Err(error) => {
                    let again = session.next(&mut input).unwrap_err();
                    assert_eq!(error, again);
                    self.write(format!("= Error {}", quote(&error.message)));
                    self.error = Some(error);
                    return;
                }
            };
            let status = events::status(session.status());
            let done = matches!(line.as_str(), "Done" | "Ready");
            self.write(if done {
                format!("= {line} {status}")
            } else {
                format!("= {line}")
            });
        }
        assert_eq!(input, [], "None means that all of it was used");
    }

    /// Writes down what the session wants to send.
    pub(super) fn sent(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        let sent = session.take_output();
        let mut reader = Reader(&sent);
        if !self.started && !sent.is_empty() {
            self.started = true;
            let text = client::startup(reader.body());
            self.write(format!("F {text}"));
        }
        while !reader.0.is_empty() {
            let kind = reader.take(1)[0];
            let body = reader.body();
            let answer = self.answer.unwrap_or(Answer::Password);
            if answer == Answer::SaslInitial {
                let mechanism = body.iter().position(|byte| *byte == 0).unwrap();
                self.said = body[mechanism + 5..].to_vec();
            } else {
                self.said = body.to_vec();
            }
            self.write(format!("F {}", client::message(kind, body, answer)));
        }
    }
}

fn resized(message: &[u8], by: isize) -> Vec<u8> {
    let mut body = message[5..].to_vec();
    body.resize(body.len().saturating_add_signed(by), 0);
    server::framed(message[0], &body)
}
