"""What an insert over a model does with rows that are there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from ferrow.errors import ProgrammingError
from ferrow.orm.fitting import encoded, named
from ferrow.sql import ColumnRef, Expr
from ferrow.sql.operators import truth
from ferrow.sql.promote import is_number

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.index import SQLText
    from ferrow.model.table import Table
    from ferrow.sql import Insert, Query
    from ferrow.sql.logic import Truth

Names: TypeAlias = "str | ColumnRef[Any] | Sequence[str | ColumnRef[Any]]"
"""Columns of a model, by attribute name or as `User.email`."""


class Conflict:
    """ON CONFLICT of one model, checked against it."""

    __slots__ = ("_sets", "_table", "_target", "_update", "_where")

    def __init__(
        self,
        table: Table,
        target: Names | None,
        set_: Mapping[str, Any] | Sequence[str] | None = None,
        where: Truth | None = None,
        *,
        update: bool,
    ) -> None:
        """Raises UnknownColumn, DataError; ProgrammingError for an update without a target or with nothing to set."""
        self._table = table
        self._update = update
        self._target = None if target is None else named_columns(table, target)
        self._where = None if where is None else truth(where)
        self._sets: tuple[ColumnRef[Any] | tuple[ColumnRef[Any], Any], ...] | None = None
        if update and not self._target:
            msg = f"{table.label}: on_conflict_do_update() needs the columns by which a row is recognised"
            raise ProgrammingError(msg)
        if isinstance(set_, Mapping):
            self._sets = tuple([self._pair(key, value) for key, value in set_.items()])
        elif set_ is not None:
            self._sets = tuple([column.ref for column in named_columns(table, set_)])
        if self._sets == ():
            msg = (
                f"{table.label}: on_conflict_do_update() sets no column; say on_conflict_do_nothing() if that is meant"
            )
            raise ProgrammingError(msg)

    def _pair(self, key: str, value: Any) -> tuple[ColumnRef[Any], Any]:
        column = self._table.column(key)
        return column.ref, value if isinstance(value, Expr) else encoded(column, value)

    def applied(self, insert: Insert, given: Sequence[Column]) -> Insert:
        """The insert with it. Raises ProgrammingError if no column that was `given` is left to be set."""
        target = None if self._target is None else [column.ref for column in self._target]
        if not self._update or target is None:
            return insert.on_conflict_do_nothing(target, index_sql=index_sql(self._table, self._target))
        sets = self._sets
        if sets is None:
            kept = {*(self._target or ()), *self._table.primary_key}
            sets = tuple([column.ref for column in given if column not in kept])
            if not sets:
                names = ", ".join([column.key for column in given])
                msg = (
                    f"{self._table.label}: of the given columns ({names}) none is left to be set besides target and key; "
                    "say on_conflict_do_nothing(), or set_={...}"
                )
                raise ProgrammingError(msg)
        index = index_sql(self._table, self._target)
        return insert.on_conflict_do_update(target, sets, self._where, index_sql=index)


def index_sql(table: Table, columns: Sequence[Column] | None) -> SQLText | None:
    """The condition of the unique index that recognises rows by these columns; None if they are unique in all rows, or nothing is known."""
    if columns is None:
        return None
    wanted = {column.key for column in columns}
    if any(column.unique or column.unique_index for column in columns if len(columns) == 1) or wanted in (
        {column.key for column in table.primary_key},
        *[set(unique.columns) for unique in table.uniques],
    ):
        return None
    indexes = [one for one in table.indexes if one.unique and not one.sql and set(one.columns) == wanted]
    if not indexes or any(one.where is None for one in indexes):
        return None
    return indexes[0].where


def named_columns(table: Table, names: Names) -> tuple[Column, ...]:
    """Columns of a model by name or as expressions. Raises UnknownColumn, ProgrammingError for a column of another table."""
    alone = isinstance(names, (str, ColumnRef)) or not hasattr(names, "__iter__")
    each: Sequence[Any] = (names,) if alone else tuple(cast("Sequence[Any]", names))
    return tuple([_column(table, one) for one in each])


def _column(table: Table, name: Any) -> Column:
    if not isinstance(name, ColumnRef):
        return table.column(name)
    if name.table.key is not table.ref.key:
        msg = f"{name!r} is a column of another table than {table.label}'s, {table.name}"
        raise ProgrammingError(msg)
    return table.column(name.key)


def check_types(table: Table, columns: Sequence[Column], query: Query) -> None:
    """Raise ProgrammingError for a query whose columns do not fit those they become."""
    if len(columns) != len(query.columns):
        msg = f"insert({table.label}).from_select(): a query of {len(query.columns)} columns for {len(columns)} columns"
        raise ProgrammingError(msg)
    for column, found in zip(columns, query.columns, strict=True):
        if column.type.kind != found.type.kind and not (is_number(column.type) and is_number(found.type)):
            msg = f"{named(column)} is {column.type!r}, and the query has {found.type!r} there; cast() it"
            raise ProgrammingError(msg)
