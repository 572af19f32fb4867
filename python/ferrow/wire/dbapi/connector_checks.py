"""What cannot work with a pool, found in the arguments of `PoolConnector` before anything is opened."""

from __future__ import annotations

import functools
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

GUARDS = ("rollback", "raise", "ignore", "discard")

# Places of the arguments of sqlite3.connect that may be given by position.
_SAME_THREAD = 4
_URI = 7


def check(
    connect: Callable[..., Any],
    arguments: Sequence[Any],
    options: Mapping[str, Any],
    *,
    max_size: int,
    guard: str,
    threads: bool,
) -> None:
    """Raises ValueError: connections that threads may not share (unless `threads` is False), private databases, impossible options."""
    if not callable(connect):
        raise TypeError(f"connect is a function that opens a connection, not {type(connect).__name__}")
    if isinstance(max_size, bool) or not isinstance(max_size, int) or max_size < 1:
        raise ValueError("max_size must be >= 1.")
    if guard not in GUARDS:
        raise ValueError(f"transaction_guard={guard!r} is none of {', '.join(GUARDS)}")
    function, arguments, options = unwrapped(connect, arguments, options)
    if max_size == 1 or not is_sqlite(function):
        return
    if threads and same_thread(arguments, options):
        raise ValueError(
            "connections of sqlite3 are for the thread that made them: give check_same_thread=False to share them between threads, "
            "use max_size=1, or say enforce_sqlite_thread_check=False"
        )
    database, uri = _database(arguments, options)
    if _private(database, uri):
        raise ValueError(
            f"each connection to {database!r} would have a database of its own: use max_size=1, or one in memory that is shared, "
            "'file:name?mode=memory&cache=shared' with uri=True"
        )


def check_life(
    *, min_size: int, max_size: int, max_age: float | None, check_after: float | None, ping: Callable[[Any], Any] | None
) -> None:
    """Raises ValueError or TypeError for an impossible size, age or check."""
    if isinstance(min_size, bool) or not isinstance(min_size, int) or not 0 <= min_size <= max_size:
        raise ValueError(f"min_size={min_size!r} is no number of connections from 0 to max_size={max_size}")
    if max_age is not None and not max_age > 0:
        raise ValueError(f"max_age={max_age!r}: give seconds, more than 0, or None for no limit")
    if check_after is not None and not check_after >= 0:
        raise ValueError(f"check_after={check_after!r}: give seconds, 0 to check each time, or None for never")
    if ping is None:
        return
    if not callable(ping):
        raise TypeError(f"ping is called with a connection, but is {ping!r}")
    if check_after is None:
        raise ValueError(
            "ping says how connections are checked, and check_after, which says when, is missing: 0 is each time"
        )


def unwrapped(
    connect: Callable[..., Any], arguments: Sequence[Any], options: Mapping[str, Any]
) -> tuple[Any, list[Any], dict[str, Any]]:
    """The function behind `functools.partial`, and all its arguments."""
    given, named = list(arguments), dict(options)
    while isinstance(connect, functools.partial):
        given = [*connect.args, *given]
        named = {**connect.keywords, **named}
        connect = connect.func
    return connect, given, named


def is_sqlite(function: Any) -> bool:
    """Whether it is one of the module sqlite3."""
    return _module(function) in ("sqlite3", "_sqlite3") or function is sqlite3.Connection


def _module(function: Any) -> str:
    module: str = getattr(function, "__module__", None) or ""
    return module.partition(".")[0]


def sqlite_file(connect: Callable[..., Any]) -> str | None:
    """The file that a function of sqlite3 or aiosqlite opens, by its arguments."""
    function, arguments, options = unwrapped(connect, (), {})
    if not (is_sqlite(function) or _module(function) == "aiosqlite"):
        return None
    database, uri = _database(arguments, options)
    if not isinstance(database, str | bytes | os.PathLike):
        return None  # connecting will say so
    path = os.fsdecode(database)
    if not uri or not path.startswith("file:"):
        return path
    parts = urlsplit(path)
    return None if parse_qs(parts.query).get("mode", [""])[-1] == "memory" else unquote(parts.path)


def _database(arguments: Sequence[Any], options: Mapping[str, Any]) -> tuple[Any, bool]:
    database = arguments[0] if arguments else options.get("database", "")
    return database, bool(arguments[_URI]) if len(arguments) > _URI else bool(options.get("uri", False))


def same_thread(arguments: Sequence[Any], options: Mapping[str, Any]) -> bool:
    """Whether sqlite3 keeps a connection to the thread that made it."""
    if len(arguments) > _SAME_THREAD:
        return bool(arguments[_SAME_THREAD])
    return bool(options.get("check_same_thread", True))


def _private(database: Any, uri: bool) -> bool:
    if not isinstance(database, str):
        return False
    if database == ":memory:":
        return True
    if not uri or not database.startswith("file:"):
        return False
    parts = urlsplit(database)
    asked = parse_qs(parts.query)
    memory = parts.path == ":memory:" or asked.get("mode", [""])[-1] == "memory"
    return memory and asked.get("cache", [""])[-1] != "shared"
