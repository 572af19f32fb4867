"""Two copies of SQLite with one file open: Python's `sqlite3`, of which a connection was given, and our own.

POSIX locks belong to a process, so that neither sees those of the other. Whichever closes the file first believes that it is the last, and
takes away the log in which the other one commits (sqlite.org/howtocorrupt.html, 2.2.1). Nothing can be done about it here but to say so.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import Protocol
from weakref import WeakKeyDictionary


class User(Protocol):
    """Who has a file open."""

    @property
    def closed(self) -> bool: ...


_OURS: WeakKeyDictionary[User, str] = WeakKeyDictionary()
_THEIRS: WeakKeyDictionary[User, str] = WeakKeyDictionary()
_GUARD = threading.Lock()
_SAID: set[str] = set()


def ours(user: User, path: str, *, uri: bool = False) -> None:
    """A connection of our own is open to a file."""
    if uri:
        path = path.removeprefix("file:").partition("?")[0]
    _opened(user, path, _OURS, _THEIRS)


def theirs(user: User, path: str) -> None:
    """A connection of sqlite3 is."""
    _opened(user, path, _THEIRS, _OURS)


def _opened(user: User, path: str, mine: WeakKeyDictionary[User, str], others: WeakKeyDictionary[User, str]) -> None:
    if path in ("", ":memory:"):
        return
    path = os.path.realpath(path)
    with _GUARD:
        mine[user] = path
        if path in _SAID or not any(found == path and not other.closed for other, found in list(others.items())):
            return
        _SAID.add(path)
    logging.getLogger("ferrow.sqlite").warning(
        "%s is open in this process by Python's sqlite3 and by an engine of Ferrow, which are two copies of SQLite and do not see each other's "
        "locks: what is committed may be lost when one of them closes it. Give the connection to Database for everything, or use the engine",
        path,
    )
