"""Functions that take one of several values."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from ferrow.sql.expr import Expr, expression
from ferrow.sql.form.call import CALL, EXTREME
from ferrow.sql.operand import alike, joined

T = TypeVar("T")


@overload
def coalesce(first: Expr[T | None], second: T | Expr[T], /) -> Expr[T]: ...
@overload
def coalesce(first: Expr[T | None], second: Expr[T | None], third: T | Expr[T], /) -> Expr[T]: ...
@overload
def coalesce(
    first: Expr[T | None], second: Expr[T | None], third: Expr[T | None], fourth: T | Expr[T], /
) -> Expr[T]: ...
@overload
def coalesce(first: Expr[T | None], /, *others: Expr[T | None]) -> Expr[T | None]: ...
def coalesce(first: Any, /, *others: Any) -> Expr[Any]:
    """Return the first value that is not NULL: `func.coalesce(User.nick, User.name)`, `func.coalesce(User.age, 0)`.

    Raises:
        TypeError: values of different types (numbers of all kinds are alike).
    """
    type, operands = alike("coalesce", (first, *others))
    shapes, values = joined(operands)
    return expression((CALL, type, "coalesce", *shapes), values, type)


def nullif(value: Expr[T], other: T | Expr[T]) -> Expr[T | None]:
    """Return NULL where the two are equal, else the value: `func.nullif(User.name, "")`.

    Raises:
        TypeError: values of different types, or of one that has no order (JSON).
    """
    return expression_of_two("nullif", value, other)


@overload
def greatest(first: Expr[T | None], second: T | Expr[T], /, *more: T | Expr[T] | Expr[T | None]) -> Expr[T]: ...
@overload
def greatest(first: Expr[T], /, *more: T | Expr[T] | Expr[T | None]) -> Expr[T]: ...
def greatest(first: Any, /, *more: Any) -> Expr[Any]:
    """Return the greatest of several values, NULLs left out; NULL if all are.

    Raises:
        TypeError: values of different types, or of one that has no order (JSON).
    """
    return _extreme("greatest", (first, *more))


@overload
def least(first: Expr[T | None], second: T | Expr[T], /, *more: T | Expr[T] | Expr[T | None]) -> Expr[T]: ...
@overload
def least(first: Expr[T], /, *more: T | Expr[T] | Expr[T | None]) -> Expr[T]: ...
def least(first: Any, /, *more: Any) -> Expr[Any]:
    """Return the least of several values, NULLs left out; NULL if all are.

    Raises:
        TypeError: values of different types, or of one that has no order (JSON).
    """
    return _extreme("least", (first, *more))


def _extreme(name: str, given: tuple[Any, ...]) -> Expr[Any]:
    type, operands = alike(name, given)
    if not type.ordered:
        msg = f"{name}() needs values with an order, and {given[0]!r} is {type!r}"
        raise TypeError(msg)
    shapes, values = joined(operands)
    if len(shapes) == 1:
        return expression(shapes[0], values, type)
    return expression((EXTREME, type, name, *shapes), values, type)


def expression_of_two(name: str, value: Any, other: Any) -> Expr[Any]:
    """Return a CASE that compares as `==` does: SQLite's own nullif would compare decimals as texts."""
    from ferrow.sql.casing import case

    if not isinstance(value, Expr):
        msg = f"{name}() takes an expression, such as a column, not {value!r}"
        raise TypeError(msg)
    alike(name, (value, other))
    return case((value.is_distinct_from(other), value))
