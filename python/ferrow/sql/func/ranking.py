"""Functions that number and compare the rows of a window; each is followed by `.over(...)`."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from ferrow.sql.expr import Expr
from ferrow.sql.operand import alike
from ferrow.sql.shape import HOLES
from ferrow.sql.window import WindowFunction
from ferrow.types import BigInteger, Double, Integer

T = TypeVar("T")


def row_number() -> WindowFunction[int]:
    """Number the rows of each partition from 1."""
    return WindowFunction("row_number", BigInteger())


def rank() -> WindowFunction[int]:
    """Rank the rows from 1; rows that are sorted equally share a rank, and leave a gap behind them."""
    return WindowFunction("rank", BigInteger())


def dense_rank() -> WindowFunction[int]:
    """Rank the rows from 1, without gaps."""
    return WindowFunction("dense_rank", BigInteger())


def percent_rank() -> WindowFunction[float]:
    """Return the rank as a part of the partition: from 0 for the first row to 1 for the last."""
    return WindowFunction("percent_rank", Double())


def cume_dist() -> WindowFunction[float]:
    """Return the part of the partition that is sorted up to this row, itself included: up to 1."""
    return WindowFunction("cume_dist", Double())


def ntile(buckets: int) -> WindowFunction[int]:
    """Deal the rows to so many buckets of (almost) the same size, numbered from 1.

    Raises:
        ValueError: not a whole number from 1 on.
    """
    return WindowFunction("ntile", Integer(), HOLES[Integer()], values=(_positive("ntile", buckets, 1),))


@overload
def lag(value: Expr[T], offset: int = 1) -> WindowFunction[T | None]: ...
@overload
def lag(value: Expr[T], offset: int, default: T | Expr[T]) -> WindowFunction[T]: ...
def lag(value: Expr[Any], offset: int = 1, default: Any = None) -> WindowFunction[Any]:
    """Return the value of an earlier row of the partition.

    Args:
        value: computed for that row.
        offset: how many rows before this one.
        default: the value where there is no such row; NULL by default.

    Raises:
        ValueError: an offset that is no whole number from 0 on.
        TypeError: a default of another type than the value.
    """
    return _other_row("lag", value, offset, default)


@overload
def lead(value: Expr[T], offset: int = 1) -> WindowFunction[T | None]: ...
@overload
def lead(value: Expr[T], offset: int, default: T | Expr[T]) -> WindowFunction[T]: ...
def lead(value: Expr[Any], offset: int = 1, default: Any = None) -> WindowFunction[Any]:
    """Return the value of a later row of the partition; like `lag` otherwise."""
    return _other_row("lead", value, offset, default)


def first_value(value: Expr[T]) -> WindowFunction[T | None]:
    """Return the value of the first row of the frame; NULL if the frame is empty."""
    return WindowFunction("first_value", value.type, value.shape, values=value.values)


def last_value(value: Expr[T]) -> WindowFunction[T | None]:
    """Return the value of the last row of the frame, which by default ends with the current row: see `over(rows=)`."""
    return WindowFunction("last_value", value.type, value.shape, values=value.values)


def nth_value(value: Expr[T], position: int) -> WindowFunction[T | None]:
    """Return the value of the row at a position of the frame, counted from 1; NULL if there is none.

    Raises:
        ValueError: not a whole number from 1 on.
    """
    checked = _positive("nth_value", position, 1)
    return WindowFunction("nth_value", value.type, value.shape, HOLES[Integer()], values=(*value.values, checked))


def _other_row(name: str, value: Expr[Any], offset: int, default: Any) -> WindowFunction[Any]:
    checked = _positive(name, offset, 0)
    if default is None:
        return WindowFunction(name, value.type, value.shape, HOLES[Integer()], values=(*value.values, checked))
    type, ((shape, values), (other, other_values)) = alike(name, (value, default))
    return WindowFunction(name, type, shape, HOLES[Integer()], other, values=(*values, checked, *other_values))


def _positive(name: str, number: Any, least: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        msg = f"{name}() takes a whole number from {least} on, not {number!r}"
        raise ValueError(msg)
    return number
