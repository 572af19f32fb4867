"""UPDATE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ferrow.errors import NotSupportedError
from ferrow.sql.form.returning import returning
from ferrow.sql.form.select import changing_with
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer

TABLE, ASSIGNMENTS, FROM, WHERE, WITH_CTES, RETURNING = range(1, 7)


def _update(out: Writer, shape: Any) -> str:
    return f"UPDATE {out.write(shape[TABLE])}"


def _set(out: Writer, shape: Any) -> str:
    # The column being set never carries its table's name, unless the sources stand before it.
    joined = shape[FROM] and out.dialect.update_clauses.index("from") < out.dialect.update_clauses.index("set")
    pairs = [
        (out.write(column) if joined else out.name(column.name), value)
        for column, value in out.dialect.assigned([*shape[ASSIGNMENTS]])
    ]
    return f"SET {', '.join([f'{name} = {out.write(value)}' for name, value in pairs])}"


def _from(out: Writer, shape: Any) -> str:
    return out.dialect.updated_from(", ".join([out.write(source) for source in shape[FROM]])) if shape[FROM] else ""


def _where(out: Writer, shape: Any) -> str:
    return f"WHERE {out.write(shape[WHERE])}" if shape[WHERE] else ""


def _returning(out: Writer, shape: Any) -> str:
    text = returning(out, shape)
    if text and not out.dialect.returns_updates:
        msg = f"{out.dialect.name}: MariaDB's UPDATE has no RETURNING; read the rows again"
        raise NotSupportedError(msg)
    return text


CLAUSES: dict[str, Callable[[Writer, Any], str]] = {
    "with": changing_with(WITH_CTES),
    "update": _update,
    "set": _set,
    "from": _from,
    "where": _where,
    "returning": _returning,
}


@form("update")
def UPDATE(out: Writer, *parts: Any) -> str:
    """New values for the matching rows."""
    return out.clauses(CLAUSES, out.dialect.update_clauses, (UPDATE, *parts))
