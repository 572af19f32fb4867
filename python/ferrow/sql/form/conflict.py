"""What INSERT does with rows that are there already."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import form
from ferrow.sql.writer import Writer


@form("on conflict")
def ON_CONFLICT(
    out: Writer, target: tuple[Any, ...] | None, sets: Any, where: Any, told: bool = False, anyone: bool = False
) -> str:
    """`ON CONFLICT [(columns)] DO NOTHING` or `DO UPDATE SET ... [WHERE ...]`; `sets` is None for the former.

    `told` if RETURNING asks by the function `inserted` which of the two it was; `anyone` if any unique key is meant.
    """
    at = None if target is None else [out.name(column.name) for column in target]
    if sets is None:
        return out.dialect.conflict(at, None, "", told=told, anyone=anyone)
    pairs = [(out.name(column.name), out.write(value)) for column, value in sets]
    return out.dialect.conflict(at, pairs, out.write(where) if where else "", told=told, anyone=anyone)
