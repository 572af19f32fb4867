"""Labels of result columns, and how later clauses refer to them."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import form
from ferrow.sql.writer import Writer
from ferrow.types import SQLType


@form("label")
def LABEL(out: Writer, type: SQLType, name: str, operand: Any) -> str:
    """A labelled expression outside the column list is the expression; the list itself adds `AS name`."""
    return out.write(operand)


@form("label reference")
def LABEL_REFERENCE(out: Writer, type: SQLType, name: str) -> str:
    """ORDER BY takes the name, which wins over a column of the same name on every database."""
    return out.name(name)


@form("ordinal")
def ORDINAL(out: Writer, type: SQLType, position: int) -> str:
    """GROUP BY takes the 1-based position, because there PostgreSQL prefers a column to a label of the same name."""
    return str(position)
