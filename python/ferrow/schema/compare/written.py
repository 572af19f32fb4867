"""SQL as a class writes it beside SQL as a database repeats it."""

from __future__ import annotations

import re

_CAST = re.compile(
    r"::\s*(?:\"[^\"]*\"|[\w.]+)(?:\s+(?:varying|precision|with(?:out)? time zone))?(?:\(\d+(?:,\d+)?\))?(?:\[\])?"
)
_NOW = {"now": "current_timestamp", "current_timestamp6": "current_timestamp"}


def same_text(ours: str | None, theirs: str | None) -> bool:
    """Whether two expressions are one, as far as spelling, casts and parentheses go."""
    return _plain(ours) == _plain(theirs)


def _plain(sql: str | None) -> str | None:
    if sql is None or sql.strip().upper() == "NULL":
        return None
    parts = re.split(r"('(?:[^']|'')*')", _CAST.sub("", sql))
    # A number may come back in quotes; texts keep their case, everything else has none.
    plain = "".join(
        part[1:-1] if place % 2 else re.sub(r'[\s()"`]', "", part).lower() for place, part in enumerate(parts)
    )
    return _NOW.get(plain, plain)
