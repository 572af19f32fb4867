//! Of a server's certificate, the hash that binds a login to it: `tls-server-end-point` (RFC 5929, section 4.1).

use der::asn1::{AnyRef, ContextSpecific};
use der::{Decode, Reader, SliceReader, TagNumber};
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier};

const RSA_PSS: &str = "1.2.840.113549.1.1.10";
const SHA_1: &str = "1.3.14.3.2.26";

/// None: the algorithm that signed it has no hash of its own (Ed25519, Ed448), or is not known, or this is no certificate.
pub(crate) fn end_point_hash(certificate: &[u8]) -> Option<Vec<u8>> {
    let algorithm = signature_algorithm(certificate).ok()?;
    let name = if algorithm.oid.to_string() == RSA_PSS {
        pss_hash(&algorithm).ok()?
    } else {
        algorithm.oid
    };
    Some(match name.to_string().as_str() {
        // MD5 and SHA-1, with RSA, DSA and ECDSA: the RFC replaces them.
        "1.2.840.113549.1.1.4"
        | "1.2.840.113549.1.1.5"
        | "1.2.840.10040.4.3"
        | "1.2.840.10045.4.1"
        | SHA_1
        | "1.2.840.113549.1.1.11"
        | "2.16.840.1.101.3.4.3.2"
        | "1.2.840.10045.4.3.2"
        | "2.16.840.1.101.3.4.2.1" => Sha256::digest(certificate).to_vec(),
        "1.2.840.113549.1.1.12"
        | "2.16.840.1.101.3.4.3.3"
        | "1.2.840.10045.4.3.3"
        | "2.16.840.1.101.3.4.2.2" => Sha384::digest(certificate).to_vec(),
        "1.2.840.113549.1.1.13"
        | "2.16.840.1.101.3.4.3.4"
        | "1.2.840.10045.4.3.4"
        | "2.16.840.1.101.3.4.2.3" => Sha512::digest(certificate).to_vec(),
        "1.2.840.113549.1.1.14"
        | "2.16.840.1.101.3.4.3.1"
        | "1.2.840.10045.4.3.1"
        | "2.16.840.1.101.3.4.2.4" => Sha224::digest(certificate).to_vec(),
        "1.2.840.113549.1.1.15" | "2.16.840.1.101.3.4.2.5" => {
            Sha512_224::digest(certificate).to_vec()
        }
        "1.2.840.113549.1.1.16" | "2.16.840.1.101.3.4.2.6" => {
            Sha512_256::digest(certificate).to_vec()
        }
        _ => return None,
    })
}

/// `Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }` (RFC 5280, section 4.1).
fn signature_algorithm(certificate: &[u8]) -> der::Result<AlgorithmIdentifierRef<'_>> {
    let mut reader = SliceReader::new(certificate)?;
    reader.sequence(|inner| {
        AnyRef::decode(inner)?;
        let algorithm = AlgorithmIdentifierRef::decode(inner)?;
        AnyRef::decode(inner)?;
        Ok(algorithm)
    })
}

/// `RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] HashAlgorithm DEFAULT sha1Identifier, ... }` (RFC 4055, section 3.1).
fn pss_hash(algorithm: &AlgorithmIdentifierRef<'_>) -> der::Result<ObjectIdentifier> {
    let default = ObjectIdentifier::new(SHA_1)?;
    let Some(parameters) = algorithm.parameters else {
        return Ok(default);
    };
    parameters.sequence(|inner| {
        let hash =
            ContextSpecific::<AlgorithmIdentifierRef<'_>>::decode_explicit(inner, TagNumber(0))?;
        while !inner.is_finished() {
            AnyRef::decode(inner)?;
        }
        Ok(hash.map_or(default, |hash| hash.value.oid))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A certificate that is empty but for its algorithm.
    fn signed_by(oid: &str, parameters: &[u8]) -> Vec<u8> {
        let oid = ObjectIdentifier::new_unwrap(oid);
        let mut algorithm = vec![6, u8::try_from(oid.as_bytes().len()).unwrap()];
        algorithm.extend_from_slice(oid.as_bytes());
        algorithm.extend_from_slice(parameters);
        sequence(&[sequence(&[]), sequence(&[algorithm]), vec![3, 1, 0]])
    }

    fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
        let body = parts.concat();
        [&[0x30, u8::try_from(body.len()).unwrap()][..], &body].concat()
    }

    #[test]
    fn the_hash_is_that_of_the_signature() {
        for (oid, expected) in [
            ("1.2.840.113549.1.1.4", Some(32)), // MD5
            ("1.2.840.10045.4.1", Some(32)),    // SHA-1
            ("1.2.840.10045.4.3.2", Some(32)),
            ("1.2.840.113549.1.1.12", Some(48)),
            ("1.2.840.113549.1.1.13", Some(64)),
            ("1.2.840.113549.1.1.14", Some(28)),
            ("1.3.101.112", None), // Ed25519
            ("1.3.101.113", None), // Ed448
        ] {
            let hash = end_point_hash(&signed_by(oid, &[]));
            assert_eq!(hash.map(|hash| hash.len()), expected, "{oid}");
        }
    }

    #[test]
    fn the_hash_of_rsa_pss_is_among_its_parameters() {
        let sha_384 = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
        let name = [&[6, 9][..], sha_384.as_bytes()].concat();
        let hash = sequence(&[name]);
        let tagged = [&[0xa0, u8::try_from(hash.len()).unwrap()][..], &hash].concat();
        let salt_length = vec![0xa2, 3, 2, 1, 48];
        let given = signed_by(RSA_PSS, &sequence(&[tagged, salt_length]));
        assert_eq!(end_point_hash(&given).unwrap().len(), 48);
        let default = signed_by(RSA_PSS, &sequence(&[]));
        assert_eq!(
            end_point_hash(&default),
            Some(Sha256::digest(&default).to_vec())
        );
    }

    #[test]
    fn what_is_no_certificate_has_none() {
        let whole = signed_by("1.2.840.10045.4.3.2", &[5, 0]);
        for end in 0..whole.len() {
            assert_eq!(end_point_hash(&whole[..end]), None);
        }
        assert_eq!(end_point_hash(b"\x30\x84\xff\xff\xff\xff"), None);
    }
}
