//! From the first message to the first `ReadyForQuery`.

use crate::auth::{Authentication, Step};
use crate::config::Config;
use crate::error::{DecodeError, ProtocolError, Refused};
use crate::expect::Expect;
use crate::reader::Reader;
use crate::scram::{Hashing, Keys};
use crate::writer::Output;

pub(crate) struct Startup {
    pub(crate) at: Expect,
    authentication: Authentication,
}

impl Startup {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            at: Expect::Authentication,
            authentication: Authentication::new(config),
        }
    }

    pub(crate) fn authenticate(
        &mut self,
        body: &[u8],
        out: &mut Output,
    ) -> Result<Option<Hashing>, ProtocolError> {
        match self.authentication.receive(body, out)? {
            Step::Continue => {}
            Step::Hash(hashing) => return Ok(Some(hashing)),
            Step::Accepted => self.at = Expect::Accepted,
        }
        Ok(None)
    }

    pub(crate) fn hashed(&mut self, keys: Keys, out: &mut Output) -> Result<(), ProtocolError> {
        self.authentication.hashed(keys, out)
    }

    pub(crate) fn secured(&mut self, certificate: &[u8], verified: bool) {
        self.authentication.secured(certificate, verified);
    }
}

/// What would be sent, or be understood, differently than it was meant.
pub(crate) fn check(config: &Config) -> Result<(), Refused> {
    if config.user.is_empty() {
        return Err(Refused::new("the user name is empty: PostgreSQL needs one"));
    }
    if config
        .password
        .as_ref()
        .is_some_and(|password| password.reveal().contains('\0'))
    {
        return Err(Refused::new(
            "the password contains a NUL character: PostgreSQL cannot take it",
        ));
    }
    for (name, value) in &config.parameters {
        check_parameter(name, value)?;
    }
    Ok(())
}

fn check_parameter(name: &str, value: &str) -> Result<(), Refused> {
    let refused = match name.to_ascii_lowercase().as_str() {
        // An empty name would end the message, and what follows it would be lost.
        "" => "a start-up parameter has an empty name".to_owned(),
        "user" | "database" => {
            format!("{name} is not a start-up parameter: it has its own setting")
        }
        "replication" => "replication needs its own protocol, which is not supported".to_owned(),
        "client_encoding" => format!(
            "client_encoding is always UTF8; remove the start-up parameter that makes it {value:?}"
        ),
        _ => return Ok(()),
    };
    Err(Refused::new(refused))
}

/// `NegotiateProtocolVersion`: the server does not know the version or some options we asked for.
/// We asked for 3.0 and no options, so it has nothing to say that would change anything.
pub(crate) fn check_negotiation(body: &[u8]) -> Result<(), DecodeError> {
    let mut reader = Reader::new(body);
    let _newest_minor = reader.u32()?;
    for _ in 0..reader.u32()? {
        reader.cstr()?;
    }
    reader.end()
}
