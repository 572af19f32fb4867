"""What to say when TLS fails: which option would have helped, and what it would have given up."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from ferrow.errors import ConnectionLost, OperationalError
from ferrow.wire.tls_alert import explained
from ferrow.wire.tls_ways import CONTEXT, DEFAULT

if TYPE_CHECKING:
    from ferrow.wire.tls_context import Secure

_NAME = "mismatch"
_HUNG_UP = (ssl.SSLEOFError, ssl.SSLZeroReturnError)


def tls_failed(place: str, secure: Secure, error: Exception) -> OperationalError:
    """The error for a handshake that failed with `place`, a host and a port; ConnectionLost where another host may do."""
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = error.verify_message if getattr(error, "verify_message", "") else str(error.args[-1])
        return OperationalError(
            f"cannot connect to PostgreSQL at {place}: the server's certificate was not accepted: {reason}. "
            + _way_out(secure, _NAME in reason)
        )
    if isinstance(error, ssl.SSLError) and not isinstance(error, _HUNG_UP):
        reason = explained(str(error.args[-1]) if error.args else str(error))
        return OperationalError(f"cannot connect to PostgreSQL at {place}: TLS failed: {reason}")
    said = "the connection ended while TLS was being set up"
    if isinstance(error, ssl.SSLError) or not str(error):
        return ConnectionLost(said)
    if isinstance(error, OSError):
        return ConnectionLost(f"{said} ({error})")
    return OperationalError(f"cannot connect to PostgreSQL at {place}: {said} ({error})")


def no_tls(place: str, secure: Secure) -> OperationalError:
    """The error for a server that says it has no TLS."""
    asked = {
        DEFAULT: "which this driver does not do without unless told to",
        CONTEXT: "which the given ssl.SSLContext asks for",
    }.get(secure.mode, f"which sslmode={secure.mode} asks for")
    return OperationalError(
        f"cannot connect to PostgreSQL at {place}: the server does not support TLS, {asked}. "
        "Switch ssl on in the server, or say sslmode=disable: then everything, passwords included, travels in plain text"
    )


def _way_out(secure: Secure, wrong_name: bool) -> str:
    if secure.mode == CONTEXT:
        return "The ssl.SSLContext that was given as 'ssl' decides whom to trust"
    if wrong_name:
        return (
            "Connect by a name that is in the certificate; or say sslmode=verify-ca to accept any server whose certificate "
            "the same authority has signed"
        )
    trust = "Name the authority that signed it with sslrootcert=/path/to/ca.crt"
    if secure.mode == DEFAULT:
        trust += "; or say sslmode=require to encrypt without knowing who is at the other end, or sslmode=disable not to encrypt at all"
    return trust
