//! SCRAM-SHA-256: both sides prove that they know the password.
//!
//! The arithmetic is `postgres-protocol`'s. What a hostile server may choose, the nonce, the salt and the
//! iteration count, is checked here first: hashing is the only expensive step of a start-up.

use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256};

use crate::error::ProtocolError;

/// The longest number of iterations worth reading, in digits.
const ITERATION_DIGITS: usize = 10;

pub(crate) struct Scram {
    inner: ScramSha256,
    max_iterations: u32,
}

impl Scram {
    /// Chooses a mechanism of those offered.
    ///
    /// SCRAM-SHA-256-PLUS would be chosen here, given the certificate's hash (`tls-server-end-point`); the
    /// session has none, so it says "n": the client does not support channel binding.
    pub(crate) fn new(
        offered: &[&str],
        password: &str,
        max_iterations: u32,
    ) -> Result<(Self, &'static str), ProtocolError> {
        if !offered.contains(&SCRAM_SHA_256) {
            return Err(ProtocolError::new(format!(
                "the server offers only the authentication mechanisms {}; SCRAM-SHA-256 is supported",
                offered.join(", ")
            )));
        }
        let inner = ScramSha256::new(password.as_bytes(), ChannelBinding::unsupported());
        Ok((
            Self {
                inner,
                max_iterations,
            },
            SCRAM_SHA_256,
        ))
    }

    /// The bytes to send next.
    pub(crate) fn message(&self) -> &[u8] {
        self.inner.message()
    }

    /// Takes in the server's first message: this hashes.
    pub(crate) fn first(&mut self, message: &[u8]) -> Result<(), ProtocolError> {
        let text = std::str::from_utf8(message).map_err(|_| malformed("it is not UTF-8"))?;
        let mut parts = text.split(',');
        let nonce = part(&mut parts, "r=")?;
        let salt = part(&mut parts, "s=")?;
        let iterations = part(&mut parts, "i=")?;

        let own = self.own_nonce();
        if nonce.len() <= own.len() || !nonce.starts_with(own) {
            return Err(malformed("its nonce does not continue ours"));
        }
        if salt.is_empty() {
            return Err(malformed("its salt is empty"));
        }
        self.check_iterations(iterations)?;
        self.inner
            .update(message)
            .map_err(|error| malformed(&error.to_string()))
    }

    /// Takes in the server's proof.
    pub(crate) fn last(&mut self, message: &[u8]) -> Result<(), ProtocolError> {
        self.inner.finish(message).map_err(|error| {
            ProtocolError::new(format!(
                "the server did not prove that it knows the password ({error}): it may not be the \
                 server you think"
            ))
        })
    }

    fn own_nonce(&self) -> &str {
        let message = std::str::from_utf8(self.inner.message()).unwrap_or_default();
        // With the comma: the random nonce has none, but may well contain "r=".
        message.rsplit_once(",r=").map_or("", |(_, nonce)| nonce)
    }

    fn check_iterations(&self, text: &str) -> Result<(), ProtocolError> {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number {
            return Err(malformed("its iteration count is not a number"));
        }
        match text.parse::<u32>() {
            Ok(0) => Err(malformed("its iteration count is 0")),
            Ok(count) if count <= self.max_iterations => Ok(()),
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

    fn first(change: impl Fn(&str) -> String) -> Result<(), ProtocolError> {
        let (mut scram, _) = Scram::new(&[SCRAM_SHA_256], "secret", 100_000).unwrap();
        let own = scram.own_nonce().to_owned();
        scram.first(change(&own).as_bytes())
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
        for count in ["1", "4096"] {
            let accepted = first(|own| format!("r={own}x,s=c2FsdA==,i={count}"));
            assert_eq!(accepted, Ok(()), "{count}");
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
            let (mut scram, _) = Scram::new(&[SCRAM_SHA_256], "secret", 100_000).unwrap();
            let own = scram.own_nonce().to_owned();
            scram
                .first(format!("r={own}x,s=c2FsdA==,i=1").as_bytes())
                .unwrap();
            assert!(scram.last(proof.as_bytes()).is_err(), "{proof}");
        }
    }

    #[test]
    fn other_mechanisms_are_named() {
        let error = Scram::new(&["SCRAM-SHA-256-PLUS", "X"], "", 1)
            .err()
            .unwrap();
        assert!(error.message.contains("SCRAM-SHA-256-PLUS, X"), "{error}");
    }
}
