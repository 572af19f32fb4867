"""Functions over many rows.

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

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar, overload

from ferrow.sql.aggregate import Aggregate, aggregate
from ferrow.sql.expr import Expr
from ferrow.sql.form.aggregate import AGGREGATE
from ferrow.sql.operand import argument, expr_of
from ferrow.sql.ordering import Ordering
from ferrow.sql.promote import is_number
from ferrow.types import BigInteger, Double, Integer, Json, ListOf, Numeric, SQLType, Text

T = TypeVar("T")

Order: TypeAlias = Expr[Any] | Ordering | Sequence[Expr[Any] | Ordering]

_JSON = frozenset({"bool", "int", "float", "text", "json"})


def count(operand: Expr[Any] | None = None, *, distinct: bool = False) -> Aggregate[int]:
    """Count rows; with an operand, rows where it is not NULL, or its different values.

    Raises:
        TypeError: `distinct` without an operand.
    """
    if operand is None and distinct:
        msg = "count(distinct=True) needs an expression whose different values are counted"
        raise TypeError(msg)
    return _aggregate("count", operand, BigInteger(), distinct=distinct)


def sum(operand: Expr[T], *, distinct: bool = False) -> Aggregate[T | None]:  # the SQL name
    """Add up numbers, decimals exactly."""
    type = _number("sum", operand)
    result = BigInteger() if isinstance(type, Integer) else Double() if isinstance(type, Double) else Numeric()
    return _aggregate("sum", operand, result, distinct=distinct)


@overload  # no class is a Decimal and an int or a float, which the checkers do not know
def avg(  # type: ignore[overload-overlap]  # pyright: ignore[reportOverlappingOverload]
    operand: Expr[Decimal] | Expr[Decimal | None], *, distinct: bool = False
) -> Aggregate[Decimal | None]: ...
@overload
def avg(
    operand: Expr[int] | Expr[int | None] | Expr[float] | Expr[float | None], *, distinct: bool = False
) -> Aggregate[float | None]: ...
def avg(operand: Expr[Any], *, distinct: bool = False) -> Aggregate[Any]:
    """Mean of numbers. A mean of decimals is rounded to at least 16 significant digits."""
    result = Numeric() if isinstance(_number("avg", operand), Numeric) else Double()
    return _aggregate("avg", operand, result, distinct=distinct)


def min(operand: Expr[T]) -> Aggregate[T | None]:  # the SQL name
    """Smallest value; of booleans False if any is, of UUIDs and bytes by their bytes."""
    return _aggregate("min", operand, _ordered("min", operand))


def max(operand: Expr[T]) -> Aggregate[T | None]:  # the SQL name
    """Largest value; of booleans True if any is, of UUIDs and bytes by their bytes."""
    return _aggregate("max", operand, _ordered("max", operand))


def string_agg(
    operand: Expr[str] | Expr[str | None], separator: str, *, distinct: bool = False, order_by: Order = ()
) -> Aggregate[str | None]:
    """Join texts, NULLs left out: `func.string_agg(Tag.name, ", ", order_by=Tag.name)`.

    Args:
        operand: the texts.
        separator: what stands between two of them.
        distinct: join each text once (not on SQLite: NotSupportedError).
        order_by: in which order; any, by default.
    """
    expr_of("string_agg", operand, frozenset({"text"}), "texts")
    return _aggregate(
        "string_agg", operand, Text(), argument("string_agg", separator, Text()), distinct=distinct, order_by=order_by
    )


def array_agg(operand: Expr[T], *, distinct: bool = False, order_by: Order = ()) -> Aggregate[list[T] | None]:
    """Gather values in a list, NULLs included: `func.array_agg(Order.id, order_by=Order.id)`.

    The list is a value like a list column's: of the elements' own Python type, and with `contains_all`, `[0]` and the like.

    Raises:
        TypeError: the values are lists themselves.
    """
    _expression("array_agg", operand)
    if isinstance(operand.type, ListOf):
        msg = f"array_agg() cannot gather lists, and {operand!r} is {operand.type!r}; a JSON column can, by json_agg()"
        raise TypeError(msg)
    return _aggregate("array_agg", operand, ListOf(operand.type), distinct=distinct, order_by=order_by)


def json_agg(operand: Expr[Any], *, order_by: Order = ()) -> Aggregate[list[Any] | None]:
    """Gather texts, whole numbers, floats, booleans or JSON documents in a JSON list, NULLs included.

    Raises:
        TypeError: other values, for which JSON has no form of its own; `array_agg` gathers those.
    """
    expr_of("json_agg", operand, _JSON, "what JSON has a form for (array_agg gathers anything)")
    return _aggregate("json_agg", operand, Json(), order_by=order_by)


def _aggregate(
    name: str,
    operand: Expr[Any] | None,
    result: SQLType,
    *further: tuple[Any, tuple[Any, ...]],
    distinct: bool = False,
    order_by: Order = (),
) -> Aggregate[Any]:
    if operand is None:
        return aggregate((AGGREGATE, result, name, False, (), (), None), (), result)
    _expression(name, operand)
    terms = [order_by] if isinstance(order_by, (Expr, Ordering, str)) else list(order_by)
    for term in terms:
        if not isinstance(term, (Expr, Ordering)):
            msg = f"{name}(order_by=...) takes expressions, such as columns, not {term!r}"
            raise TypeError(msg)
    order = [term if isinstance(term, Ordering) else Ordering(term) for term in terms]
    operands = (operand.shape, *[shape for shape, _ in further])
    values = [operand.values, *[values for _, values in further], *[term.values for term in order]]
    shape = (AGGREGATE, result, name, distinct, operands, tuple([term.shape for term in order]), None)
    return aggregate(shape, tuple([value for part in values for value in part]), result)


def _expression(name: str, operand: object) -> None:
    if not isinstance(operand, Expr) or operand.quantified:
        said = (
            f"; of a model's column: columns(Model).{operand}"
            if isinstance(operand, str) and operand.isidentifier()
            else ""
        )
        msg = f"{name}() takes an expression, such as a column, not {operand!r}{said}"
        raise TypeError(msg)


def _number(name: str, operand: Expr[Any]) -> SQLType:
    _expression(name, operand)
    if not is_number(operand.type):
        msg = f"{name}() needs numbers, and {operand!r} is {operand.type!r}"
        raise TypeError(msg)
    return operand.type


def _ordered(name: str, operand: Expr[Any]) -> SQLType:
    _expression(name, operand)
    if not operand.type.ordered:
        msg = f"{name}() needs values with an order, and {operand!r} is {operand.type!r}"
        raise TypeError(msg)
    return operand.type
