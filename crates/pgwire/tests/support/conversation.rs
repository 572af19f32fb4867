//! Plays a conversation and writes down what happened.
//!
//! A file has four kinds of lines. `>` calls the session and `B` is what the server says: these are
//! played. `F` is what the session sends and `=` an event: these are written down after each call
//! and after each group of `B` lines, and must come out as they stand in the file.

use pgwire::{
    COPY_ROOM, ChannelBinding, Config, Direction, Event, Format, Formats, Params, ProtocolError,
    Session,
};

use super::client::{self, Answer, Reader};
use super::tokens::{Token, quote, tokens};
use super::{events, scram, server, unnamed};

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
}

#[derive(Default)]
pub struct Player {
    session: Option<Session>,
    password: String,
    started: bool,
    answer: Option<Answer>,
    /// The client's SCRAM messages, and the server that reads them.
    said: Vec<u8>,
    scram: Option<scram::Server>,
    error: Option<ProtocolError>,
    /// Bytes the server has said so far.
    pub offset: usize,
    pub transcript: String,
}

impl Player {
    pub fn play(script: &str, feed: Feed) -> Self {
        let mut player = Self::default();
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
                    let mut group = player.say(&tokens(rest));
                    while let Some(line) = lines.next_if(|line| line.starts_with("B ")) {
                        player.write(line);
                        group.extend(player.say(&tokens(&line[2..])));
                    }
                    player.feed(group, feed);
                }
                "F " | "= " => {}
                _ => player.write(line),
            }
        }
        player
    }

    fn write(&mut self, line: impl AsRef<str>) {
        self.transcript.push_str(line.as_ref());
        self.transcript.push('\n');
    }

    fn session(&mut self) -> &mut Session {
        self.session
            .as_mut()
            .expect("a conversation begins with > connect")
    }

    fn call(&mut self, call: &[Token]) {
        let (name, args) = call.split_first().unwrap();
        let outcome = match name.word() {
            "connect" => self.connect(args),
            "prepare" => {
                let types: Vec<u32> = args[2..]
                    .iter()
                    .map(|oid| oid.word().parse().unwrap())
                    .collect();
                self.session().prepare(args[0].str(), args[1].str(), &types)
            }
            "execute" => {
                let params = params(&args[2..]);
                self.session()
                    .execute(args[0].str(), Formats::All(format(&args[1])), &params)
            }
            "execute_many" => {
                let rows: Vec<Params> = args[2..]
                    .split(|token| *token == Token::Word("/".to_owned()))
                    .filter(|row| !row.is_empty())
                    .map(params)
                    .collect();
                let formats = Formats::All(format(&args[1]));
                self.session().execute_many(args[0].str(), formats, &rows)
            }
            "join" => {
                let params = params(&args[2..]);
                self.session()
                    .join(args[0].str(), Formats::All(format(&args[1])), &params)
                    .map(drop)
            }
            "close_group" => self.session().close_group(),
            "begin" => {
                self.session().begin_with_next(args[0].str());
                Ok(())
            }
            "statements" => self.statements(args),
            "run" | "run_many" | "open_unnamed" | "join_unnamed" => {
                unnamed::call(self.session(), name.word(), args)
            }
            "close" => self.session().close_statements(args.iter().map(Token::str)),
            "open" => {
                let params = params(&args[3..]);
                let formats = Formats::All(format(&args[2]));
                self.session()
                    .open_portal(args[0].str(), args[1].str(), formats, &params)
            }
            "fetch" => {
                let limit = args[1].word().parse().unwrap();
                self.session().fetch(args[0].str(), limit)
            }
            "close_portal" => self.session().close_portal(args[0].str()),
            "copy_in" => self.session().copy(args[0].str(), Direction::In),
            "copy_in_described" => {
                self.session()
                    .copy_described(args[0].str(), Direction::In, args[1].str())
            }
            "copy_out" => self.session().copy(args[0].str(), Direction::Out),
            "copy_data" => {
                let taken = self.session().copy_data(args[0].text());
                self.taken(taken)
            }
            "copy_message" => {
                let mut message = [&[0; COPY_ROOM], args[0].text()].concat();
                let taken = self.session().copy_message(&mut message);
                assert_eq!(message.is_empty(), taken == Ok(true));
                self.taken(taken)
            }
            "copy_done" => {
                let taken = self.session().copy_done();
                self.taken(taken)
            }
            "copy_fail" => {
                let taken = self.session().copy_fail(args[0].str());
                self.taken(taken)
            }
            "simple" => self.session().simple(args[0].str()),
            "terminate" => {
                self.session().terminate();
                Ok(())
            }
            "eof" => {
                match self.session().eof() {
                    Ok(()) => self.write("= Eof expected"),
                    Err(error) => self.write(format!("= Eof {}", quote(error.message))),
                }
                Ok(())
            }
            other => panic!("unknown call {other}"),
        };
        if let Err(refused) = outcome {
            self.write(format!("= Refused {}", quote(refused.message)));
        }
        self.sent();
    }

    fn statements(&mut self, texts: &[Token]) -> Result<(), pgwire::Refused> {
        let mut statements = self.session().statements()?;
        for sql in texts {
            statements.push(sql.str())?;
        }
        statements.finish()
    }

    fn taken(&mut self, outcome: Result<bool, pgwire::Refused>) -> Result<(), pgwire::Refused> {
        if !outcome? {
            self.write("= NotTaken");
        }
        Ok(())
    }

    fn connect(&mut self, args: &[Token]) -> Result<(), pgwire::Refused> {
        let mut config = Config::new("ada", "library");
        let (mut certificate, mut verified) = (None, false);
        for arg in args {
            match arg {
                Token::Word(word) if word == "verified" => verified = true,
                Token::Word(word) if word == "require_binding" => {
                    config.channel_binding = ChannelBinding::Require;
                }
                Token::Word(word) if word == "allow_cleartext" => config.allow_cleartext = true,
                Token::Word(word) if word == "allow_md5" => config.allow_md5 = true,
                Token::Field(name, value) => {
                    let value = String::from_utf8(value.clone()).unwrap();
                    match name.as_str() {
                        "password" => {
                            self.password.clone_from(&value);
                            config.password = Some(value.into());
                        }
                        "tls" => certificate = Some(scram::certificate(&value)),
                        "require_auth" => {
                            config.require_auth =
                                Some(value.split_whitespace().map(str::to_owned).collect());
                        }
                        "user" => config.user = value,
                        "database" => config.database = value,
                        "max_message" => config.max_message = value.parse().unwrap(),
                        _ => config.parameters.push((name.clone(), value)),
                    }
                }
                other => panic!("unknown setting {other:?}"),
            }
        }
        let mut session = Session::new(config)?;
        if let Some(certificate) = certificate {
            session.secured(&certificate, verified);
        }
        self.session = Some(session);
        Ok(())
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

    fn listen(&mut self, mut input: &[u8]) {
        loop {
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
    fn sent(&mut self) {
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

pub(super) fn params(values: &[Token]) -> Params {
    let mut params = Params::new();
    for value in values {
        match value.value() {
            None => params.push_null().unwrap(),
            Some(bytes) => params.push(Format::Text, bytes).unwrap(),
        }
    }
    params
}

pub(super) fn format(token: &Token) -> Format {
    match token.word() {
        "text" => Format::Text,
        "binary" => Format::Binary,
        other => panic!("unknown format {other}"),
    }
}
