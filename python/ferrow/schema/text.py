"""SQL text that a class gives, and how statements are run that have no IF NOT EXISTS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ferrow.errors import ModelError, ProgrammingError

if TYPE_CHECKING:
    from ferrow.sql.dialect.base import Dialect

UNLESS_THERE = "/* if not exists */"
"""Before the name of an index or a key, where the server has no such words: whoever creates it heeds them."""
_TAG = "$ferrow$"


def said(sql: str | Mapping[str, str], dialect: Dialect, what: object) -> str:
    """The text for a dialect, of one that is the same for all or of one each. Raises ModelError if it has none."""
    if isinstance(sql, str):
        return sql
    if dialect.name not in sql:
        raise ModelError(f"{what} has no entry for {dialect.name!r}, only for {', '.join(sql)}.")
    return sql[dialect.name]


def block(body: str) -> str:
    """PL/pgSQL that PostgreSQL runs at once, for what has no IF NOT EXISTS."""
    if _TAG in body:
        raise ProgrammingError(f"the name of a table, column or type must not contain {_TAG}: {body}")
    return f"DO {_TAG} BEGIN {body} END {_TAG}"
