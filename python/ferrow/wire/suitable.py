"""Whether a server is of the kind that was asked for (`target_session_attrs`; manual, "Parameter Key Words")."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

# A program may have codecs for text and bool. None is for cstring.
READ_ONLY = "SELECT pg_catalog.textout(pg_catalog.current_setting('transaction_read_only'))"
"""What is answered is the text on or off, whatever codecs a connection has."""
_STANDBY = "SELECT pg_catalog.boolout(pg_catalog.pg_is_in_recovery())"


async def unsuitable(
    wanted: str, parameter: Callable[[str], str | None], ask: Callable[[str], Awaitable[object]]
) -> str | None:
    """Why a session will not do; None: it will.

    Servers report what it takes since PostgreSQL 14; the others, and poolers that swallow it, are asked.
    """
    if wanted == "any":
        return None
    standby = parameter("in_hot_standby")
    if wanted in ("read-write", "read-only"):
        default = parameter("default_transaction_read_only")
        if standby is not None and default is not None:
            writes = standby == default == "off"
        else:
            writes = await ask(READ_ONLY) == "off"
        if writes is (wanted == "read-write"):
            return None
        return "its session is not read-only" if writes else "its session is read-only"
    recovers = standby == "on" if standby is not None else await ask(_STANDBY) == "t"
    if recovers is (wanted != "primary"):
        return None
    return "it is a standby" if recovers else "it is not a standby"
