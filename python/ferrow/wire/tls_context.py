"""The `ssl.SSLContext` for some options: whom it trusts, and what it shows (PostgreSQL manual, "SSL Support" of libpq)."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.errors import InterfaceError
from ferrow.wire.tls_files import SYSTEM, Files, files
from ferrow.wire.tls_names import check_name, is_address
from ferrow.wire.tls_ways import CONTEXT, DEFAULT

if TYPE_CHECKING:
    from ferrow.wire.tls import TlsOptions

ALPN = "postgresql"

_VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
_KEPT = 8


class Secure:
    """How one host is spoken to in TLS: the context, and what only this host needs."""

    __slots__ = ("context", "direct", "host", "mode", "server_hostname", "verified")

    def __init__(self, options: TlsOptions, mode: str, host: str, made: type[ssl.SSLObject]) -> None:
        context = _context(options, mode, made)
        self.context: ssl.SSLContext = context
        self.mode: str = mode
        self.host: str = host
        self.direct: bool = options.sslnegotiation == "direct"
        # The name is what is asked for (SNI) and what is checked; an address is only checked. Python has them as one.
        asked = context.check_hostname or (options.sslsni and not is_address(host))
        self.server_hostname: str | None = host if asked else None
        self.verified: bool = context.verify_mode == ssl.CERT_REQUIRED

    def check(self, tls: ssl.SSLObject) -> bytes:
        """The server's certificate (DER), if it is the right one. Raises ssl.SSLError."""
        if self.direct and tls.selected_alpn_protocol() != ALPN:
            # Else it could be made to take what was meant for a server of another kind (ALPACA).
            raise ssl.SSLError("the server speaks TLS at once, but did not say that it is PostgreSQL (ALPN)")
        if self.mode in ("verify-full", DEFAULT) and not self.context.check_hostname:
            check_name(tls.getpeercert() or {}, self.host)
        certificate = tls.getpeercert(binary_form=True)
        if certificate is None:
            raise ssl.SSLError("the server has no certificate")
        return certificate


def secure(options: TlsOptions, mode: str, host: str, made: type[ssl.SSLObject] = ssl.SSLObject) -> Secure:
    """How to speak TLS with `host` in a mode of `tls_ways`. Reads files the first time, and when they have changed.

    `made`: what its context makes, unless that is the program's own.

    Raises InterfaceError for files that are not there, cannot be read, or do not fit together.
    """
    return Secure(options, mode, host, made)


def _context(options: TlsOptions, mode: str, made: type[ssl.SSLObject]) -> ssl.SSLContext:
    if mode == CONTEXT:
        assert options.ssl is not None
        if options.sslnegotiation == "direct":
            options.ssl.set_alpn_protocols([ALPN])  # servers turn away who does not ask for it
        return options.ssl
    found = files(options)
    key = (mode, made, found.stamps())
    context: ssl.SSLContext | None = options.contexts.get(key)
    if context is None:
        context = make(options, mode, found, ALPN)
        context.sslobject_class = made
        if len(options.contexts) >= _KEPT:
            options.contexts.clear()
        options.contexts[key] = context
    return context


def make(options: TlsOptions, mode: str, found: Files, alpn: str | None) -> ssl.SSLContext:
    """A context for a mode and files. Raises InterfaceError for what cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    if alpn is not None:
        context.set_alpn_protocols([alpn])
    try:
        context.minimum_version = _VERSIONS[options.ssl_min_protocol_version]
        if options.ssl_max_protocol_version is not None:
            context.maximum_version = _VERSIONS[options.ssl_max_protocol_version]
    except ValueError as error:
        raise InterfaceError(f"ssl_min_protocol_version, ssl_max_protocol_version: {error}") from error
    _trust(context, options, mode, found)
    if found.cert is not None:
        _show(context, options, found)
    return context


def _trust(context: ssl.SSLContext, options: TlsOptions, mode: str, found: Files) -> None:
    root = found.root
    if root is None and mode == DEFAULT:
        root = SYSTEM
    if root is None:
        if mode in ("verify-ca", "verify-full"):
            raise InterfaceError(
                f"sslmode={mode} checks who signed the server's certificate, and nobody is trusted: name a file of "
                "authorities with sslrootcert, or say sslrootcert=system for those of this machine"
            )
        return  # encrypted, and nobody is asked who they are
    if root == SYSTEM:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    else:
        _load(lambda: context.load_verify_locations(root), "sslrootcert", root)
    # As libpq: who has named authorities wants them asked, whatever the mode.
    context.verify_mode = ssl.CERT_REQUIRED
    # Without a name in the handshake the name is checked after it.
    context.check_hostname = mode in ("verify-full", DEFAULT) and options.sslsni
    if found.crl is not None or found.crldir is not None:
        where = str(found.crl or found.crldir)
        _load(lambda: context.load_verify_locations(found.crl, found.crldir), "sslcrl", where)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN


def _show(context: ssl.SSLContext, options: TlsOptions, found: Files) -> None:
    asked = False

    def password() -> str:
        # Without this Python would ask on the terminal.
        nonlocal asked
        asked = True
        return "" if options.sslpassword is None else options.sslpassword.reveal()

    try:
        context.load_cert_chain(str(found.cert), found.key, password)
    except (ssl.SSLError, OSError, ValueError) as error:
        if asked:
            wrong = (
                "needs a passphrase: give it as sslpassword"
                if options.sslpassword is None
                else "is not opened by sslpassword"
            )
            raise InterfaceError(f"the private key {found.key} {wrong}") from error
        raise InterfaceError(
            f"the client certificate {found.cert} and the key {found.key} cannot be used: {error}"
        ) from error


def _load(load: Callable[[], Any], name: str, path: str) -> None:
    try:
        load()
    except (ssl.SSLError, OSError) as error:
        raise InterfaceError(f"{name}: {path} cannot be used: {error}") from error
