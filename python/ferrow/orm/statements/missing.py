"""What an outer join may have nothing for must be selected as `optional(...)`, or the types of the rows would lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.sql import ColumnRef, Labelled
from ferrow.sql.column import ColumnKey
from ferrow.sql.form.arithmetic import ADD, CONCAT, DIVIDE, MULTIPLY
from ferrow.sql.form.cast import CAST

if TYPE_CHECKING:
    from ferrow.orm.statements.elements import Element
    from ferrow.orm.statements.joining import Joined, Side

_STRICT = (ADD, MULTIPLY, DIVIDE, CONCAT, CAST)
"""What is NULL as soon as an operand is. Of other expressions it is not known here."""


def check_missing(elements: Sequence[Element], sides: Sequence[Side], joins: Sequence[Joined]) -> None:
    """Raise ProgrammingError for an element that may be missing, and neither says so nor may be NULL anyway."""
    absent = _absent(sides, joins)
    if not absent:
        return
    for element in elements:
        if element.optional:
            continue
        of = next((one for one in _sources(element) if one in absent), None)
        if of is not None:
            what = element.name or repr(element.expr)
            msg = f"{what} is None where the outer join finds no {absent[of]}: select it as optional({_said(element, absent[of])})"
            raise ProgrammingError(msg)


def _absent(sides: Sequence[Side], joins: Sequence[Joined]) -> dict[Any, str]:
    """The sources that may be missing, by the key of their columns."""
    found: dict[Any, str] = {}
    for place, join in enumerate(joins, 1):
        if join.kind in ("LEFT", "FULL"):
            found[join.side.source.key] = join.side.label
        if join.kind in ("RIGHT", "FULL"):
            found.update({side.source.key: side.label for side in sides[:place]})
    return found


def _sources(element: Element) -> Iterator[Any]:
    if element.entity is not None:
        yield element.entity.source.key
        return
    expr = element.expr.expr if isinstance(element.expr, Labelled) else element.expr
    if isinstance(expr, ColumnRef):
        if not expr.nullable:
            yield expr.shape.table  # type: ignore[union-attr]  # the shape of a column is a ColumnKey
    elif expr is not None:
        yield from _operands(expr.shape)


def _operands(shape: Any) -> Iterator[Any]:
    if type(shape) is ColumnKey:
        yield shape.table
    elif type(shape) is tuple and shape[0] in _STRICT:
        for part in shape[1:]:
            yield from _operands(part)


def _said(element: Element, label: str) -> str:
    return label if element.entity is not None else f"{label}.{element.name}" if element.name else "..."
