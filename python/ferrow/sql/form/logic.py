"""AND, OR, NOT, the constants, and IS NULL."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import Level, form
from ferrow.sql.writer import Writer
from ferrow.types import Boolean


@form("and", Level.AND, Boolean())
def AND(out: Writer, *conditions: Any) -> str:
    """All of several conditions."""
    return _joined(" AND ", [out.inner(condition, Level.NOT) for condition in conditions])


@form("or", Level.OR, Boolean())
def OR(out: Writer, *conditions: Any) -> str:
    """Any of several conditions. An AND inside is bracketed too: nobody should have to know which binds tighter."""
    return _joined(" OR ", [out.inner(condition, Level.NOT) for condition in conditions])


_WIDE = 100


def _joined(word: str, parts: list[str]) -> str:
    """To SQLite each part is one level of a tree that may have 1000: brackets make it broad instead of deep."""
    while len(parts) > _WIDE:
        parts = [f"({word.join(parts[at : at + _WIDE])})" for at in range(0, len(parts), _WIDE)]
    return word.join(parts)


@form("not", Level.NOT, Boolean())
def NOT(out: Writer, condition: Any) -> str:
    """The opposite; what is unknown (NULL) stays unknown."""
    return f"NOT {out.inner(condition, Level.ATOM)}"


@form("constant", Level.ATOM, Boolean())
def CONSTANT(out: Writer, value: bool) -> str:
    """TRUE or FALSE."""
    return out.dialect.true if value else out.dialect.false


@form("is null", Level.COMPARE, Boolean())
def IS_NULL(out: Writer, operand: Any, negated: bool) -> str:
    """Whether a value is missing; never unknown itself."""
    return f"{out.inner(operand, Level.CONCAT)} IS {'NOT ' if negated else ''}NULL"


@form("is not true", Level.COMPARE, Boolean())
def IS_NOT_TRUE(out: Writer, condition: Any) -> str:
    """Whether a condition is false or unknown; never unknown itself."""
    return f"{out.inner(condition, Level.ATOM)} IS NOT TRUE"
