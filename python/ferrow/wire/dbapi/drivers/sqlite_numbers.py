"""`?1`, which sqlite3 of Python 3.12.0 to 3.12.3 takes for a name, and warns about (https://github.com/python/cpython/issues/117995)."""

from __future__ import annotations

import sys
from typing import Any

from ferrow.wire.dbapi.rewritten import rewritten

MISTAKEN = (3, 12) <= sys.version_info[:3] < (3, 12, 4)


def positional(sql: str, values: Any) -> tuple[str, Any]:
    """The statement with `?` for each placeholder, and a value for each. What does not fit is left as it is: sqlite3 says so itself."""
    changed = rewritten(sql, "sqlite", "qmark")
    if changed.places is not None and {*changed.places} != {*range(len(values))}:
        return sql, values
    return changed.sql, changed.values(values)
