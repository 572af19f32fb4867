"""Which statements of MariaDB and MySQL begin or end a transaction, told by their first words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Literal, TypeAlias

from ferrow.lexical import GRAMMARS
from ferrow.wire.mysql.comments import VERSIONED, Server, end_of_comment

_PIECE = re.compile(
    rf"""
    (?P<blank> [\s;]+ | --(?=\s|\Z)[^\n]* | \#[^\n]* | \*/ )
  | (?P<versioned> {VERSIONED} )
  | (?P<comment> /\* )
  | (?P<word> [\w$]+ )
    """,
    re.VERBOSE | re.DOTALL,
)
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

_ALWAYS = frozenset(("ALTER", "CREATE", "DROP", "GRANT", "RENAME", "REVOKE"))
"""These do, but for temporary tables and DROP PREPARE."""

Doubt: TypeAlias = Literal["", "commits", "unseen"]


def transaction_end(sql: str, server: Server, reading: str = "mysql") -> str | None:
    """The command, if the statement begins or ends a whole transaction, rather than a part of it. `reading`: see `lexical.GRAMMARS`."""
    words = _words(sql, server)
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
        case "SET" if "autocommit" in sql.lower() and _AUTOCOMMIT.search(_bare(sql, server, reading)):
            return "SET autocommit"
        case _:
            return None


def doubt(sql: str, server: Server) -> Doubt:
    """Whether the statement may end a transaction: as one that `commits`, or by what it calls, which is `unseen`."""
    word = next(_words(sql, server), "SELECT")
    if word in _IN_BLOCKS:
        return ""
    return "commits" if word in _COMMITS else "unseen"


def commits(sql: str, server: Server) -> str | None:
    """The command, if the statement is sure to commit the transaction that is open."""
    first, *more = [*islice(_words(sql, server), 4)] or [""]
    return first if first in _ALWAYS and more[:1] != ["PREPARE"] and "TEMPORARY" not in more else None


def _words(sql: str, server: Server) -> Iterator[str]:
    """The words at the beginning, up to what is none."""
    position = 0
    while found := _PIECE.match(sql, position):
        position = found.end()
        if found["word"]:
            yield found["word"].upper()
        elif found["comment"] or found["versioned"]:
            position = _behind(found, sql, server)


def _behind(found: re.Match[str], sql: str, server: Server) -> int:
    """Where to read on behind the beginning of a comment."""
    mark = found["mark"]
    if mark and server.runs(mark, found["version"]):
        return found.end()
    return end_of_comment(sql, found.start() + 2, nesting=mark == "!" or (mark == "M!" and server.mariadb))


def _bare(sql: str, server: Server, reading: str) -> str:
    """The statement with single spaces, and without strings and comments."""
    parts: list[str] = []
    grammar, position = _grammar(reading), 0
    while found := grammar.search(sql, position):
        parts.append(sql[position : found.start()])
        position = found.end()
        if found["versioned"]:
            position = _behind(found, sql, server)
        # What is in backquotes is a name.
        parts.append(found[0] if found[0].startswith("`") else "''" if found["text"] else " ")
    return " ".join("".join([*parts, sql[position:]]).split())


@cache
def _grammar(reading: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<versioned> {VERSIONED} ) | (?P<end> \*/ ) | {GRAMMARS[reading]}", re.VERBOSE | re.DOTALL)
