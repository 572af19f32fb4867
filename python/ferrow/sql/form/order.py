"""One term of ORDER BY."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import form
from ferrow.sql.writer import Writer


@form("order")
def ORDER(out: Writer, operand: Any, descending: bool, nulls: str | None) -> str:
    """`operand [DESC] [NULLS FIRST|LAST]`."""
    text = out.sortable(operand)
    return out.dialect.ordered(text, descending=descending, nulls=nulls)
