"""Conditions in words: `and_`, `or_`, `not_`, `true`, `false`, `exists`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ferrow.sql.expr import Condition, Expr, condition
from ferrow.sql.form.logic import AND, OR
from ferrow.sql.form.membership import EXISTS
from ferrow.sql.operators import FALSE_SHAPE, TRUE_SHAPE, opposite, truth

if TYPE_CHECKING:
    from ferrow.sql.query import Query

Truth: TypeAlias = Expr[bool] | Expr[bool | None]
"""A condition, or a boolean column used as one."""


def and_(*conditions: Truth) -> Condition:
    """All of the conditions; true if there are none."""
    return _joined(AND, [c for c in conditions if truth(c).shape != TRUE_SHAPE], TRUE_SHAPE)


def or_(*conditions: Truth) -> Condition:
    """Any of the conditions; false if there are none."""
    return _joined(OR, [c for c in conditions if truth(c).shape != FALSE_SHAPE], FALSE_SHAPE)


def _joined(form: Any, conditions: list[Truth], neutral: tuple[Any, ...]) -> Condition:
    if len(conditions) < 2:
        only = conditions[0] if conditions else None
        return condition(neutral, ()) if only is None else condition(only.shape, only.values)
    parts: list[Any] = []
    for one in conditions:
        shape = one.shape
        parts += shape[1:] if isinstance(shape, tuple) and shape[0] is form else (shape,)
    return condition((form, *parts), tuple([value for one in conditions for value in one.values]))


def not_(operand: Truth) -> Condition:
    """The opposite of a condition; unknown stays unknown."""
    return opposite(operand)


def true() -> Condition:
    """The condition every row meets."""
    return condition(TRUE_SHAPE, ())


def false() -> Condition:
    """The condition no row meets."""
    return condition(FALSE_SHAPE, ())


def exists(query: Query) -> Condition:
    """Whether `query` has at least one row."""
    return condition((EXISTS, query.shape), query.values)
