"""Joined tables."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import form
from ferrow.sql.writer import Writer


@form("join")
def JOIN(out: Writer, table: Any, on: Any, outer: bool) -> str:
    """`[LEFT] JOIN table ON condition`."""
    return f"{'LEFT JOIN' if outer else 'JOIN'} {out.write(table)} ON {out.write(on)}"
