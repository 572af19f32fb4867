"""DELETE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ferrow.sql.form.returning import returning
from ferrow.sql.form.select import changing_with
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer

TABLE, USING, WHERE, WITH_CTES, RETURNING = range(1, 6)


def _delete(out: Writer, shape: Any) -> str:
    return f"DELETE FROM {out.write(shape[TABLE])}"


def _where(out: Writer, shape: Any) -> str:
    using = ", ".join([out.write(source) for source in shape[USING]])
    where = out.write(shape[WHERE]) if shape[WHERE] else ""
    return out.dialect.deleted(using, where)


CLAUSES: dict[str, Callable[[Writer, Any], str]] = {
    "with": changing_with(WITH_CTES),
    "delete": _delete,
    "where": _where,
    "returning": returning,
}


@form("delete")
def DELETE(out: Writer, *parts: Any) -> str:
    """Remove the matching rows."""
    return out.clauses(CLAUSES, out.dialect.delete_clauses, (DELETE, *parts))
