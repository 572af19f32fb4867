"""DELETE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ferrow.sql.form.insert import returning
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer

TABLE, WHERE, RETURNING = range(1, 4)


def _delete(out: Writer, shape: Any) -> str:
    return f"DELETE FROM {out.write(shape[TABLE])}"


def _where(out: Writer, shape: Any) -> str:
    return f"WHERE {out.write(shape[WHERE])}" if shape[WHERE] else ""


CLAUSES: dict[str, Callable[[Writer, Any], str]] = {"delete": _delete, "where": _where, "returning": returning}


@form("delete")
def DELETE(out: Writer, *parts: Any) -> str:
    """Remove the matching rows."""
    return out.clauses(CLAUSES, out.dialect.delete_clauses, (DELETE, *parts))
