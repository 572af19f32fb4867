//! Whether a login is bound to the TLS channel it runs in, so that nobody in between can pass it on (RFC 5802, section 6).

use crate::certificate::end_point_hash;
use crate::error::ProtocolError;

pub(crate) const SCRAM_SHA_256: &str = "SCRAM-SHA-256";
pub(crate) const SCRAM_SHA_256_PLUS: &str = "SCRAM-SHA-256-PLUS";

/// How much the binding matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChannelBinding {
    /// Do not bind.
    Disable,
    /// Bind where both sides can.
    #[default]
    Prefer,
    /// Let nobody in who cannot bind: no other authentication is good enough.
    Require,
}

/// What the session runs in.
#[derive(Debug)]
pub(crate) enum EndPoint {
    Plain,
    /// TLS, with a server whose certificate has this hash.
    Bound(Vec<u8>),
    /// TLS, with a certificate that nothing can be bound to.
    Unbound,
}

impl EndPoint {
    pub(crate) fn new(certificate: Option<&[u8]>) -> Self {
        match certificate {
            None => Self::Plain,
            Some(certificate) => end_point_hash(certificate).map_or(Self::Unbound, Self::Bound),
        }
    }
}

/// What the client says about binding: the flag of the GS2 header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// "p": it is used.
    Bound(Vec<u8>),
    /// "y": the client could, and thinks that the server cannot. A server that can knows then that somebody has taken its
    /// offer away.
    NotOffered,
    /// "n": the client cannot, or does not want to.
    Unable,
}

impl Choice {
    pub(crate) fn new(
        offered: &[&str],
        end_point: &EndPoint,
        wanted: ChannelBinding,
    ) -> Result<Self, ProtocolError> {
        let plus = offered.contains(&SCRAM_SHA_256_PLUS);
        let choice = match (wanted, end_point) {
            (ChannelBinding::Disable, _) => Self::Unable,
            (_, EndPoint::Bound(hash)) if plus => return Ok(Self::Bound(hash.clone())),
            (ChannelBinding::Require, EndPoint::Bound(_)) => {
                return Err(required("the server does not offer SCRAM-SHA-256-PLUS"));
            }
            (ChannelBinding::Require, EndPoint::Unbound) => {
                return Err(required(
                    "the signature of the server's certificate has no hash to bind to (Ed25519 and Ed448 have none)",
                ));
            }
            (ChannelBinding::Require, EndPoint::Plain) => {
                return Err(required("the connection is not encrypted"));
            }
            (ChannelBinding::Prefer, EndPoint::Bound(_)) => Self::NotOffered,
            (ChannelBinding::Prefer, _) => Self::Unable,
        };
        if offered.contains(&SCRAM_SHA_256) {
            return Ok(choice);
        }
        Err(ProtocolError::new(format!(
            "the server offers only the authentication mechanisms {}; SCRAM-SHA-256 is supported",
            offered.join(", ")
        )))
    }

    pub(crate) const fn mechanism(&self) -> &'static str {
        match self {
            Self::Bound(_) => SCRAM_SHA_256_PLUS,
            Self::NotOffered | Self::Unable => SCRAM_SHA_256,
        }
    }

    pub(crate) const fn header(&self) -> &'static str {
        match self {
            Self::Bound(_) => "p=tls-server-end-point,,",
            Self::NotOffered => "y,,",
            Self::Unable => "n,,",
        }
    }

    /// What the client's proof covers: the header and the hash.
    pub(crate) fn input(&self) -> Vec<u8> {
        let mut input = self.header().as_bytes().to_vec();
        if let Self::Bound(hash) = self {
            input.extend_from_slice(hash);
        }
        input
    }
}

pub(crate) fn required(reason: &str) -> ProtocolError {
    ProtocolError::new(format!(
        "channel_binding=require, but {reason}: say channel_binding=prefer to log in without"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: &[&str] = &[SCRAM_SHA_256_PLUS, SCRAM_SHA_256];
    const ONE: &[&str] = &[SCRAM_SHA_256];

    #[test]
    fn the_flag_says_what_the_client_can() {
        use ChannelBinding::{Disable, Prefer, Require};
        let bound = || EndPoint::Bound(vec![1]);
        let cases: [(&[&str], EndPoint, ChannelBinding, Option<&str>); 14] = [
            (BOTH, bound(), Prefer, Some("p=tls-server-end-point,,")),
            (BOTH, bound(), Require, Some("p=tls-server-end-point,,")),
            (BOTH, bound(), Disable, Some("n,,")),
            (ONE, bound(), Prefer, Some("y,,")),
            (ONE, bound(), Disable, Some("n,,")),
            (ONE, bound(), Require, None),
            (BOTH, EndPoint::Unbound, Prefer, Some("n,,")),
            (BOTH, EndPoint::Unbound, Require, None),
            (BOTH, EndPoint::Plain, Prefer, Some("n,,")),
            (ONE, EndPoint::Plain, Prefer, Some("n,,")),
            (ONE, EndPoint::Plain, Require, None),
            (
                &[SCRAM_SHA_256_PLUS],
                bound(),
                Prefer,
                Some("p=tls-server-end-point,,"),
            ),
            (&[SCRAM_SHA_256_PLUS], EndPoint::Plain, Prefer, None),
            (&["X"], bound(), Prefer, None),
        ];
        for (offered, end_point, wanted, header) in cases {
            let choice = Choice::new(offered, &end_point, wanted);
            let found = choice.as_ref().ok().map(Choice::header);
            assert_eq!(found, header, "{offered:?} {end_point:?} {wanted:?}");
        }
    }

    #[test]
    fn other_mechanisms_are_named() {
        let error = Choice::new(
            &["SCRAM-SHA-256-PLUS", "X"],
            &EndPoint::Plain,
            ChannelBinding::Prefer,
        );
        let message = error.unwrap_err().message;
        assert!(message.contains("SCRAM-SHA-256-PLUS, X"), "{message}");
    }
}
