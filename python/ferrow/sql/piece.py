"""The text of a condition by itself, for SQL that somebody writes around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.sql.scope import ambiguous
from ferrow.sql.shape import number
from ferrow.sql.writer import Writer

if TYPE_CHECKING:
    from ferrow.sql.dialect.base import Dialect
    from ferrow.sql.logic import Truth
    from ferrow.types import SQLType


def condition_text(condition: Truth, dialect: Dialect, offset: int = 0) -> tuple[str, tuple[Any, ...]]:
    """The text and its values; placeholders are numbered from `offset + 1` on. Columns are named bare, unless several tables occur.

    Raises NotSupportedError if the dialect has no way to say it.
    """
    before: list[Any] = [None] * offset
    types: list[SQLType] = before
    text = Writer(dialect, qualify=ambiguous(condition.shape)).write(number(condition.shape, types))
    return str(text), condition.values
