//! The server asks who we are: which answers we give, and to what.

use postgres_protocol::authentication::md5_hash;

use crate::binding::{ChannelBinding, Choice, EndPoint, required};
use crate::config::{Config, Password};
use crate::error::{DecodeError, ProtocolError, Refused};
use crate::frontend;
use crate::reader::Reader;
use crate::scram::{Hashing, Keys, Scram};
use crate::writer::Output;

/// How far the two sides have come.
enum Stage {
    /// Nothing was asked.
    Fresh,
    /// A password was sent.
    Answered,
    /// SCRAM: we said hello.
    ScramFirst(Box<Scram>),
    /// SCRAM: the password is being hashed, and the server waits for the proof.
    Hashing(Box<Scram>),
    /// SCRAM: we proved that we know the password; the server has yet to.
    ScramFinal(Box<Scram>),
    /// SCRAM: the server proved it too.
    Verified,
    /// A step failed half-way.
    Broken,
}

pub(crate) struct Authentication {
    user: String,
    password: Option<Password>,
    allow_cleartext: bool,
    allow_md5: bool,
    max_iterations: u32,
    channel_binding: ChannelBinding,
    require_auth: Option<Vec<String>>,
    end_point: EndPoint,
    stage: Stage,
}

/// What an `Authentication…` message leads to.
pub(crate) enum Step {
    Continue,
    Hash(Hashing),
    Accepted,
}

impl Authentication {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            user: config.user,
            password: config.password,
            allow_cleartext: config.allow_cleartext,
            allow_md5: config.allow_md5,
            max_iterations: config.scram_max_iterations,
            channel_binding: config.channel_binding,
            require_auth: config.require_auth,
            end_point: EndPoint::Plain,
            stage: Stage::Fresh,
        }
    }

    /// The session runs in TLS. `verified`: with the server that was meant, to whom a password may be told.
    pub(crate) fn secured(&mut self, certificate: &[u8], verified: bool) {
        self.end_point = EndPoint::new(Some(certificate));
        self.allow_cleartext |= verified;
        self.allow_md5 |= verified;
    }

    /// Answers one `Authentication…` message.
    pub(crate) fn receive(&mut self, body: &[u8], out: &mut Output) -> Result<Step, ProtocolError> {
        let mut reader = Reader::new(body);
        let code = reader.u32().map_err(malformed)?;
        // A stage that fails must not be entered again, so it is taken out first.
        let stage = std::mem::replace(&mut self.stage, Stage::Broken);
        self.stage = match (code, stage) {
            (0, Stage::ScramFirst(_) | Stage::Hashing(_) | Stage::ScramFinal(_)) => {
                return Err(ProtocolError::new(
                    "the server let us in before it proved that it knows the password: it may not \
                     be the server you think",
                ));
            }
            (0, stage @ (Stage::Fresh | Stage::Answered | Stage::Verified)) => {
                reader.end().map_err(malformed)?;
                if matches!(stage, Stage::Fresh) {
                    self.check("none", "lets us in without asking for a password")?;
                }
                return Ok(Step::Accepted);
            }
            (3, Stage::Fresh) => self.cleartext(&reader, out)?,
            (5, Stage::Fresh) => self.md5(&mut reader, out)?,
            (10, Stage::Fresh) => self.scram(&mut reader, out)?,
            (11, Stage::ScramFirst(mut scram)) => {
                let hashing = scram.first(reader.rest())?;
                self.stage = Stage::Hashing(scram);
                return Ok(Step::Hash(hashing));
            }
            (12, Stage::ScramFinal(mut scram)) => {
                scram.last(reader.rest())?;
                Stage::Verified
            }
            (code, _) => return Err(unsupported(code)),
        };
        Ok(Step::Continue)
    }

    /// The password is hashed: the proof goes out. Keys that nobody waits for are dropped.
    pub(crate) fn hashed(&mut self, keys: Keys, out: &mut Output) -> Result<(), ProtocolError> {
        match std::mem::replace(&mut self.stage, Stage::Broken) {
            Stage::Hashing(mut scram) => {
                scram.prove(keys);
                send(out, |out| frontend::sasl_response(out, scram.message()))?;
                self.stage = Stage::ScramFinal(scram);
            }
            other => self.stage = other,
        }
        Ok(())
    }

    /// Whether what the server does is one of the methods it may use, called as libpq calls them.
    fn check(&self, method: &str, does: &str) -> Result<(), ProtocolError> {
        if let Some(allowed) = &self.require_auth
            && !allowed.iter().any(|name| name == method)
        {
            return Err(ProtocolError::new(format!(
                "the server {does}, and require_auth allows no such login ({}): it may not be the server you think",
                if allowed.is_empty() {
                    "none at all".to_owned()
                } else {
                    format!("it allows {}", allowed.join(", "))
                }
            )));
        }
        if self.channel_binding == ChannelBinding::Require && method != "scram-sha-256" {
            return Err(required(&format!("the server {does}")));
        }
        Ok(())
    }

    fn cleartext(&self, reader: &Reader<'_>, out: &mut Output) -> Result<Stage, ProtocolError> {
        reader.end().map_err(malformed)?;
        self.check("password", "asks for the password in clear text")?;
        if !self.allow_cleartext {
            return Err(ProtocolError::new(
                "the server asks for the password in clear text, which anybody on the way could \
                 read: say sslmode=verify-full, so that only the right server gets it, or set \
                 allow_cleartext_password",
            ));
        }
        let password = self.password("a password in clear text")?;
        send(out, |out| frontend::password(out, password))?;
        Ok(Stage::Answered)
    }

    fn md5(&self, reader: &mut Reader<'_>, out: &mut Output) -> Result<Stage, ProtocolError> {
        let salt = reader.u32().map_err(malformed)?.to_be_bytes();
        reader.end().map_err(malformed)?;
        self.check("md5", "asks for an MD5 hash of the password")?;
        if !self.allow_md5 {
            return Err(ProtocolError::new(
                "the server asks for an MD5 hash of the password, which is as good as the password \
                 itself: set password_encryption = 'scram-sha-256' on the server, say \
                 sslmode=verify-full, or set allow_md5_password",
            ));
        }
        let password = self.password("an MD5 hash of the password")?;
        let hash = md5_hash(self.user.as_bytes(), password.as_bytes(), salt);
        send(out, |out| frontend::password(out, &hash))?;
        Ok(Stage::Answered)
    }

    fn scram(&self, reader: &mut Reader<'_>, out: &mut Output) -> Result<Stage, ProtocolError> {
        let mut offered = Vec::new();
        loop {
            match reader.text().map_err(malformed)? {
                "" => break,
                mechanism => offered.push(mechanism),
            }
        }
        reader.end().map_err(malformed)?;
        self.check("scram-sha-256", "asks for SCRAM")?;
        let choice = Choice::new(&offered, &self.end_point, self.channel_binding)?;
        let password = self.password("a password (SCRAM-SHA-256)")?;
        let mechanism = choice.mechanism();
        let scram = Scram::new(choice, password, self.max_iterations)?;
        send(out, |out| {
            frontend::sasl_initial_response(out, mechanism, scram.message())
        })?;
        Ok(Stage::ScramFirst(Box::new(scram)))
    }

    fn password(&self, asked: &str) -> Result<&str, ProtocolError> {
        let Some(password) = &self.password else {
            return Err(ProtocolError::new(format!(
                "the server asks for {asked} for user {:?}, and none was given",
                self.user
            )));
        };
        Ok(password.reveal())
    }
}

fn send(
    out: &mut Output,
    f: impl FnOnce(&mut Vec<u8>) -> Result<(), Refused>,
) -> Result<(), ProtocolError> {
    out.write(f)
        .map_err(|refused| ProtocolError::new(refused.message))
}

fn malformed(error: DecodeError) -> ProtocolError {
    ProtocolError::new(format!("Authentication is malformed: {error}"))
}

fn unsupported(code: u32) -> ProtocolError {
    let method = match code {
        0 | 3 | 5 | 10 | 11 | 12 => {
            return ProtocolError::new("Authentication came in the wrong order");
        }
        2 => "Kerberos V5",
        6 => "SCM credentials",
        7 | 8 => "GSSAPI",
        9 => "SSPI",
        _ => {
            return ProtocolError::new(format!(
                "the server asks for the unknown authentication method {code}"
            ));
        }
    };
    ProtocolError::new(format!(
        "the server asks for {method} authentication, which is not supported: allow scram-sha-256 \
         for this user in pg_hba.conf"
    ))
}
