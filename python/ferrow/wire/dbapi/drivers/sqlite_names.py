"""Values by name: sqlite3 ignores those for which a statement has no placeholder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ferrow.errors import ProgrammingError
from ferrow.hints import wrong_names
from ferrow.lexical import GRAMMARS

# As SQLite reads names: with all that is not ASCII, and with what Tcl has of it (`$a::b(c)`).
_LETTER = r"[\w$\u0080-\U0010ffff]"
_LONGEST = 20_000  # characters of a statement that is worth remembering


def fit(sql: str, params: Any, row: int | None = None) -> None:
    """Raise ProgrammingError for a mapping with other names than those of the statement's placeholders."""
    given = params.__class__
    if given is tuple or given is list or not isinstance(params, Mapping):
        return
    names = (_names if len(sql) <= _LONGEST else _names.__wrapped__)(sql)
    if names is not None and params.keys() != names.keys():
        raise ProgrammingError(wrong_names(names, params, "" if row is None else f" (row {row})"))


@lru_cache(maxsize=2048)
def _names(sql: str) -> dict[str, None] | None:
    """None where a placeholder has no name: sqlite3 says so itself."""
    names: dict[str, None] = {}
    for match in _grammar().finditer(sql):
        if match.lastgroup == "number":
            return None
        if match.lastgroup == "named":
            names[match[0][1:]] = None
    return names


@lru_cache
def _grammar() -> re.Pattern[str]:
    return re.compile(
        rf"{GRAMMARS['sqlite']} | (?P<named> [:@$](?:{_LETTER}|::)+(?:\([^\s()]*\))? ) | (?P<number> \? ) | (?P<word> {_LETTER}+ )",
        re.VERBOSE | re.DOTALL,
    )
