"""The words that begin a transaction."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ferrow.errors import DataError, NotSupportedError, nearest

Isolation: TypeAlias = Literal[
    "read uncommitted",
    "read committed",
    "repeatable read",
    "serializable",
    "READ UNCOMMITTED",
    "READ COMMITTED",
    "REPEATABLE READ",
    "SERIALIZABLE",
]
_LEVELS = ("READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")


def isolation_level(level: str) -> str:
    """A level as SQL writes it. Raises DataError for an unknown one."""
    found = level.upper() if isinstance(level, str) else ""
    if found not in _LEVELS:
        raise DataError(f"unknown isolation level {level!r}. {nearest(found, _LEVELS)}")
    return found


# Of a transaction around one statement, which takes the locks it needs by itself.
LAZY = {"postgresql": "BEGIN", "sqlite": "BEGIN DEFERRED", "mysql": "BEGIN"}


def begin_sql(dialect: str, isolation: str | None, readonly: bool, deferrable: bool) -> str:
    """The statement that begins a transaction; every word of it comes from here. Raises DataError for options that are none."""
    for name, value in (("readonly", readonly), ("deferrable", deferrable)):
        if value is not False and value is not True:
            raise DataError(f"{name} is True or False, not {value!r}")
    level = None if isolation is None else isolation_level(isolation)
    if dialect == "sqlite":
        # A transaction that begins DEFERRED and writes later can fail with SQLITE_BUSY where waiting would not help.
        return "BEGIN READ ONLY" if readonly else "BEGIN IMMEDIATE"
    if dialect == "mysql":
        if deferrable:
            raise NotSupportedError("MariaDB has no DEFERRABLE transactions; leave out deferrable=True")
        first = "" if level is None else f"SET TRANSACTION ISOLATION LEVEL {level}; "
        return f"{first}START TRANSACTION{' READ ONLY' if readonly else ''}"
    words = ["BEGIN"]
    if level is not None:
        words.append(f"ISOLATION LEVEL {level}")
    if readonly:
        words.append("READ ONLY")
    if deferrable:
        words.append("DEFERRABLE")
    return " ".join(words)
