"""Changing a value's type."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import form
from ferrow.sql.writer import Writer
from ferrow.types import SQLType


@form("cast")
def CAST(out: Writer, type: SQLType, operand: Any) -> str:
    """`CAST(operand AS type)`."""
    return out.dialect.cast(out.write(operand), type)
