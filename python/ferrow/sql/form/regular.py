"""Regular expressions."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import Level, form
from ferrow.sql.writer import Writer
from ferrow.types import Boolean


@form("matches", Level.COMPARE, Boolean())
def MATCHES(out: Writer, operand: Any, pattern: Any, fold: bool) -> str:
    """Whether a regular expression matches somewhere; `fold` ignores case."""
    return out.dialect.matches(out.inner(operand, Level.CONCAT), out.inner(pattern, Level.CONCAT), fold=fold)
