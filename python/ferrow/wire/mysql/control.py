"""Which statements of MariaDB and MySQL begin or end a transaction, told by their first words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

_BLANK = r"[\s;]+ | --(?=\s|\Z)[^\n]* | \#[^\n]*"
_COMMENT = r"/\*.*?(?:\*/|\Z)"
_VERSIONED = r"/\*M?!\d*"  # what follows is run, up to the end of the comment, unless the server is older


def _words_behind(blank: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{blank})*+([\w$]+)", re.VERBOSE | re.DOTALL)


_READINGS = (
    _words_behind(rf"{_BLANK} | {_VERSIONED} | \*/ | {_COMMENT}"),
    _words_behind(rf"{_BLANK} | {_COMMENT}"),
)
"""As a server reads that is new enough for versioned comments, and as one does that is not."""
_TEXTS = re.compile(r"""'(?:[^'\\]|\\.|'')*' | "(?:[^"\\]|\\.|"")*" | /\*(?!M?!).*?\*/""", re.VERBOSE | re.DOTALL)
_AUTOCOMMIT = re.compile(
    r"(?<![\w@.$`(]) (?<!GLOBAL\ ) (?<!PERSIST\ ) (?<!PERSIST_ONLY\ ) (?:@@(?:session\.|local\.)?)? `?autocommit`? \ ? :?=",
    re.VERBOSE | re.IGNORECASE,
)
"""An assignment, in a text with single spaces; not a comparison in brackets, nor a variable of the user's or of the whole server."""

# fmt: off
_IN_BLOCKS = frozenset((
    "SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "VALUES", "TABLE", "SAVEPOINT", "RELEASE", "ROLLBACK", "SHOW", "EXPLAIN",
    "DESCRIBE", "DESC", "DO", "USE", "KILL", "HANDLER",
))
# fmt: on
"""These leave the transaction open."""
# fmt: off
_COMMITS = frozenset((
    "ALTER", "ANALYZE", "BACKUP", "CACHE", "CHANGE", "CHECK", "CREATE", "DROP", "FLUSH", "GRANT", "IMPORT", "INSTALL", "LOAD", "OPTIMIZE",
    "PURGE", "RENAME", "REPAIR", "RESET", "REVOKE", "SET", "START", "STOP", "TRUNCATE", "UNINSTALL", "UNLOCK",
))
# fmt: on
"""Some of these commit it in passing (MariaDB: "SQL statements that cause an implicit commit"; MySQL: 15.3.3)."""

Doubt: TypeAlias = Literal["", "commits", "unseen"]


def transaction_end(sql: str) -> str | None:
    """The command, if the statement begins or ends a whole transaction, rather than a part of it."""
    readings = _READINGS if "/*!" in sql or "/*M!" in sql else _READINGS[:1]
    return next(filter(None, (_end(_words(sql, reading), sql) for reading in readings)), None)


def doubt(sql: str) -> Doubt:
    """Whether the statement may end a transaction: as one that `commits`, or by what it calls, which is `unseen`."""
    word = next(_words(sql, _READINGS[0]), "SELECT")
    if word in _IN_BLOCKS:
        return ""
    return "commits" if word in _COMMITS else "unseen"


def _words(sql: str, reading: re.Pattern[str]) -> Iterator[str]:
    position = 0
    while found := reading.match(sql, position):
        yield found[1].upper()
        position = found.end()


def _end(words: Iterator[str], sql: str) -> str | None:
    first, second = next(words, ""), next(words, "")
    if second == "WORK":
        second = next(words, "")
    match first:
        case "COMMIT":
            return first
        case "ROLLBACK":
            return None if second == "TO" else first
        case "BEGIN":
            return None if second == "NOT" else first  # NOT ATOMIC: several statements in one
        case "START" if second == "TRANSACTION":
            return "START TRANSACTION"
        case "LOCK" if second in ("TABLE", "TABLES"):
            return "LOCK TABLES"
        case "XA" if second != "RECOVER":
            return f"XA {second}".strip()
        case "SET" if "autocommit" in sql.lower() and _AUTOCOMMIT.search(" ".join(_TEXTS.sub("''", sql).split())):
            return "SET autocommit"
        case _:
            return None
