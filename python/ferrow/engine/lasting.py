"""Which SQL may change what outlives its transaction: settings, temporary tables, listeners, locks of the session."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

# Rather once too often: a false alarm costs one round trip when the connection comes back, a miss reaches the next borrower.
# What hides in a function of the user's own cannot be seen from here.
_LASTING = re.compile(
    r"""
    (?: ^ | ; | \*/ ) (?: \s | --[^\n]*(?:\n|$) | /\*.*?\*/ )*            # where a statement starts
    (?: SET (?! \s+ (?:TRANSACTION|LOCAL) \b ) | RESET | DISCARD | LISTEN | PREPARE | LOAD | DECLARE | DO | CALL        # PostgreSQL
      | CREATE \s+ (?: OR \s+ REPLACE \s+ )? (?: (?:GLOBAL|LOCAL) \s+ )? TEMP
      | PRAGMA | ATTACH | DETACH )                                   # SQLite
    (?: ORARY )? \b
    | \b set_config "? \s* \(
    | \b UPDATE \s+ (?: ONLY \s+ )? (?: "?pg_catalog"? \s* \. \s* )? "?pg_settings\b
    | \b pg_temp \b
    | \b pg_ (?:try_)? advisory_lock
    | \b INTO \s+ (?: (?:GLOBAL|LOCAL) \s+ )? TEMP
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


@lru_cache(4096)
def lasting(sql: str) -> bool:
    """Whether a connection that ran `sql` must be reset before somebody else gets it."""
    return _LASTING.search(sql) is not None


def any_lasting(statements: Iterable[str]) -> bool:
    """The same of a batch, whose many texts are not worth remembering."""
    return any(map(_LASTING.search, statements))
