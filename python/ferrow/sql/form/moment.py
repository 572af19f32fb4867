"""Moments that are moved, and how long it is between two."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import Level, form
from ferrow.sql.writer import Writer
from ferrow.types import SQLType
from ferrow.types.duration import Duration


@form("moved")
def MOVED(out: Writer, type: SQLType, operator: str, moment: Any, duration: Any) -> str:
    """`moment + duration` or `moment - duration`."""
    said = out.dialect.calls.moved(operator, type.kind)
    return said.format(out.inner(moment, Level.ATOM), out.inner(duration, Level.ATOM))


@form("apart", type=Duration())
def APART(out: Writer, end: Any, start: Any) -> str:
    """`end - start`."""
    said = out.dialect.calls.apart(out.type_of(end).kind)
    return said.format(out.inner(end, Level.ATOM), out.inner(start, Level.ATOM))
