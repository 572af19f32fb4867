"""Two copies of SQLite with one file open: Python's `sqlite3`, of which a connection was given, and our own.

POSIX locks belong to a process, so that neither sees those of the other: both have the write lock at once, each overwrites what the other
has committed, and whichever closes the file takes away the other's locks (sqlite.org/howtocorrupt.html, 2.2.1). Nothing goes wrong at
first, so that it is refused, before our own copy has the file open: to close it again would already do harm.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow.wire.settings import Settings


class User(Protocol):
    """Who has a file open."""

    @property
    def closed(self) -> bool: ...


_File = tuple[int, int] | str
_OURS: WeakKeyDictionary[User, tuple[_File, bool]] = WeakKeyDictionary()
"""The file, and whether sqlite3 may have it open, too."""
_THEIRS: WeakKeyDictionary[User, _File] = WeakKeyDictionary()
_GUARD = threading.Lock()
_SAID: set[_File] = set()
# Where locks belong to whoever opened the file, copies see each other's.
_APART = os.name == "posix"


def admit(settings: Settings) -> None:
    """A connection of our own is about to be opened.

    Raises InterfaceError if one of sqlite3 has the file open in this process, unless `allow_sqlite3`.
    """
    file = _file(settings)
    if file is None:
        return
    with _GUARD:
        met = any(found == file and not other.closed for other, found in list(_THEIRS.items()))
    if met:
        _meet(settings.database, file, allowed=settings.allow_sqlite3)


def ours(user: User, settings: Settings) -> None:
    """A connection of our own has a file open."""
    file = _file(settings)
    if file is not None:
        with _GUARD:
            _OURS[user] = file, settings.allow_sqlite3


def theirs(user: User, path: str) -> None:
    """A connection of sqlite3 has a file open, and is to be used. Raises InterfaceError as `admit`."""
    file = _named(path)
    if file is None:
        return
    with _GUARD:
        allowed = [may for other, (found, may) in list(_OURS.items()) if found == file and not other.closed]
    if allowed:
        _meet(path, file, allowed=all(allowed))
    with _GUARD:
        _THEIRS[user] = file


def _file(settings: Settings) -> _File | None:
    return None if settings.memory else _named(settings.database)


def _named(path: str) -> _File | None:
    """What locks go by: the file and not its name, where there is one already."""
    if path in ("", ":memory:") or not _APART:
        return None
    try:
        found = os.stat(path)
    except OSError:
        return os.path.realpath(path)
    return found.st_dev, found.st_ino


def _meet(path: str, file: _File, *, allowed: bool) -> None:
    path = os.path.realpath(path)
    if not allowed:
        raise InterfaceError(
            f"{path} is open in this process by Python's sqlite3 and by Ferrow, which are two copies of SQLite and do not see each other's "
            "locks: both would write at once, and lose what is committed. Give the connection of sqlite3 to Database for everything, or use "
            "Ferrow's engine for everything; close the one before the other is opened. (allow_sqlite3=True for the engine or connection "
            "allows both, for a program that never uses them at once)"
        )
    with _GUARD:
        if file in _SAID:
            return
        _SAID.add(file)
    logging.getLogger("ferrow.sqlite").warning(
        "%s is open in this process by Python's sqlite3 and by an engine of Ferrow, which are two copies of SQLite and do not see each other's "
        "locks: what is committed may be lost when one of them closes it. Give the connection to Database for everything, or use the engine",
        path,
    )


def _forget() -> None:
    """A forked child has locks of its own, and uses none of its parent's connections."""
    global _GUARD
    _GUARD = threading.Lock()
    _OURS.clear()
    _THEIRS.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
