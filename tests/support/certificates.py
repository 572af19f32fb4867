"""Certificates for TLS tests: an authority, what it signs, and what it takes back."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import NameOID

_PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Certificate:
    """Files of one certificate and its key."""

    cert: Path
    key: Path
    serial: int

    @property
    def der(self) -> bytes:
        return x509.load_pem_x509_certificate(self.cert.read_bytes()).public_bytes(serialization.Encoding.DER)


class Authority:
    """Signs certificates; its own is the file `cert`."""

    def __init__(self, folder: Path, name: str = "ferrow-test-ca") -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._revoked: list[int] = []
        own = (
            _builder(self._name, self._name, self._key.public_key(), timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(authority=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self._own = own
        self.cert = folder / f"{name}.crt"
        self.cert.write_bytes(own.public_bytes(_PEM))

    def issue(
        self,
        file: str,
        *names: str,
        common_name: str = "ferrow",
        expired: bool = False,
        key: str = "ec",
        digest: hashes.HashAlgorithm | None = None,
        pss: bool = False,
        own_signature: bool = False,
        passphrase: bytes | None = None,
        strict: bool = False,
    ) -> Certificate:
        """A certificate for host names and addresses. `own_signature`: signed by itself and not by the authority.

        `key`: "ec", "rsa" or "ed25519"; what signs it is that key with `own_signature`, else the authority's. `strict`: it says which
        key of the authority that is, as `ssl.create_default_context` of Python 3.13 wants it, unlike libpq and ourselves.
        """
        made: Any = {
            "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
            "rsa": lambda: rsa.generate_private_key(65537, 2048),
            "ed25519": ed25519.Ed25519PrivateKey.generate,
        }[key]()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        issuer = subject if own_signature else self._name
        builder = _builder(subject, issuer, made.public_key(), timedelta(days=-1 if expired else 1))
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), False)
        builder = builder.add_extension(x509.BasicConstraints(ca=own_signature, path_length=None), critical=True)
        if strict:
            signed_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
            builder = builder.add_extension(signed_by, critical=False)
        signer: Any = made if own_signature else self._key
        if isinstance(signer, ed25519.Ed25519PrivateKey):
            signed = builder.sign(signer, None)
        elif pss:
            chosen = digest or hashes.SHA256()
            signed = builder.sign(
                signer, chosen, rsa_padding=padding.PSS(padding.MGF1(chosen), padding.PSS.DIGEST_LENGTH)
            )
        else:
            signed = builder.sign(signer, digest or hashes.SHA256())
        encryption: serialization.KeySerializationEncryption = (
            serialization.NoEncryption() if passphrase is None else serialization.BestAvailableEncryption(passphrase)
        )
        cert, private = self._folder / f"{file}.crt", self._folder / f"{file}.key"
        cert.write_bytes(signed.public_bytes(_PEM))
        private.touch(0o600)
        private.write_bytes(made.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, encryption))
        return Certificate(cert, private, signed.serial_number)

    def revoke(self, *certificates: Certificate) -> Path:
        """A list of revoked certificates, with these on it."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._name)
            .last_update(now - timedelta(days=2))
            .next_update(now + timedelta(days=1))
        )
        for certificate in certificates:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(certificate.serial)
                .revocation_date(now - timedelta(days=1))
                .build()
            )
        file = self._folder / "revoked.crl"
        file.write_bytes(builder.sign(self._key, hashes.SHA256()).public_bytes(_PEM))
        return file


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(subject: x509.Name, issuer: x509.Name, key: Any, lasts: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3))
        .not_valid_after(now + lasts)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
