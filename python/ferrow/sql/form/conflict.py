"""What INSERT does with rows that are there already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from ferrow.errors import ProgrammingError
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer

SQLText: TypeAlias = str | Mapping[str, str]
"""SQL as it is, the same for all dialects or one text each, by name."""


@form("as it is")
def AS_IS(out: Writer, sql: str | tuple[tuple[str, str], ...]) -> str:
    """What the program has written itself; it is static text, from a model."""
    if isinstance(sql, str):
        return sql
    texts = dict(sql)
    if out.dialect.name not in texts:
        raise ProgrammingError(
            f"the SQL of an index has no entry for {out.dialect.name!r}, only for {', '.join(texts)}"
        )
    return texts[out.dialect.name]


def as_is(sql: SQLText | None) -> Any:
    """The shape of such a text."""
    return None if sql is None else (AS_IS, sql if isinstance(sql, str) else tuple(sql.items()))


@form("on conflict")
def ON_CONFLICT(
    out: Writer,
    target: tuple[Any, ...] | None,
    sets: Any,
    where: Any,
    index: Any = None,
    told: bool = False,
    anyone: bool = False,
) -> str:
    """`ON CONFLICT [(columns) [WHERE index]] DO NOTHING` or `DO UPDATE SET ... [WHERE ...]`; `sets` is None for the former.

    `told` if RETURNING asks by the function `inserted` which of the two it was; `anyone` if any unique key is meant.
    """
    at = None if target is None else [out.name(column.name) for column in target]
    of = out.write(index) if index else None
    if sets is None:
        return out.dialect.conflict(at, None, "", of, told=told, anyone=anyone)
    pairs = [(out.name(column.name), out.write(value)) for column, value in sets]
    return out.dialect.conflict(at, pairs, out.write(where) if where else "", of, told=told, anyone=anyone)
