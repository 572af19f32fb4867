"""Functions over many rows."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import form
from ferrow.sql.writer import Writer
from ferrow.types import SQLType


@form("aggregate")
def AGGREGATE(out: Writer, type: SQLType, name: str, distinct: bool, operand: Any) -> str:
    """`name(operand)`, in the wording that gives the promised result type; None stands for `*`."""
    if operand is None:
        return f"{name}(*)"
    text = out.comparable(operand) if distinct or name in {"min", "max"} else out.write(operand)
    said = out.dialect.aggregate(name, out.type_of(operand))
    return said.format(distinct="DISTINCT " if distinct else "", operand=text)
