"""Which tables a statement's columns may belong to, and whether their bare names are enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ferrow.errors import ProgrammingError
from ferrow.sql.column import ColumnKey
from ferrow.sql.columns import Columns
from ferrow.sql.form.naming import LABEL
from ferrow.sql.form.select import JOINS, SELECT, SOURCE
from ferrow.sql.table import TableKey


def ambiguous(shape: Any) -> bool:
    """Return whether a bare column name could mean something else: several tables, or a label that might have its name."""
    tables: set[TableKey] = set()
    for part in parts(shape):
        if part is LABEL:
            return True
        if type(part) is TableKey:
            tables.add(part)
        elif type(part) is ColumnKey:
            tables.add(part.table)
    return len(tables) > 1


def check_scope(shape: tuple[Any, ...], outside: frozenset[TableKey] = frozenset()) -> None:
    """Check that every column belongs to a table of its statement, or of one around it.

    Raises:
        ProgrammingError: it does not; the message names column and table.
    """
    # In the shapes of the three writing statements the table stands where SELECT has its columns.
    tables = {shape[SOURCE], *(join[1] for join in shape[JOINS])} if shape[0] is SELECT else {shape[1]}
    known = outside | tables
    for part in parts(shape, within=True):
        if type(part) is tuple:
            check_scope(part, known)
        elif type(part) is ColumnKey and part.table not in known:
            of = part.table.alias or part.table.name
            names = ", ".join(sorted(table.alias or table.name for table in known))
            msg = f"the column {part.name!r} belongs to {of!r}, and the statement is about {names}; join {of!r}, or use the column of(...) the table that is meant"
            raise ProgrammingError(msg)


def parts(shape: Any, *, within: bool = False) -> Iterator[Any]:
    """Yield the leaves and forms below a shape; `within` one statement only, yielding the queries inside it whole."""
    for part in shape if type(shape) is tuple else (shape,):
        if type(part) is Columns:
            yield from parts(part.shapes, within=within)
        elif type(part) is not tuple or (within and part and part[0] is SELECT):
            yield part
        else:
            yield from parts(part, within=within)
