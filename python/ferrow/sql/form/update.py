"""UPDATE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ferrow.sql.form.insert import returning
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer

TABLE, ASSIGNMENTS, WHERE, RETURNING = range(1, 5)


def _update(out: Writer, shape: Any) -> str:
    return f"UPDATE {out.write(shape[TABLE])}"


def _set(out: Writer, shape: Any) -> str:
    # The column being set never carries its table's name: both databases refuse that.
    return "SET " + ", ".join([f"{out.name(column.name)} = {out.write(value)}" for column, value in shape[ASSIGNMENTS]])


def _where(out: Writer, shape: Any) -> str:
    return f"WHERE {out.write(shape[WHERE])}" if shape[WHERE] else ""


CLAUSES: dict[str, Callable[[Writer, Any], str]] = {
    "update": _update,
    "set": _set,
    "where": _where,
    "returning": returning,
}


@form("update")
def UPDATE(out: Writer, *parts: Any) -> str:
    """New values for the matching rows."""
    return out.clauses(CLAUSES, out.dialect.update_clauses, (UPDATE, *parts))
