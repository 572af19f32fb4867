"""INSERT."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ferrow.errors import NotSupportedError
from ferrow.sql.columns import members
from ferrow.sql.form.call import CALL
from ferrow.sql.form.compound import is_query
from ferrow.sql.form.naming import LABEL
from ferrow.sql.form.returning import returning
from ferrow.sql.form.select import with_ctes_at
from ferrow.sql.form.source import written
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer

TABLE, COLUMNS, VALUES, CONFLICT, WITH_CTES, ROW_KEY, RETURNING = range(1, 8)


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
    if not shape[CONFLICT]:
        return ""
    form, target, sets, where, index = shape[CONFLICT]
    anyone = target is None
    if anyone:
        target = out.dialect.any_target(members(shape[COLUMNS]))
    back = members(shape[RETURNING])
    told = any(_inserted(one) for one in back)
    if (sets is None or where) and back and not told and out.dialect.returns_untouched:
        msg = (
            f"{out.dialect.name} cannot leave out of RETURNING the rows that were in the way and stay as they are. "
            "Leave out returning(), or use session.upsert(..., do_nothing=True), which reads them"
        )
        raise NotSupportedError(msg)
    return out.write((form, target, sets, where, index, told, anyone))


def _inserted(column: Any) -> bool:
    """Whether it asks if the row is a new one."""
    inner = column[3] if type(column) is tuple and column[0] is LABEL else column
    return type(inner) is tuple and inner[0] is CALL and inner[2] == "inserted"


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
