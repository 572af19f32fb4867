//! The `>` lines of a conversation: what the session is asked to do.

use pgwire::{COPY_ROOM, ChannelBinding, Config, Direction, Format, Formats, Params, Session};

use super::conversation::Player;
use super::tokens::{Token, quote};
use super::{scram, unnamed};

impl Player {
    pub(super) fn call(&mut self, call: &[Token]) {
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
