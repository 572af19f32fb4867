"""`require_auth`: by which methods a server may let us in (PostgreSQL manual, "Parameter Key Words")."""

from __future__ import annotations

from typing import Any

from ferrow.errors import InterfaceError, nearest

KNOWN = ("none", "password", "md5", "scram-sha-256")
_NEVER = ("gss", "sspi", "oauth")
"""Methods of libpq that this driver does not speak: they can be named, and no server gets in by them."""


def require_auth(value: Any) -> tuple[str, ...] | None:
    """The methods allowed by a comma-separated list, or by one in which each is forbidden by a `!`; None: any.

    Raises InterfaceError for an unknown method, one that is named twice, and for a mixture of the two.
    """
    words = [word.strip().lower() for word in str(value).split(",")] if value else []
    if not words:
        return None
    forbidding = words[0].startswith("!")
    named: list[str] = []
    for word in words:
        name = word.removeprefix("!").strip()
        if word.startswith("!") != forbidding:
            raise InterfaceError(f"require_auth {str(value)!r} both allows and forbids methods; do one of them")
        if name not in (*KNOWN, *_NEVER):
            raise InterfaceError(f"unknown method {name!r} in require_auth. {nearest(name, KNOWN)}")
        if name in named:
            raise InterfaceError(f"require_auth names {name!r} twice")
        named.append(name)
    return tuple(name for name in KNOWN if (name in named) != forbidding)
