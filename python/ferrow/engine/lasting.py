"""Which SQL may change what outlives its transaction: settings, temporary tables, listeners, locks of the session."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ferrow.driver.given_sql import check_sql

# Rather once too often: a false alarm costs one round trip when the connection comes back, a miss reaches the next borrower.
# What hides in a function of the user's own cannot be seen from here.
# Atomic, or a text with many comments could be split in too many ways. A comment may end inside another: it nests in PostgreSQL.
_LINE = r"\s | --[^\n\r]*+(?:[\n\r]|\Z)"
_GAP = rf"(?> {_LINE} | /\*.*?\*/ )"
_LASTING = re.compile(
    rf"""
    (?: ^ | ; | \*/ ) (?> {_LINE} )*+                               # where a statement starts
    (?: SET (?! \s+ (?:TRANSACTION|LOCAL) \b ) | RESET | DISCARD | LISTEN | PREPARE | LOAD | DECLARE | DO | CALL        # PostgreSQL
      | CREATE {_GAP}++ (?: OR {_GAP}++ REPLACE {_GAP}++ )? (?: (?:GLOBAL|LOCAL) {_GAP}++ )? TEMP
      | PRAGMA | ATTACH | DETACH                                     # SQLite
      | USE | LOCK {_GAP}++ TABLES )                                 # MariaDB
    (?: ORARY )? \b
    | \b get_lock \s* \( | @ \w+ \s* :=
    | \b set_config \b "? {_GAP}*+ \(
    | \b UPDATE {_GAP}++ (?: ONLY {_GAP}++ )? (?: "?pg_catalog"? {_GAP}*+ \. {_GAP}*+ )? "?pg_settings\b
    | \b pg_ (?: temp \b | (?:try_)? advisory_lock )
    | \b INTO {_GAP}++ (?: (?:GLOBAL|LOCAL) {_GAP}++ )? TEMP
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


@lru_cache(4096)
def lasting(sql: str) -> bool:
    """Whether a connection that ran `sql` must be reset before somebody else gets it.

    Raises ProgrammingError for what is no text; TypeError, which whoever asks turns into that, where it has no hash.
    """
    check_sql(sql)  # here, where an answer is remembered: texts that were seen before pay nothing
    return _LASTING.search(sql) is not None


def any_lasting(statements: Iterable[str]) -> bool:
    """The same of a batch, whose many texts are not worth remembering."""
    return any(map(_LASTING.search, statements))
