"""What INSERT does with rows that are there already."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import form
from ferrow.sql.writer import Writer


@form("on conflict")
def ON_CONFLICT(out: Writer, target: tuple[Any, ...] | None, sets: Any, where: Any) -> str:
    """`ON CONFLICT [(columns)] DO NOTHING` or `DO UPDATE SET ... [WHERE ...]`; `sets` is None for the former."""
    at = None if target is None else [out.name(column.name) for column in target]
    if sets is None:
        return out.dialect.conflict(at, None, "")
    pairs = [(out.name(column.name), out.write(value)) for column, value in sets]
    return out.dialect.conflict(at, pairs, out.write(where) if where else "")
