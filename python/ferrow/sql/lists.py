"""What the operators of lists build."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ferrow.sql.form.array import LIST_COMPARE, LIST_ITEM, LIST_LENGTH
from ferrow.sql.shape import HOLES, Shape
from ferrow.types import Integer, ListOf

if TYPE_CHECKING:
    from ferrow.sql.expr import Condition, Expr
    from ferrow.sql.typed import Typed


def compared(left: Typed[Any], operation: str, right: Any, *, swapped: bool = False) -> Condition:
    """`left` contains or overlaps with `right`; `swapped` if it is the other way round."""
    from ferrow.sql.expr import condition

    type = _list(left, operation)
    shape, values = _side(type, right)
    if swapped:
        return condition((LIST_COMPARE, operation, shape, left.shape), values + left.values)
    return condition((LIST_COMPARE, operation, left.shape, shape), left.values + values)


def length(operand: Typed[Any]) -> Expr[int]:
    """How many elements."""
    from ferrow.sql.expr import expression

    if not isinstance(operand.type, ListOf):
        msg = f"length() counts the elements of a list, and {operand!r} is {operand.type!r}; of a text it is func.length(...)"
        raise TypeError(msg)
    return expression((LIST_LENGTH, operand.shape), operand.values, Integer())


def item(operand: Typed[Any], index: Any) -> Expr[Any]:
    """One element."""
    from ferrow.sql.expr import expression

    type = _list(operand, "[...]")
    if isinstance(index, bool) or not isinstance(index, int):
        msg = f"an element of {operand!r} is found by a whole number, not by {index!r}"
        raise TypeError(msg)
    shape = (LIST_ITEM, type.item, operand.shape, HOLES[Integer()], index < 0)
    return expression(shape, (*operand.values, index), type.item)


def _list(operand: Typed[Any], what: str) -> ListOf:
    if not isinstance(operand.type, ListOf):
        msg = f"{what} looks into lists, and {operand!r} is {operand.type!r}; a list column is mapped_column(ListOf(Text()))"
        raise TypeError(msg)
    return operand.type


def _side(type: ListOf, other: Any) -> tuple[Shape, tuple[Any, ...]]:
    from ferrow.sql.expr import Expr

    if isinstance(other, Expr):
        if not isinstance(other.type, ListOf) or other.type.item.kind != type.item.kind:
            msg = f"a {type!r} is compared with another list of such elements, not with {other!r}, which is {other.type!r}"
            raise TypeError(msg)
        return other.shape, other.values
    if isinstance(other, (str, bytes)) or not isinstance(other, Iterable):
        msg = f"the elements to look for are a list, not {other!r}"
        raise TypeError(msg)
    return HOLES[type], (list(other),)
