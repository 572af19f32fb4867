"""INSERT."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ferrow.sql.columns import members, named_columns
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer

TABLE, COLUMNS, VALUES, RETURNING = range(1, 5)


def _insert(out: Writer, shape: Any) -> str:
    names = ", ".join([out.name(column.name) for column in members(shape[COLUMNS])])
    return f"INSERT INTO {out.write(shape[TABLE])}" + (f" ({names})" if names else "")


def _values(out: Writer, shape: Any) -> str:
    values = ", ".join([out.write(value) for value in shape[VALUES]])
    return f"VALUES ({values})" if values else "DEFAULT VALUES"


def returning(out: Writer, shape: Any) -> str:
    """RETURNING is the last element in the shapes of all three writing statements."""
    columns = members(shape[-1])
    return f"RETURNING {named_columns(out, columns)}" if columns else ""


CLAUSES: dict[str, Callable[[Writer, Any], str]] = {"insert": _insert, "values": _values, "returning": returning}


@form("insert")
def INSERT(out: Writer, *parts: Any) -> str:
    """One row; without columns a row of defaults."""
    return out.clauses(CLAUSES, out.dialect.insert_clauses, (INSERT, *parts))
