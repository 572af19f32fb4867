"""Values and types said explicitly."""

from __future__ import annotations

from typing import Any, TypeVar

from ferrow.sql.expr import Expr, expression
from ferrow.sql.form.cast import CAST
from ferrow.sql.shape import HOLES
from ferrow.types import SQLType, infer_value

T = TypeVar("T")


def literal(value: T, type: SQLType | None = None) -> Expr[T]:
    """Return a value as an expression, sent as a parameter of the given type (by default the one that suits the value).

    Raises:
        TypeError: no SQL type is known for the value.
    """
    of = infer_value(value) if type is None else type
    return expression((CAST, of, HOLES[of]), (value,), of)


def cast(operand: Expr[Any], type: SQLType) -> Expr[Any]:
    """Return `CAST(operand AS type)`.

    What a cast does to a value (rounding, refusing) is the database's: PostgreSQL refuses `'x'` as an integer, SQLite yields 0.

    Raises:
        TypeError: no expression, or no type.
    """
    if not isinstance(operand, Expr) or not isinstance(type, SQLType):
        msg = f"cast({operand!r}, {type!r}): takes an expression, such as a column, and one of ferrow.types, such as Text()"
        raise TypeError(msg)
    return expression((CAST, type, operand.shape), operand.values, type)
