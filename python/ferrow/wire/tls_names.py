"""Whether a certificate is for a host, where Python's `ssl` cannot be asked: it checks the name only if it also sends it."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any


def is_address(host: str) -> bool:
    """Whether `host` is an IP address and not a name."""
    from ipaddress import ip_address

    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def check_name(certificate: Mapping[str, Any], host: str) -> None:
    """Raise ssl.SSLCertVerificationError unless one of the alternative names is `host` (RFC 9525, section 6).

    `certificate` is what `getpeercert()` gives. The common name does not count, and a `*` stands for one whole label.
    """
    names = certificate.get("subjectAltName", ())
    if is_address(host):
        from ipaddress import ip_address

        own = ip_address(host.partition("%")[0])
        found = any(kind == "IP Address" and ip_address(name.strip()) == own for kind, name in names)
    else:
        found = any(kind == "DNS" and _matches(name.lower(), host.rstrip(".").lower()) for kind, name in names)
    if not found:
        raise ssl.SSLCertVerificationError(f"Hostname mismatch, certificate is not valid for {host!r}")


def _matches(pattern: str, host: str) -> bool:
    if pattern == host:
        return True
    star, dot, rest = pattern.partition(".")
    label, _, tail = host.partition(".")
    return star == "*" and bool(dot) and bool(label) and "." in rest and rest == tail
