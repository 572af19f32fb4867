"""`insert(User).values(name="Ada")`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, cast

from ferrow.errors import NoValues, ProgrammingError
from ferrow.errors.shown import shortened
from ferrow.model.writing import refused
from ferrow.orm.fitting import encoded
from ferrow.orm.generic import M
from ferrow.orm.statements.base import Work
from ferrow.orm.statements.conflict import Conflict, check_types, named_columns
from ferrow.orm.statements.queried import Queried
from ferrow.orm.statements.returning import Writing
from ferrow.sql import Expr, Insert

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.orm.statements.conflict import Names
    from ferrow.sql import ColumnRef, Query
    from ferrow.sql.logic import Truth


class ModelInsert(Writing[M]):
    """New rows from values. Columns that are not given get their defaults: those of the model, else those of the database."""

    __slots__ = ("_conflict", "_given", "_query", "_rows")

    def __init__(self, model: type[M]) -> None:
        super().__init__(model)
        self._rows: tuple[dict[str, Any], ...] = ()
        self._given: tuple[Column, ...] = ()
        self._query: Query | None = None
        self._conflict: Conflict | None = None

    def values(self, /, *rows: Mapping[str, Any], **row: Any) -> Self:
        """Add rows: one by keywords, any number as dicts. A value may be an expression.

        Raises:
            UnknownColumn: the model has no such column.
            DataError: a value of another type than the column's.
            ProgrammingError: a row that is no dict.
        """
        for one in rows:
            if not isinstance(one, Mapping):
                raise self._no_row(one)
        made = self._copy()
        given = [*map(dict, rows), *([row] if row else [])]
        made._rows += tuple([self._complete(one) for one in given])
        keys = dict.fromkeys([column.key for column in self._given]) | dict.fromkeys(
            [key for one in given for key in one]
        )
        made._given = tuple([self._words.table.column(key) for key in keys])
        return made

    def _no_row(self, value: object) -> ProgrammingError:
        fix = "give them one after the other: values(*rows)" if isinstance(value, (list, tuple)) else "rows are dicts"
        label = self._words.table.label
        return ProgrammingError(f"insert({label}).values() takes rows by attribute name, not {shortened(value)}; {fix}")

    def from_select(self, columns: Sequence[str | ColumnRef[Any]], query: Queried | Query) -> Self:
        """Insert the rows of a query; `columns` says what its columns become. Defaults of the model are not added.

            insert(Archive).from_select(["id", "title"], select(Post.id, Post.title).where(Post.old))

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: another number of columns than the query has, or of other types.
        """
        made = self._copy()
        made._given = named_columns(self._words.table, columns)
        made._query = query.query() if isinstance(query, Queried) else query
        check_types(self._words.table, made._given, made._query)
        return made

    def on_conflict_do_nothing(self, target: Names | None = None) -> Self:
        """Leave out rows that are there already. RETURNING gives only the rows that were inserted.

        Args:
            target: the columns, which have a unique constraint, by which a row is recognised; None for any constraint.

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: the statement says already what to do.
        """
        return self._on_conflict(Conflict(self._words.table, target, update=False))

    def on_conflict_do_update(
        self, target: Names, set_: Mapping[str, Any] | Sequence[str] | None = None, where: Truth | None = None
    ) -> Self:
        """Change the row that is there already.

            insert(User).values(email="a@example.com", visits=1).on_conflict_do_update("email", {"visits": User.visits + 1})

        Args:
            target: the columns, which have a unique constraint, by which a row is recognised.
            set_: what to change: names of columns, which get what was to be inserted; or values and expressions by name, in
                which a column is the value there is and `excluded(column)` the one that was to be inserted. None: the columns
                that were given to `values`, except the target and the primary key.
            where: change only rows that meet this condition; the others stay as they are.

        Raises:
            UnknownColumn: the model has no such column.
            DataError: a value of another type than its column's.
            ProgrammingError: no target, or the statement says already what to do.
        """
        return self._on_conflict(Conflict(self._words.table, target, set_, where, update=True))

    def _on_conflict(self, conflict: Conflict) -> Self:
        if self._conflict is not None:
            msg = f"this insert({self._words.table.label}) says already what to do with rows that are there"
            raise ProgrammingError(msg)
        made = self._copy()
        made._conflict = conflict
        return made

    def _statement(self, made: Insert) -> Insert:
        return made if self._conflict is None else self._conflict.applied(made, self._given)

    def _complete(self, row: dict[str, Any]) -> dict[str, Any]:
        table = self._words.table
        for key in row:
            if table.column(key).read_only:
                raise refused(table.column(key))
        values = {key: _sent(table.column(key), value) for key, value in row.items()}
        for column in table.columns:
            if column.key not in values and column.default is not None:
                default = column.default() if callable(column.default) else column.default
                values[column.key] = encoded(column, default)
        return values

    def work(self) -> Work:
        """One statement, once per row. Raises NoValues (a ValueError) without rows, ProgrammingError if rows differ in columns."""
        table = self._words.table
        if self._query is not None:
            return self._from_query(self._query)
        if not self._rows:
            msg = f"No values specified for INSERT into {table.label}: say values(...)"
            raise NoValues(msg)
        first = self._rows[0]
        columns: list[Column] = [column for column in table.columns if column.key in first]
        for row in self._rows:
            if row.keys() != first.keys():
                msg = (
                    f"the rows of one insert({table.label}) give the same columns; {list(first)} and {list(row)} differ"
                )
                raise ProgrammingError(msg)
        refs = [column.ref for column in columns]
        rows = [tuple([row[column.key] for column in columns]) for row in self._rows]
        if not any(isinstance(value, Expr) for row in rows for value in row):
            work = self._work(lambda back: self._statement(Insert(table.ref, refs, returning=back)), columns=columns)
            tail = cast("Insert", work.statement).tail
            work.rows = [row + tail for row in rows] if tail else rows
            return work
        each = [
            self._work(lambda back, row=row: self._statement(Insert(table.ref, refs, row, back)))  # type: ignore[misc]
            for row in rows
        ]
        work = each[0]
        if any(one.statement.shape != work.statement.shape for one in each):
            msg = f"the rows of one insert({table.label}) have the same expressions at the same places; insert others apart"
            raise ProgrammingError(msg)
        work.rows = [one.statement.values for one in each]
        return work

    def _from_query(self, query: Query) -> Work:
        table = self._words.table
        if self._rows:
            msg = f"insert({table.label}) has both values(...) and from_select(...); say one of them"
            raise ProgrammingError(msg)
        refs = [column.ref for column in self._given]
        return self._work(lambda back: self._statement(Insert.from_query(table.ref, refs, query, back)))


def _sent(column: Column, value: Any) -> Any:
    return value if isinstance(value, Expr) else encoded(column, value)


def insert(model: type[M]) -> ModelInsert[M]:
    """New rows of a model. Raises ModelError if it is not one."""
    return ModelInsert(model)
