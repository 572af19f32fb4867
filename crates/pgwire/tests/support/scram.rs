//! The server's side of SCRAM-SHA-256, written from RFC 5802 and checked with RFC 7677's example.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

pub struct Server {
    password: Vec<u8>,
    header: String,
    client_first_bare: String,
    server_first: String,
}

/// A certificate that is empty but for the algorithm that signed it: "ecdsa" (with SHA-256) or "ed25519".
pub fn certificate(algorithm: &str) -> Vec<u8> {
    let oid: &[u8] = match algorithm {
        "ecdsa" => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
        "ed25519" => &[0x2b, 0x65, 0x70],
        other => panic!("unknown algorithm {other}"),
    };
    let length = u8::try_from(oid.len()).unwrap();
    let algorithm = [&[0x30, length + 2, 6, length][..], oid].concat();
    let body = [&[0x30, 0][..], &algorithm, &[3, 1, 0]].concat();
    [&[0x30, u8::try_from(body.len()).unwrap()][..], &body].concat()
}

const SALT: &[u8] = b"0123456789abcdef";

impl Server {
    /// From the client's first message, `n,,n=,r=…`, or `p=tls-server-end-point,,n=,r=…`.
    pub fn new(client_first: &[u8], password: &str, iterations: &str) -> Self {
        let client_first = std::str::from_utf8(client_first).unwrap();
        let at = client_first.find("n=,r=").unwrap();
        let (header, client_first_bare) = client_first.split_at(at);
        let (_, nonce) = client_first_bare.split_once("r=").unwrap();
        assert!(nonce.len() >= 18, "{nonce} is too short to be random");
        Self {
            password: password.as_bytes().to_vec(),
            header: header.to_owned(),
            client_first_bare: client_first_bare.to_owned(),
            server_first: format!(
                "r={nonce}serverpart,s={},i={iterations}",
                STANDARD.encode(SALT)
            ),
        }
    }

    pub fn first(&self) -> &str {
        &self.server_first
    }

    /// Checks the client's proof and gives the server's.
    pub fn last(&self, client_final: &[u8]) -> String {
        let client_final = std::str::from_utf8(client_final).unwrap();
        let (without_proof, proof) = client_final.rsplit_once(",p=").unwrap();
        let mut bound = self.header.clone().into_bytes();
        if self.header.starts_with("p=") {
            bound.extend_from_slice(&Sha256::digest(certificate("ecdsa")));
        }
        assert!(
            without_proof.starts_with(&format!("c={},", STANDARD.encode(bound))),
            "the client is bound to something else"
        );
        let (_, iterations) = self.server_first.rsplit_once("i=").unwrap();
        let auth = format!(
            "{},{},{without_proof}",
            self.client_first_bare, self.server_first
        );
        let salted = salted(&self.password, SALT, iterations.parse().unwrap());
        assert_eq!(
            proof,
            client_proof(&salted, &auth),
            "the client's proof is wrong"
        );
        format!("v={}", server_signature(&salted, &auth))
    }
}

fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn xor(a: [u8; 32], b: [u8; 32]) -> [u8; 32] {
    std::array::from_fn(|at| a[at] ^ b[at])
}

fn salted(password: &[u8], salt: &[u8], iterations: u32) -> [u8; 32] {
    let mut round = hmac(password, &[salt, &[0, 0, 0, 1]].concat());
    let mut salted = round;
    for _ in 1..iterations {
        round = hmac(password, &round);
        salted = xor(salted, round);
    }
    salted
}

fn client_proof(salted: &[u8; 32], auth: &str) -> String {
    let key = hmac(salted, b"Client Key");
    let stored: [u8; 32] = Sha256::digest(key).into();
    STANDARD.encode(xor(key, hmac(&stored, auth.as_bytes())))
}

fn server_signature(salted: &[u8; 32], auth: &str) -> String {
    STANDARD.encode(hmac(&hmac(salted, b"Server Key"), auth.as_bytes()))
}

/// RFC 7677, section 3.
pub fn check_against_the_rfc() {
    let salt = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
    let auth = "n=user,r=rOprNGfwEbeRWgbNEkqO,\
                r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,\
                c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    let salted = salted(b"pencil", &salt, 4096);
    assert_eq!(
        client_proof(&salted, auth),
        "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    );
    assert_eq!(
        server_signature(&salted, auth),
        "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    );
}
