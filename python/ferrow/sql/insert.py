"""New rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ferrow.errors import ProgrammingError
from ferrow.sql.column import ColumnRef, assigned
from ferrow.sql.columns import listed
from ferrow.sql.cte import stated
from ferrow.sql.expr import Expr
from ferrow.sql.form.conflict import ON_CONFLICT, SQLText, as_is
from ferrow.sql.form.insert import CONFLICT, INSERT, ROWS
from ferrow.sql.logic import Truth
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.operators import truth
from ferrow.sql.proposed import excluded
from ferrow.sql.shape import HOLES
from ferrow.sql.statement import Statement
from ferrow.sql.table import RowKey, TableRef

if TYPE_CHECKING:
    from ferrow.sql.query import Query

I = TypeVar("I", bound="Insert")  # noqa: E741


class Insert(Statement):
    """`INSERT INTO table (columns) VALUES ($1, ...) ON CONFLICT ... RETURNING ...`.

    One statement serves any number of rows: build it without values once, then `run_many` it with rows, or call `row(...)`.
    Several rows in one statement are `Insert.of_rows`, those of a query `Insert.from_query`.

    """

    __slots__ = ("parts",)

    parts: tuple[tuple[Any, ...], ...]
    """The values of the rows, of ON CONFLICT, of WITH and of RETURNING."""

    def __init__(
        self,
        table: TableRef,
        columns: Sequence[ColumnRef[Any]],
        values: Sequence[Any] | None = None,
        returning: Sequence[Expr[Any]] = (),
    ) -> None:
        """Insert one row of `values` (Python values or expressions) in the order of `columns`.

        `values=None` is the batch form: a placeholder per column, the rows are given when it is run. No columns: a row of defaults.

        Raises:
            ValueError: another number of values than of columns, or expressions with parameters among `returning`.
        """
        shapes: tuple[Any, ...]
        given: tuple[Any, ...] = ()
        if values is None:
            shapes = tuple([HOLES[column.type] for column in columns])
        else:
            shapes, given = _row(table, columns, values)
        back, more = listed(returning)
        if more and values is None:
            msg = "an insert without values cannot return expressions that have parameters of their own"
            raise ValueError(msg)
        names, _ = listed(columns)
        _fill(
            self,
            (INSERT, table.shape, names, shapes, None, None, _row_key(table, returning), back),
            (given, (), (), more),
        )

    @classmethod
    def of_rows(
        cls,
        table: TableRef,
        columns: Sequence[ColumnRef[Any]],
        rows: Sequence[Sequence[Any]],
        returning: Sequence[Expr[Any]] = (),
    ) -> Self:
        """Insert several rows by one statement: `VALUES ($1, $2), ($3, $4)`. Each number of rows is a statement of its own.

        Raises:
            ValueError: no columns, no rows, or another number of values than of columns.
        """
        if not columns or not rows:
            msg = f"insert into {table.name!r}: needs columns and rows, got {len(columns)} columns and {len(rows)} rows"
            raise ValueError(msg)
        pairs = [_row(table, columns, row) for row in rows]
        back, more = listed(returning)
        made: Self = object.__new__(cls)
        given = tuple([value for pair in pairs for value in pair[1]])
        names, _ = listed(columns)
        rows_shape = (ROWS, *[pair[0] for pair in pairs])
        shape = (INSERT, table.shape, names, rows_shape, None, None, _row_key(table, returning), back)
        return _fill(made, shape, (given, (), (), more))

    @classmethod
    def from_query(
        cls, table: TableRef, columns: Sequence[ColumnRef[Any]], query: Query, returning: Sequence[Expr[Any]] = ()
    ) -> Self:
        """Insert the rows of a query: `INSERT INTO table (columns) SELECT ...`.

        Raises:
            ValueError: the query has another number of columns.
        """
        if len(query.columns) != len(columns):
            msg = f"insert into {table.name!r}: a query of {len(query.columns)} columns for {len(columns)} columns"
            raise ValueError(msg)
        back, more = listed(returning)
        inner = query.without_ctes()
        made: Self = object.__new__(cls)
        names, _ = listed(columns)
        said, needed = stated(query.ctes)
        shape = (INSERT, table.shape, names, inner.shape, None, said, _row_key(table, returning), back)
        return _fill(made, shape, (inner.values, (), needed, more))

    def on_conflict_do_nothing(
        self, target: Sequence[ColumnRef[Any]] | ColumnRef[Any] | None = None, *, index_sql: SQLText | None = None
    ) -> Self:
        """Leave out rows that are there already: by these columns, which have a unique constraint, or by any.

        `index_sql` is the condition of the unique index, if it is of some rows only, as SQL text. `RETURNING` gives only the rows
        that were inserted.
        """
        return self._conflict((ON_CONFLICT, _target(target), None, None, as_is(index_sql)), ())

    def on_conflict_do_update(
        self,
        target: Sequence[ColumnRef[Any]] | ColumnRef[Any],
        set_: Sequence[ColumnRef[Any] | tuple[ColumnRef[Any], Any]],
        where: Truth | None = None,
        *,
        index_sql: SQLText | None = None,
    ) -> Self:
        """Change the row that is there already: `ON CONFLICT (email) DO UPDATE SET name = excluded.name`.

        Args:
            target: the columns, which have a unique constraint, by which a row is recognised.
            set_: columns, which get the value that was to be inserted, or pairs of a column and a value or expression. In
                expressions a column is the value there is, `excluded(column)` that which was to be inserted.
            where: the rows there are for which this is done; the others stay as they are.
            index_sql: the condition of the unique index, if it is of some rows only, as SQL text.

        Raises:
            ProgrammingError: no target, or nothing is set.
            TypeError: `where` is not a condition.
        """
        if not set_:
            msg = "on_conflict_do_update() sets no column; say on_conflict_do_nothing() if that is meant"
            raise ProgrammingError(msg)
        at = _target(target)
        if not at:
            msg = "on_conflict_do_update() needs the columns by which a row is recognised"
            raise ProgrammingError(msg)
        pairs = [(one, excluded(one)) if isinstance(one, ColumnRef) else one for one in set_]
        said = [(column.shape, *assigned(column, value)) for column, value in pairs]
        sets = tuple([one[:2] for one in said])
        values = tuple([value for one in said for value in one[2]])
        if where is None:
            return self._conflict((ON_CONFLICT, at, sets, None, as_is(index_sql)), values)
        return self._conflict((ON_CONFLICT, at, sets, truth(where).shape, as_is(index_sql)), values + where.values)

    def _conflict(self, shape: Any, values: tuple[Any, ...]) -> Self:
        if self.shape[CONFLICT] is not None:
            msg = "the insert says already what to do with rows that are there"
            raise ProgrammingError(msg)
        made: Self = object.__new__(type(self))
        rows, _, needed, more = self.parts
        return _fill(made, (*self.shape[:CONFLICT], shape, *self.shape[CONFLICT + 1 :]), (rows, values, needed, more))

    @property
    def tail(self) -> tuple[Any, ...]:
        """The parameters after those of the row: who runs the batch form with rows of his own appends them to each row."""
        return self.values[len(self.parts[0]) :]

    def row(self, values: tuple[Any, ...]) -> Self:
        """Return the batch form with the values of one row: plain Python values, one per column, which are not looked at here."""
        made = object.__new__(type(self))
        return _fill(made, self.shape, (values, *self.parts[1:]))


def _row(table: TableRef, columns: Sequence[ColumnRef[Any]], values: Sequence[Any]) -> tuple[Any, tuple[Any, ...]]:
    if len(values) != len(columns):
        msg = f"insert into {table.name!r}: {len(values)} values for {len(columns)} columns"
        raise ValueError(msg)
    pairs = [assigned(column, value) for column, value in zip(columns, values, strict=True)]
    return tuple([pair[0] for pair in pairs]), tuple([value for pair in pairs for value in pair[1]])


def _row_key(table: TableRef, returning: Sequence[Expr[Any]]) -> RowKey | None:
    """What the rows that are returned may have to be found by."""
    return table.row_key if returning else None


def _target(target: Sequence[ColumnRef[Any]] | ColumnRef[Any] | None) -> tuple[Any, ...] | None:
    if target is None:
        return None
    columns = (target,) if isinstance(target, ColumnRef) else target
    return tuple([column.shape for column in columns])


_set_parts = Insert.__dict__["parts"].__set__  # see node.py


def _fill(insert: I, shape: tuple[Any, ...], parts: tuple[tuple[Any, ...], ...]) -> I:
    set_shape(insert, shape)
    set_values(insert, parts[0] + parts[1] + parts[2] + parts[3])
    _set_parts(insert, parts)
    return insert
