"""Lists in columns, and comparing with every element of a list or row of a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ferrow.errors import NotSupportedError
from ferrow.sql.form.aggregate import AGGREGATES
from ferrow.sql.form.membership import compared
from ferrow.sql.promote import common_type
from ferrow.sql.shape import Form, Level, form
from ferrow.sql.writer import Writer
from ferrow.types import Boolean, Integer, ListOf, SQLType


@form("list compare", Level.ATOM, Boolean())
def LIST_COMPARE(out: Writer, operation: str, left: Any, right: Any) -> str:
    """Whether a list contains, or overlaps with, another."""
    first, second = _apart(out, (left, right), lambda: [out.write(left), out.write(right)])
    return out.dialect.lists.compare(operation, first, second, item_of(out, left))


@form("list length", Level.ATOM, Integer())
def LIST_LENGTH(out: Writer, operand: Any) -> str:
    """How many elements there are; 0 for an empty list."""
    return out.dialect.lists.length(out.write(operand))


@form("list item")
def LIST_ITEM(out: Writer, type: SQLType, operand: Any, index: Any, backwards: bool) -> str:
    """The element at a 0-based index, NULL where there is none; `backwards` for a negative index."""
    return out.dialect.lists.element(out.inner(operand, Level.ATOM), out.write(index), type, backwards=backwards)


@form("quantified", Level.COMPARE, Boolean())
def QUANTIFIED(out: Writer, operand: Any, operator: str, items: Any, every: bool) -> str:
    """`operand operator ANY (items)`, or ALL; the items are a list."""
    item = item_of(out, items)
    common = common_type(out.type_of(operand), item)
    left, list_ = _apart(out, (operand, items), lambda: [out.comparable(operand, common), out.write(items)])
    said = out.dialect.comparable(item, common, leaf=False)
    return out.dialect.lists.quantified(left, operator, list_, item, said or "{}", every=every)


@form("quantified query", Level.COMPARE, Boolean())
def QUANTIFIED_QUERY(out: Writer, operand: Any, operator: str, query: Any, every: bool) -> str:
    """`operand operator ANY (SELECT ...)`, or ALL."""
    return out.dialect.lists.quantified_query(out.comparable(operand), operator, compared(out, query), every=every)


def _apart(out: Writer, shapes: tuple[Any, ...], write: Callable[[], list[str]]) -> list[str]:
    if out.dialect.lists.crowded and _aggregated(shapes):
        msg = f"{out.dialect.name} looks into lists by a subquery, where an aggregate cannot stand; select the list and look into it in Python, or in an outer query"
        raise NotSupportedError(msg)
    qualify, out.qualify = out.qualify, out.qualify or out.dialect.lists.crowded
    try:
        return write()
    finally:
        out.qualify = qualify


def _aggregated(shape: Any) -> bool:
    if type(shape) is Form:
        return shape in AGGREGATES
    return type(shape) is tuple and any(_aggregated(part) for part in shape)


def item_of(out: Writer, shape: Any) -> SQLType:
    """Return the type of a list's elements."""
    kind = out.type_of(shape)
    assert isinstance(kind, ListOf)
    return kind.item
