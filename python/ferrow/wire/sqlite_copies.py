"""Two copies of SQLite with one file open: Python's `sqlite3`, of which a connection was given, and our own.

POSIX locks belong to a process, so that neither sees those of the other: both have the write lock at once, each overwrites what the other
has committed, and whichever closes the file takes away the other's locks (sqlite.org/howtocorrupt.html, 2.2.1). Nothing goes wrong at
first, so that it is refused, before whoever comes second has the file open: to close it again would already do harm. (A connection of sqlite3 that
the program has opened itself is seen when it is used.)
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow._core import SqliteConnection
    from ferrow.wire.settings import Settings


class User(Protocol):
    """A connection of sqlite3 that is in use here."""

    @property
    def closed(self) -> bool: ...


class _Claim:
    """A file that somebody has open, or is about to open."""

    __slots__ = ("allowed", "inode", "path")

    def __init__(self, path: str, *, allowed: bool = False) -> None:
        self.path = os.path.realpath(path)
        self.allowed = allowed
        """Whether sqlite3 may have it open, too."""
        self.inode: tuple[int, int] | None = None
        self.find()

    def is_of(self, other: _Claim) -> bool:
        """What locks go by: the file and not its name, once there is one."""
        ours, theirs = self.inode or self.find(), other.inode or other.find()
        return self.path == other.path if ours is None or theirs is None else ours == theirs

    def find(self) -> tuple[int, int] | None:
        """Which file has the name now. Another one can get it later."""
        try:
            found = os.stat(self.path)
        except OSError:
            return None
        self.inode = found.st_dev, found.st_ino
        return self.inode


# Whoever is second looks and claims behind the first one, who has claimed before the file is opened: they cannot miss each other.
# Reentrant, for what a signal handler or the garbage collector runs meanwhile.
_GUARD = threading.RLock()
_OPENING: set[_Claim] = set()
_OURS: WeakKeyDictionary[SqliteConnection, _Claim] = WeakKeyDictionary()
_THEIRS: WeakKeyDictionary[User, _Claim] = WeakKeyDictionary()
_SAID: set[str] = set()
# Where locks belong to whoever opened the file, copies see each other's.
_APART = os.name == "posix"


@contextmanager
def claimed(settings: Settings) -> Iterator[Callable[[SqliteConnection], None]]:
    """A connection of our own is opened inside of this block, and given to what it yields. The claim ends with it, or with the block.

    Raises InterfaceError if one of sqlite3 has the file open in this process, unless `allow_sqlite3`.
    """
    if settings.memory or not _has_locks(settings.database):
        yield lambda core: None
        return
    claim = _Claim(settings.database, allowed=settings.allow_sqlite3)

    def keep(core: SqliteConnection) -> None:
        claim.find()
        with _GUARD:
            _OURS[core] = claim

    try:
        with _GUARD:
            met = any(found.is_of(claim) and not user.closed for user, found in list(_THEIRS.items()))
            if claim.allowed or not met:
                _OPENING.add(claim)
        if met:
            _meet(claim.path, allowed=claim.allowed)
        yield keep
    finally:
        with _GUARD:
            _OPENING.discard(claim)


def theirs(user: User, path: str) -> None:
    """A connection of sqlite3 has a file open, and is to be used. Raises InterfaceError as `claimed`."""
    if not _has_locks(path):
        return
    claim = _Claim(path)
    with _GUARD:
        # An aborted connection has its file for as long as its statement takes to end.
        open_ = [*_OPENING, *(found for core, found in list(_OURS.items()) if core.holds_file)]
        allowed = [found.allowed for found in open_ if found.is_of(claim)]
        if all(allowed):
            _THEIRS[user] = claim
    if allowed:
        _meet(claim.path, allowed=all(allowed))


class _Opening:
    """A connection of sqlite3 that is about to be there."""

    closed = False


@contextmanager
def approached(path: str | None) -> Iterator[None]:
    """A connection of sqlite3 is opened inside of this block. Raises InterfaceError as `theirs`, before it has the file open."""
    opening = _Opening()
    if path is not None:
        theirs(opening, path)
    try:
        yield
    finally:
        with _GUARD:
            _THEIRS.pop(opening, None)


def _has_locks(path: str) -> bool:
    return _APART and path not in ("", ":memory:")


def _meet(path: str, *, allowed: bool) -> None:
    if not allowed:
        raise InterfaceError(
            f"{path} is open in this process by Python's sqlite3 and by Ferrow, which are two copies of SQLite and do not see each other's "
            "locks: both would write at once, and lose what is committed. Give the connection of sqlite3 to Database for everything, or use "
            "Ferrow's engine for everything; close the one before the other is opened. (allow_sqlite3=True for the engine or connection "
            "allows both, for a program that never uses them at once)"
        )
    with _GUARD:
        if path in _SAID:
            return
        _SAID.add(path)
    logging.getLogger("ferrow.sqlite").warning(
        "%s is open in this process by Python's sqlite3 and by an engine of Ferrow, which are two copies of SQLite and do not see each other's "
        "locks: what is committed may be lost when one of them closes it. Give the connection to Database for everything, or use the engine",
        path,
    )


def _forget() -> None:
    """A forked child has locks of its own, and uses none of its parent's connections."""
    global _GUARD
    _GUARD = threading.RLock()
    _OPENING.clear()
    _OURS.clear()
    _THEIRS.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
