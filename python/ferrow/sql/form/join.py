"""Joined sources."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import form
from ferrow.sql.writer import Writer


@form("join")
def JOIN(out: Writer, source: Any, on: Any, kind: str) -> str:
    """`[LEFT|FULL|CROSS] JOIN source [ON condition]`; `kind` is empty for the inner join."""
    text = f"{out.dialect.joined(kind)} {out.write(source)}"
    return text if on is None else f"{text} ON {out.write(on)}"
