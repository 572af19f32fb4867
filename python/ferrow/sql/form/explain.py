"""EXPLAIN."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import form
from ferrow.sql.writer import Writer


@form("explain")
def EXPLAIN(out: Writer, options: tuple[str, ...], tree: bool, statement: Any) -> str:
    """The database's word for it, and the statement."""
    return f"{out.dialect.explain(options, tree=tree)} {out.write(statement)}"
