"""`=`, `<>`, `<`, `<=`, `>`, `>=` and BETWEEN."""

from __future__ import annotations

from typing import Any

from ferrow.sql.promote import common_type
from ferrow.sql.shape import Level, form
from ferrow.sql.writer import Writer
from ferrow.types import Boolean


@form("compare", Level.COMPARE, Boolean())
def COMPARE(out: Writer, operator: str, left: Any, right: Any) -> str:
    """`left operator right`, as values of their common type."""
    common = common_type(out.type_of(left), out.type_of(right))
    ready = out.comparable if operator in ("=", "<>") else out.sortable
    return f"{ready(left, common)} {operator} {ready(right, common)}"


@form("between", Level.COMPARE, Boolean())
def BETWEEN(out: Writer, operand: Any, low: Any, high: Any) -> str:
    """`operand BETWEEN low AND high`, both ends included."""
    common = common_type(common_type(out.type_of(operand), out.type_of(low)), out.type_of(high))
    text, start, end = (out.sortable(part, common) for part in (operand, low, high))
    return f"{text} BETWEEN {start} AND {end}"
