"""`+ - * / %` and joining texts."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import Level, form
from ferrow.sql.writer import Writer
from ferrow.types import Double, Integer, SQLType


def _call(out: Writer, operator: str, type: SQLType, left: Any, right: Any) -> str | None:
    name = out.dialect.arithmetic(operator, type)
    return None if name is None else f"{name}({out.write(left)}, {out.write(right)})"


@form("add", Level.ADD)
def ADD(out: Writer, type: SQLType, operator: str, left: Any, right: Any) -> str:
    """`left + right` or `left - right`."""
    called = _call(out, operator, type, left, right)
    return called or f"{out.inner(left, Level.ADD)} {operator} {out.inner(right, Level.MULTIPLY)}"


@form("multiply", Level.MULTIPLY)
def MULTIPLY(out: Writer, type: SQLType, left: Any, right: Any) -> str:
    """`left * right`."""
    called = _call(out, "*", type, left, right)
    return called or f"{out.inner(left, Level.MULTIPLY)} * {out.inner(right, Level.ATOM)}"


@form("divide", Level.MULTIPLY)
def DIVIDE(out: Writer, type: SQLType, operator: str, left: Any, right: Any) -> str:
    """`left / right` or the remainder. Division by an expression that is zero yields NULL on every database."""
    called = _call(out, operator, type, left, right)
    if called is not None:
        return called
    if isinstance(type, Double) and isinstance(out.type_of(left), Integer):
        dividend = out.dialect.cast(out.write(left), type)  # else whole numbers would lose their fraction
    else:
        dividend = out.inner(left, Level.MULTIPLY)
    return f"{dividend} {operator} {out.dialect.divisor(right, out.inner(right, Level.ATOM))}"


@form("concat", Level.CONCAT)
def CONCAT(out: Writer, type: SQLType, left: Any, right: Any) -> str:
    """Two texts in a row."""
    return f"{out.inner(left, Level.CONCAT)} || {out.inner(right, Level.ATOM)}"
