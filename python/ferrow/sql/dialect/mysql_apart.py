"""Subqueries of the table that a statement changes: MySQL takes them only as rows put aside first."""

from __future__ import annotations

from typing import Any, Final

from ferrow.sql.columns import Columns
from ferrow.sql.derived import DerivedKey
from ferrow.sql.form.compound import is_query
from ferrow.sql.form.select import COLUMNS, EMPTY, SELECT, SOURCE
from ferrow.sql.form.source import SUBQUERY
from ferrow.sql.shape import Leaf
from ferrow.sql.table import TableKey
from ferrow.sql.writer import Writer


class _Star(Leaf):
    def write(self, out: Writer) -> str:
        return "*"


_STAR: Final = Columns((_Star(),))


def apart(shape: Any, table: TableKey) -> Any:
    """Return the shape with each query in it that reads the table as `SELECT * FROM (query) AS apart`.

    That is what the manual advises against ER_UPDATE_TABLE_USED.
    """
    if type(shape) is not tuple:
        return shape
    if is_query(shape):
        return _set_apart(shape) if _reads(shape, table) else shape
    return tuple([apart(part, table) for part in shape])


def _set_apart(query: Any) -> Any:
    made = [SELECT, *EMPTY[1:]]
    made[COLUMNS] = _STAR
    made[SOURCE] = (SUBQUERY, DerivedKey("apart", None, query), query, False)
    return tuple(made)


def _reads(shape: Any, table: TableKey) -> bool:
    if type(shape) is Columns:
        shape = shape.shapes
    if type(shape) is tuple:
        return any(_reads(part, table) for part in shape)
    return type(shape) is TableKey and (shape.name, shape.schema) == (table.name, table.schema)
