"""What INSERT does with rows that are there already."""

from __future__ import annotations

from typing import Any

from ferrow.sql.form.update import assignments
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer


@form("on conflict")
def ON_CONFLICT(out: Writer, target: tuple[Any, ...] | None, sets: Any, where: Any) -> str:
    """`ON CONFLICT [(columns)] DO NOTHING` or `DO UPDATE SET ... [WHERE ...]`; `sets` is None for the former."""
    at = "" if target is None else f" ({', '.join([out.name(column.name) for column in target])})"
    if sets is None:
        return f"ON CONFLICT{at} DO NOTHING"
    only = f" WHERE {out.write(where)}" if where else ""
    return f"ON CONFLICT{at} DO UPDATE SET {assignments(out, sets)}{only}"
