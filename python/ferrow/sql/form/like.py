"""Pattern matching."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import Level, form
from ferrow.sql.writer import Writer
from ferrow.types import Boolean


@form("like", Level.COMPARE, Boolean())
def LIKE(out: Writer, operand: Any, pattern: Any, fold: bool) -> str:
    """`%`, `_` and backslash as in PostgreSQL; `fold` ignores case."""
    return out.dialect.like(out.inner(operand, Level.CONCAT), out.inner(pattern, Level.CONCAT), fold=fold)
