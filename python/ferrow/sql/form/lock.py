"""FOR UPDATE and FOR SHARE."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import form
from ferrow.sql.writer import Writer


@form("lock")
def LOCK(out: Writer, strength: str, of: tuple[Any, ...], wait: str | None) -> str:
    """`FOR UPDATE [OF table] [NOWAIT | SKIP LOCKED]`; the tables are named as FROM calls them, without a schema."""
    return out.dialect.lock(strength, [out.name(key.called) for key in of], wait)
