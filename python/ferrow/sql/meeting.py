"""Which column each value of a statement meets: what it is compared with, calculated with or assigned to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ferrow.sql.column import ColumnKey
from ferrow.sql.form.cast import CAST
from ferrow.sql.scope import parts
from ferrow.sql.shape import Form, Hole, Level

_OPERATORS = frozenset({Level.COMPARE, Level.CONCAT, Level.ADD, Level.MULTIPLY})


def met(shape: Any) -> list[ColumnKey | None]:
    """The columns of a statement's values, in their order; None for a value that meets none, or several."""
    return list(_met(shape, None))


def _met(shape: Any, column: ColumnKey | None) -> Iterator[ColumnKey | None]:
    if type(shape) is Hole:
        yield column
    elif type(shape) is tuple and shape:
        if shape[0] is not CAST:
            column = _only(shape) if _joins(shape) else None
        for part in shape:
            yield from _met(part, column)


def _joins(shape: tuple[Any, ...]) -> bool:
    """Whether the operands are about one another: those of an operator, or column and value of an assignment."""
    if type(shape[0]) is Form:
        return shape[0].level in _OPERATORS
    return len(shape) == 2 and type(shape[0]) is ColumnKey


def _only(shape: tuple[Any, ...]) -> ColumnKey | None:
    found = {part for part in parts(shape, within=True) if type(part) is ColumnKey}
    return found.pop() if len(found) == 1 else None
