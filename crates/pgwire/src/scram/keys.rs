//! The one expensive step of a login: from the password to the keys that prove it (RFC 5802, section 3).

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// What is to be hashed, so that its owner chooses where: at the most iterations a server may ask for it takes tens of
/// milliseconds, which an event loop cannot spare.
#[derive(Clone)]
pub struct Hashing {
    /// As SASLprep (RFC 4013) makes it.
    pub(crate) password: Vec<u8>,
    pub(crate) salt: Vec<u8>,
    pub(crate) iterations: u32,
}

/// What the hashing gives. It is as good as the password for this server, and does not show itself either.
#[derive(Clone)]
pub struct Keys {
    pub(crate) client: [u8; 32],
    pub(crate) server: [u8; 32],
}

impl Hashing {
    /// How many rounds the server asks for: at most [`Config::scram_max_iterations`](crate::Config::scram_max_iterations).
    pub const fn iterations(&self) -> u32 {
        self.iterations
    }

    /// Does the work.
    pub fn run(&self) -> Keys {
        let salted = self.salted();
        Keys {
            client: hmac(&salted, &[b"Client Key"]),
            server: hmac(&salted, &[b"Server Key"]),
        }
    }

    /// Tells one hashing from every other, for who keeps keys.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.iterations.to_be_bytes());
        hash.update(self.salt.len().to_be_bytes());
        hash.update(&self.salt);
        hash.update(&self.password);
        hash.finalize().into()
    }

    /// PBKDF2 with HMAC-SHA-256 and one block.
    fn salted(&self) -> [u8; 32] {
        // The keyed state is copied, not made anew: that is half of the work of each round.
        let keyed = keyed(&self.password);
        let mut first = keyed.clone();
        first.update(&self.salt);
        first.update(&1_u32.to_be_bytes());
        let mut round: [u8; 32] = first.finalize().into_bytes().into();
        let mut salted = round;
        for _ in 1..self.iterations {
            let mut next = keyed.clone();
            next.update(&round);
            round = next.finalize().into_bytes().into();
            xor(&mut salted, &round);
        }
        salted
    }
}

impl fmt::Debug for Hashing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hashing({} iterations)", self.iterations)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(****)")
    }
}

/// A MAC with its key in it; a key of any length is one.
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()))
}

pub(super) fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = keyed(key);
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Whether the MAC of a text is this, told in a time that does not depend on where they differ.
pub(super) fn verifies(key: &[u8], text: &str, signature: &[u8]) -> bool {
    let mut mac = keyed(key);
    mac.update(text.as_bytes());
    mac.verify_slice(signature).is_ok()
}

pub(super) fn xor(left: &mut [u8; 32], right: &[u8; 32]) {
    for (left, right) in left.iter_mut().zip(right) {
        *left ^= right;
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn keys_are_those_of_rfc_7677() {
        let hashing = Hashing {
            password: b"pencil".to_vec(),
            salt: STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap(),
            iterations: 4096,
        };
        let auth = "n=user,r=rOprNGfwEbeRWgbNEkqO,\
                    r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,\
                    c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let signature = hmac(&hashing.run().server, &[auth.as_bytes()]);
        assert_eq!(
            STANDARD.encode(signature),
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        );
    }

    #[test]
    fn fingerprints_tell_every_part_apart() {
        let hashing = |password: &[u8], salt: &[u8], iterations| {
            let (password, salt) = (password.to_vec(), salt.to_vec());
            Hashing {
                password,
                salt,
                iterations,
            }
            .fingerprint()
        };
        let same = hashing(b"ab", b"cd", 1);
        assert_eq!(same, hashing(b"ab", b"cd", 1));
        for other in [
            hashing(b"ab", b"cd", 2),
            hashing(b"b", b"cda", 1),
            hashing(b"dab", b"c", 1),
            hashing(b"ac", b"cd", 1),
        ] {
            assert_ne!(same, other);
        }
    }
}
