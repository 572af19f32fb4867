"""CASE."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import form
from ferrow.sql.writer import Writer
from ferrow.types import SQLType


@form("case")
def CASE(out: Writer, type: SQLType, whens: tuple[tuple[Any, Any], ...], otherwise: Any) -> str:
    """`CASE WHEN condition THEN value ... ELSE otherwise END`."""
    cases = " ".join([f"WHEN {out.write(condition)} THEN {out.write(value)}" for condition, value in whens])
    return f"CASE {cases}{'' if otherwise is None else f' ELSE {out.write(otherwise)}'} END"
