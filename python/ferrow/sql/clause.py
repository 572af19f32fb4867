"""Changing one clause of a query that is being built: its shapes and values, each a list by clause position."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ferrow.sql.columns import listed, members
from ferrow.sql.expr import Condition, Expr
from ferrow.sql.form.json import JSON_ORDER
from ferrow.sql.form.logic import AND
from ferrow.sql.form.naming import LABEL_REFERENCE, ORDINAL
from ferrow.sql.form.order import ORDER
from ferrow.sql.form.select import COLUMNS, DISTINCT, GROUP_BY, JOINS, ORDER_BY
from ferrow.sql.join import Join
from ferrow.sql.label import Labelled
from ferrow.sql.logic import Truth
from ferrow.sql.operators import TRUE_SHAPE, truth
from ferrow.sql.ordering import Ordering
from ferrow.sql.shape import HOLES, number
from ferrow.types import BigInteger

_ROWS = HOLES[BigInteger()]


def select(shapes: list[Any], parts: list[tuple[Any, ...]], columns: Sequence[Expr[Any]]) -> None:
    """Set the result columns."""
    if not columns:
        msg = "a query needs at least one column"
        raise ValueError(msg)
    shapes[COLUMNS], parts[COLUMNS] = listed(columns)


def join(shapes: list[Any], parts: list[tuple[Any, ...]], joins: Sequence[Join]) -> None:
    """Add joins."""
    for one in joins:
        shapes[JOINS] += (one.shape,)
        parts[JOINS] += one.values


def restrict(shapes: list[Any], parts: list[tuple[Any, ...]], position: int, conditions: Sequence[Truth]) -> None:
    """Add conditions to WHERE or HAVING, as one flat AND."""
    for condition in conditions:
        new, old = (condition if condition.__class__ is Condition else truth(condition)).shape, shapes[position]
        if new == TRUE_SHAPE:
            continue
        if old is None:
            shapes[position] = new
        else:
            start = old if type(old) is tuple and old[0] is AND else (AND, old)
            shapes[position] = start + (new[1:] if type(new) is tuple and new[0] is AND else (new,))
        parts[position] += condition.values


def _place(shapes: list[Any], parts: list[tuple[Any, ...]], by: Expr[Any]) -> int | None:
    """The 1-based position of the result column that a labelled expression is, values included; None if it is none."""
    if not isinstance(by, Labelled):
        return None
    selected = members(shapes[COLUMNS])
    if by.shape not in selected:
        return None
    place = selected.index(by.shape)
    if by.values:
        before: list[Any] = []
        number(selected[:place], before)
        if parts[COLUMNS][len(before) : len(before) + len(by.values)] != by.values:
            return None
    return place + 1


def group(shapes: list[Any], parts: list[tuple[Any, ...]], columns: Sequence[Expr[Any]]) -> None:
    """Add terms to GROUP BY; a label becomes the position of its column."""
    for column in columns:
        place = _place(shapes, parts, column)
        if place is not None:
            shapes[GROUP_BY] += ((ORDINAL, column.type, place),)
        else:
            shapes[GROUP_BY] += (column.shape,)
            parts[GROUP_BY] += column.values


def order(shapes: list[Any], parts: list[tuple[Any, ...]], terms: Sequence[Expr[Any] | Ordering]) -> None:
    """Add terms to ORDER BY; a label is referred to by name."""
    for term in terms:
        ordering = term if isinstance(term, Ordering) else Ordering(term)
        by = ordering.expr
        place = _place(shapes, parts, by)
        if place is not None:
            reference: Any = (LABEL_REFERENCE, by.type, by.name)  # type: ignore[attr-defined]
            if by.type.kind == "json":
                reference = (JSON_ORDER, (ORDINAL, by.type, place))
            shapes[ORDER_BY] += ((ORDER, reference, ordering.descending, ordering.nulls),)
        else:
            shapes[ORDER_BY] += (ordering.shape,)
            parts[ORDER_BY] += ordering.values


def distinct_on(shapes: list[Any], parts: list[tuple[Any, ...]], terms: Sequence[Expr[Any]]) -> None:
    """Set the terms of DISTINCT ON; a label is referred to by name, as in ORDER BY."""
    shapes[DISTINCT], parts[DISTINCT] = (), ()
    for term in terms:
        if not term.type.ordered:
            msg = f"{term!r} cannot be told apart: {term.type!r} values have no order"
            raise TypeError(msg)
        if _place(shapes, parts, term) is not None:
            shapes[DISTINCT] += ((LABEL_REFERENCE, term.type, term.name),)  # type: ignore[attr-defined]
        else:
            shapes[DISTINCT] += (term.shape,)
            parts[DISTINCT] += term.values


def count(shapes: list[Any], parts: list[tuple[Any, ...]], position: int, rows: int | None) -> None:
    """Set LIMIT or OFFSET. The number is a parameter, so every page of a list has the same statement."""
    if rows is None:
        shapes[position], parts[position] = None, ()
        return
    if isinstance(rows, bool) or not isinstance(rows, int):
        msg = f"limit and offset need a whole number of rows, not {rows!r}"
        raise TypeError(msg)
    if rows < 0:
        msg = f"limit and offset need a number of rows from 0 on, not {rows}"
        raise ValueError(msg)
    shapes[position], parts[position] = _ROWS, (rows,)
