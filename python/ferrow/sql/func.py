"""Functions over many rows: `func.count()`, `func.sum(Order.total)`.

The type of a result depends on the argument's type only, never on the database:

| function      | whole numbers | floats | decimals | others                       |
|---------------|---------------|--------|----------|------------------------------|
| `count`       | int           | int    | int      | int                          |
| `sum`         | int           | float  | Decimal  | TypeError                    |
| `avg`         | float         | float  | Decimal  | TypeError                    |
| `min`, `max`  | as argument   | same   | same     | as argument (JSON: TypeError)|

Over no rows (or NULLs only) `count` is 0 and the others are None. A sum of whole numbers beyond 64 bit is an error of the database.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar, overload

from ferrow.sql.expr import Expr, expression
from ferrow.sql.form.aggregate import AGGREGATE
from ferrow.sql.promote import is_number
from ferrow.types import BigInteger, Double, Integer, Numeric, SQLType

T = TypeVar("T")


def count(operand: Expr[Any] | None = None, *, distinct: bool = False) -> Expr[int]:
    """Count rows; with an operand, rows where it is not NULL, or its different values.

    Raises:
        TypeError: `distinct` without an operand.
    """
    if operand is None and distinct:
        msg = "count(distinct=True) needs an expression whose different values are counted"
        raise TypeError(msg)
    return _aggregate("count", operand, BigInteger(), distinct=distinct)


def sum(operand: Expr[T], *, distinct: bool = False) -> Expr[T | None]:  # the SQL name
    """Add up numbers, decimals exactly."""
    type = _number("sum", operand)
    result = BigInteger() if isinstance(type, Integer) else Double() if isinstance(type, Double) else Numeric()
    return _aggregate("sum", operand, result, distinct=distinct)


@overload  # no class is a Decimal and an int or a float, which the checkers do not know
def avg(  # type: ignore[overload-overlap]  # pyright: ignore[reportOverlappingOverload]
    operand: Expr[Decimal] | Expr[Decimal | None], *, distinct: bool = False
) -> Expr[Decimal | None]: ...
@overload
def avg(
    operand: Expr[int] | Expr[int | None] | Expr[float] | Expr[float | None], *, distinct: bool = False
) -> Expr[float | None]: ...
def avg(operand: Expr[Any], *, distinct: bool = False) -> Expr[Any]:
    """Mean of numbers. A mean of decimals is rounded to at least 16 significant digits."""
    result = Numeric() if isinstance(_number("avg", operand), Numeric) else Double()
    return _aggregate("avg", operand, result, distinct=distinct)


def min(operand: Expr[T]) -> Expr[T | None]:  # the SQL name
    """Smallest value; of booleans False if any is, of UUIDs and bytes by their bytes."""
    return _aggregate("min", operand, _ordered("min", operand))


def max(operand: Expr[T]) -> Expr[T | None]:  # the SQL name
    """Largest value; of booleans True if any is, of UUIDs and bytes by their bytes."""
    return _aggregate("max", operand, _ordered("max", operand))


def _aggregate(name: str, operand: Expr[Any] | None, result: SQLType, *, distinct: bool = False) -> Expr[Any]:
    if operand is None:
        return expression((AGGREGATE, result, name, distinct, None), (), result)
    return expression((AGGREGATE, result, name, distinct, operand.shape), operand.values, result)


def _number(name: str, operand: Expr[Any]) -> SQLType:
    if not is_number(operand.type):
        msg = f"{name}() needs numbers, and {operand!r} is {operand.type!r}"
        raise TypeError(msg)
    return operand.type


def _ordered(name: str, operand: Expr[Any]) -> SQLType:
    if not operand.type.ordered:
        msg = f"{name}() needs values with an order, and {operand!r} is {operand.type!r}"
        raise TypeError(msg)
    return operand.type
