//! SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, 7677): both sides prove that they know the password.
//!
//! What a hostile server may choose, the nonce, the salt and the iteration count, is checked before anything is hashed:
//! that is the only expensive step of a start-up, and left to the session's owner (`keys`).

mod keys;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

pub use self::keys::{Hashing, Keys};
use crate::binding::Choice;
use crate::error::ProtocolError;

/// The longest number of iterations worth reading, in digits.
const ITERATION_DIGITS: usize = 10;

/// Random bytes of our nonce: as many as libpq takes.
const NONCE: usize = 18;

/// The name that PostgreSQL ignores: it knows who we are from the start-up message.
const FIRST: &str = "n=,r=";

pub(crate) struct Scram {
    password: Vec<u8>,
    choice: Choice,
    max_iterations: u32,
    nonce: String,
    /// The server's first message, and its nonce in it.
    server_first: String,
    server_nonce: String,
    keys: Option<Keys>,
    message: String,
}

impl Scram {
    pub(crate) fn new(
        choice: Choice,
        password: &str,
        max_iterations: u32,
    ) -> Result<Self, ProtocolError> {
        let mut random = [0; NONCE];
        getrandom::fill(&mut random).map_err(|error| {
            ProtocolError::new(format!("the system gives no random bytes: {error}"))
        })?;
        let nonce = STANDARD.encode(random);
        // PostgreSQL takes a password that SASLprep refuses as it is.
        let prepared = stringprep::saslprep(password);
        let password = prepared.map_or_else(|_| password.to_owned(), Into::into);
        Ok(Self {
            password: password.into_bytes(),
            message: format!("{}{FIRST}{nonce}", choice.header()),
            choice,
            max_iterations,
            nonce,
            server_first: String::new(),
            server_nonce: String::new(),
            keys: None,
        })
    }

    /// The bytes to send next.
    pub(crate) const fn message(&self) -> &[u8] {
        self.message.as_bytes()
    }

    /// Takes in the server's first message: what is to be hashed.
    pub(crate) fn first(&mut self, message: &[u8]) -> Result<Hashing, ProtocolError> {
        let text = std::str::from_utf8(message).map_err(|_| malformed("it is not UTF-8"))?;
        let mut parts = text.split(',');
        let nonce = part(&mut parts, "r=")?;
        let salt = part(&mut parts, "s=")?;
        let iterations = part(&mut parts, "i=")?;
        if parts.next().is_some() {
            return Err(malformed(
                "it has more than nonce, salt and iteration count",
            ));
        }
        if nonce.len() <= self.nonce.len() || !nonce.starts_with(&self.nonce) {
            return Err(malformed("its nonce does not continue ours"));
        }
        if salt.is_empty() {
            return Err(malformed("its salt is empty"));
        }
        let iterations = self.check_iterations(iterations)?;
        let salt = STANDARD
            .decode(salt)
            .map_err(|_| malformed("its salt is not base64"))?;
        nonce.clone_into(&mut self.server_nonce);
        text.clone_into(&mut self.server_first);
        Ok(Hashing {
            password: std::mem::take(&mut self.password),
            salt,
            iterations,
        })
    }

    /// Makes the proof out of the keys.
    pub(crate) fn prove(&mut self, keys: Keys) {
        let bound = STANDARD.encode(self.choice.input());
        self.message = format!("c={bound},r={}", self.server_nonce);
        let stored: [u8; 32] = Sha256::digest(keys.client).into();
        let mut proof = keys.client;
        let signature = keys::hmac(&stored, &[self.signed().as_bytes()]);
        keys::xor(&mut proof, &signature);
        // What both sign is kept, without the proof.
        self.server_first = self.signed();
        self.message.push_str(",p=");
        STANDARD.encode_string(proof, &mut self.message);
        self.keys = Some(keys);
    }

    /// Takes in the server's proof.
    pub(crate) fn last(&mut self, message: &[u8]) -> Result<(), ProtocolError> {
        let text = std::str::from_utf8(message).unwrap_or_default();
        let reason = match (text.strip_prefix("v="), &self.keys) {
            (Some(proof), Some(keys)) => match STANDARD.decode(proof) {
                Ok(proof) if keys::verifies(&keys.server, &self.server_first, &proof) => {
                    return Ok(());
                }
                Ok(_) => "its signature is wrong".to_owned(),
                Err(_) => "its signature is not base64".to_owned(),
            },
            _ => match text.strip_prefix("e=") {
                Some(error) => format!("it says {:?}", error.chars().take(100).collect::<String>()),
                None => "its message is malformed".to_owned(),
            },
        };
        Err(ProtocolError::new(format!(
            "the server did not prove that it knows the password ({reason}): it may not be the server you think"
        )))
    }

    /// What both sides sign: all that was said so far (`AuthMessage`).
    fn signed(&self) -> String {
        format!(
            "{FIRST}{},{},{}",
            self.nonce, self.server_first, self.message
        )
    }

    fn check_iterations(&self, text: &str) -> Result<u32, ProtocolError> {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number {
            return Err(malformed("its iteration count is not a number"));
        }
        match text.parse::<u32>() {
            Ok(0) => Err(malformed("its iteration count is 0")),
            Ok(count) if count <= self.max_iterations => Ok(count),
            _ => Err(ProtocolError::new(format!(
                "the server asks for {} SCRAM iterations, the limit is {} (scram_max_iterations)",
                if text.len() > ITERATION_DIGITS {
                    "an absurd number of"
                } else {
                    text
                },
                self.max_iterations
            ))),
        }
    }
}

fn part<'a>(parts: &mut std::str::Split<'a, char>, name: &str) -> Result<&'a str, ProtocolError> {
    parts
        .next()
        .and_then(|part| part.strip_prefix(name))
        .ok_or_else(|| malformed(&format!("{name} is missing")))
}

fn malformed(what: &str) -> ProtocolError {
    ProtocolError::new(format!("the server's SCRAM message is malformed: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scram() -> Scram {
        Scram::new(Choice::Unable, "secret", 100_000).unwrap()
    }

    fn first(change: impl Fn(&str) -> String) -> Result<u32, ProtocolError> {
        let mut scram = scram();
        let own = scram.nonce.clone();
        let hashing = scram.first(change(&own).as_bytes())?;
        Ok(hashing.iterations())
    }

    #[test]
    fn iterations_are_checked_before_hashing() {
        let many = "9".repeat(400);
        for count in [
            "0",
            "100001",
            "10000000",
            "2147483647",
            "4294967296",
            &many,
            "",
            "-1",
            "+5",
            "4e3",
        ] {
            let refused = first(|own| format!("r={own}x,s=c2FsdA==,i={count}"));
            assert!(refused.is_err(), "{count}");
        }
        for count in [1, 4096, 100_000] {
            let accepted = first(|own| format!("r={own}x,s=c2FsdA==,i={count}"));
            assert_eq!(accepted, Ok(count), "{count}");
        }
    }

    #[test]
    fn the_nonce_must_continue_ours_and_there_must_be_salt() {
        for (case, message) in [
            ("our nonce back", "r={},s=c2FsdA==,i=1"),
            ("another nonce", "r=x{},s=c2FsdA==,i=1"),
            ("no nonce", "r=,s=c2FsdA==,i=1"),
            ("no salt", "r={}x,s=,i=1"),
            ("bad salt", "r={}x,s=!,i=1"),
            ("extension", "m=x,r={}x,s=c2FsdA==,i=1"),
            ("more", "r={}x,s=c2FsdA==,i=1,x=y"),
            ("nothing", ""),
        ] {
            assert!(first(|own| message.replace("{}", own)).is_err(), "{case}");
        }
    }

    #[test]
    fn a_server_without_proof_is_refused() {
        for proof in ["v=", "v=AAAA", "e=other-error", "", "v=!"] {
            let mut scram = scram();
            let message = format!("r={}x,s=c2FsdA==,i=1", scram.nonce);
            let hashing = scram.first(message.as_bytes()).unwrap();
            scram.prove(hashing.run());
            assert!(scram.last(proof.as_bytes()).is_err(), "{proof}");
        }
    }
}
