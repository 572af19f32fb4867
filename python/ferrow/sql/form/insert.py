"""INSERT."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ferrow.sql.columns import members
from ferrow.sql.form.compound import is_query
from ferrow.sql.form.returning import returning
from ferrow.sql.form.select import with_ctes_at
from ferrow.sql.form.source import written
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer

TABLE, COLUMNS, VALUES, CONFLICT, WITH_CTES, RETURNING = range(1, 7)


@form("rows")
def ROWS(out: Writer, *rows: Any) -> str:
    """Several rows in one statement."""
    return f"VALUES {written(out, rows)}"


def _insert(out: Writer, shape: Any) -> str:
    names = ", ".join([out.name(column.name) for column in members(shape[COLUMNS])])
    return f"INSERT INTO {out.write(shape[TABLE])}" + (f" ({names})" if names else "")


def _values(out: Writer, shape: Any) -> str:
    given = shape[VALUES]
    if is_query(given):
        return out.dialect.inserted_query(given, out.write(given), conflict=shape[CONFLICT] is not None)
    if given and given[0] is ROWS:
        return out.write(given)
    values = ", ".join([out.write(value) for value in given])
    return f"VALUES ({values})" if values else out.dialect.empty_row


def _conflict(out: Writer, shape: Any) -> str:
    return out.write(shape[CONFLICT]) if shape[CONFLICT] else ""


CLAUSES: dict[str, Callable[[Writer, Any], str]] = {
    "with": with_ctes_at(WITH_CTES),
    "insert": _insert,
    "values": _values,
    "conflict": _conflict,
    "returning": returning,
}


@form("insert")
def INSERT(out: Writer, *parts: Any) -> str:
    """One row, several, or those of a query; without columns a row of defaults."""
    return out.clauses(CLAUSES, out.dialect.insert_clauses, (INSERT, *parts))
