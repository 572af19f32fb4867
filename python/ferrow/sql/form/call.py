"""Functions of a row's own values."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import form
from ferrow.sql.writer import Writer
from ferrow.types import SQLType


@form("call")
def CALL(out: Writer, type: SQLType, name: str, *operands: Any) -> str:
    """A function of ferrow's `func`, in the wording that means the same on every database."""
    kind = out.type_of(operands[0]).kind if operands else ""
    said = out.dialect.calls.template(name, kind, len(operands))
    texts = [out.write(operand) for operand in operands]
    return f"{name}({', '.join(texts)})" if said is None else said.format(*texts)


@form("named call")
def NAMED_CALL(out: Writer, type: SQLType, name: str, schema: str | None, *operands: Any) -> str:
    """Any other function, by its name."""
    return f"{out.named(name, schema)}({', '.join(map(out.write, operands))})"


@form("date part")
def DATE_PART(out: Writer, type: SQLType, function: str, unit: str, operand: Any) -> str:
    """A part of a moment (extract), or the moment where such a part began (date_trunc)."""
    return out.dialect.calls.moment(function, unit, out.type_of(operand).kind).format(out.write(operand))


@form("extreme")
def EXTREME(out: Writer, type: SQLType, name: str, *operands: Any) -> str:
    """The greatest or least of several values, NULLs left out."""
    return out.dialect.calls.extreme(name, [out.comparable(operand, type) for operand in operands], type)
