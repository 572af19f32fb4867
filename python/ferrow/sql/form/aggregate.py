"""Functions over many rows."""

from __future__ import annotations

from typing import Any

from ferrow.errors import NotSupportedError
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer
from ferrow.types import SQLType

NAME, DISTINCT, OPERANDS, ORDER_BY, FILTER = range(2, 7)
"""Where each part stands in the shape, behind the form itself and the type."""


@form("aggregate")
def AGGREGATE(
    out: Writer, type: SQLType, name: str, distinct: bool, operands: tuple[Any, ...], order: tuple[Any, ...], only: Any
) -> str:
    """`name(operands ORDER BY order) FILTER (WHERE only)`, in the wording that gives the promised result type."""
    return aggregated(out, (AGGREGATE, type, name, distinct, operands, order, only))


@form("named aggregate")
def NAMED_AGGREGATE(
    out: Writer,
    type: SQLType,
    name: str,
    schema: str | None,
    operands: tuple[Any, ...],
    order: tuple[Any, ...],
    only: Any,
) -> str:
    """An aggregate that `func` does not have; its schema stands where others have DISTINCT."""
    return aggregated(out, (NAMED_AGGREGATE, type, name, schema, operands, order, only))


AGGREGATES = frozenset({AGGREGATE, NAMED_AGGREGATE})


def aggregated(out: Writer, shape: Any, over: str = "") -> str:
    """Return an aggregate as text; `over` follows the function itself, which the dialect may have wrapped in a cast."""
    name, distinct, operands, order, only = shape[NAME:]
    tail = (f" FILTER (WHERE {out.write(only)})" if only and out.dialect.filters else "") + over
    if only and not out.dialect.filters:
        return _chosen(out, shape, tail)
    if shape[0] is NAMED_AGGREGATE:
        return f"{out.named(name, distinct)}({', '.join(map(out.write, operands))}){tail}"
    if not operands:
        return f"{name}(*){tail}"
    compared = distinct or name in {"min", "max"}
    texts = [out.comparable(operands[0]) if compared else out.write(operands[0]), *map(out.write, operands[1:])]
    said = out.dialect.aggregate(name, out.type_of(operands[0]), distinct=distinct, separated=len(operands) > 1)
    sort = f" ORDER BY {', '.join(map(out.write, order))}" if order else ""
    return _formatted(said, distinct, texts, sort, tail)


def _chosen(out: Writer, shape: Any, tail: str) -> str:
    """Without FILTER: the values of other rows are NULL, which every aggregate of one value leaves out but those that gather."""
    name, distinct, operands, order, only = shape[NAME:]
    if shape[0] is NAMED_AGGREGATE or name in {"array_agg", "json_agg"} or order:
        msg = f"{out.dialect.name} has no FILTER for {name}(); ask a query with where() instead"
        raise NotSupportedError(msg)
    when = f"CASE WHEN {out.write(only)} THEN "
    if not operands:
        return f"{name}({when}1 END){tail}"
    texts = [f"{when}{out.write(operands[0])} END", *map(out.write, operands[1:])]
    said = out.dialect.aggregate(name, out.type_of(operands[0]), distinct=distinct, separated=len(operands) > 1)
    return _formatted(said, distinct, texts, "", tail)


def _formatted(said: str, distinct: bool, texts: list[str], order: str, tail: str) -> str:
    return said.format(
        distinct="DISTINCT " if distinct else "",
        operand=", ".join(texts),
        first=texts[0],
        second=texts[-1],
        order=order,
        tail=tail,
    )
