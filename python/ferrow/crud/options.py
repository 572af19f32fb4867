"""The options of `psycopg_pool`, by which PicoPG's users know a pool, as those of `create_engine`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ferrow.errors import InterfaceError

_SAME = {"timeout": "acquire_timeout"}
"""Options that are there under another name."""

_ADVICE = {
    "open": "initialize() opens the pool itself; leave it out",
    "configure": "what each connection starts with are connection options, such as application_name=...; leave it out",
    "check": "connections that were idle are tried out by themselves; say after how many seconds with check_after=...",
    "reset": "connections are reset by themselves when they come back; leave it out",
    "connection_class": "there is one class of connections; leave it out",
    "max_waiting": "who waits too long gets PoolTimeout, after acquire_timeout=... seconds; leave it out",
    "num_workers": "the pool has no workers; leave it out",
    "reconnect_timeout": "what is lost is replaced when it is needed; leave it out",
    "reconnect_failed": "who needs a connection that cannot be had gets the error; leave it out",
    "close_returns": "connections are given back by the end of their block; leave it out",
    "name": "pools have no names; connections have application_name=...",
}
"""Options that mean nothing here, and what does."""

_OF_PSYCOPG = {
    "autocommit": "calls commit by themselves, and cursors at the end of their block",
    "row_factory": "ask for the rows' shape where they are read: conn.cursor(rows='dict')",
    "cursor_factory": "there is one class of cursors",
    "prepare_threshold": "statements are prepared by themselves",
    "context": "types have codecs=[...], an option of create_engine",
}
"""The same for psycopg's own options of a connection."""


def engine_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of `create_engine`. Raises InterfaceError, with what to do instead, for those there is nothing like."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name in _ADVICE:
            if name == "open":
                raise _Refused(f"initialize({name}=...): {_ADVICE[name]}")
            msg = f"initialize({name}=...): {_ADVICE[name]}"
            raise InterfaceError(msg)
        if name == "kwargs":
            found.update(_connection_options(value))
        elif name == "max_size" and value is None:
            continue  # as large as min_size, which is what psycopg_pool means by it; see below
        else:
            found[_SAME.get(name, name)] = value
    least = found.get("min_size")
    if isinstance(least, int) and "max_size" not in found:
        found["max_size"] = max(least, 1) if "max_size" in given else max(least, 10)
    return found


def _connection_options(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        msg = f"initialize(kwargs={given!r}): give a dict of connection options"
        raise InterfaceError(msg)
    for name in given:
        if name in _OF_PSYCOPG:
            msg = f"initialize(kwargs={{{name!r}: ...}}): {_OF_PSYCOPG[name]}; leave it out"
            raise InterfaceError(msg)
    return dict(given)


class _Refused(InterfaceError, TypeError):
    """An option that cannot be given (psycopg_pool raises TypeError here)."""
