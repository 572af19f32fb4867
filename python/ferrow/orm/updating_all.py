"""Many changed instances, each with values of its own: `UPDATE ... FROM (VALUES ...)`, a thousand rows a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, NoResultFound, ProgrammingError
from ferrow.model.writing import refused
from ferrow.orm.changing import assignments
from ferrow.orm.fitting import explained, fits
from ferrow.orm.inserting import grouped
from ferrow.orm.looking import known, look
from ferrow.orm.stamping import stamps
from ferrow.orm.statements.conflict import named_columns
from ferrow.orm.updating import others
from ferrow.orm.versions import counted, stale, version_of
from ferrow.sql import Select, Update, Values, and_
from ferrow.types import Text

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.column import Column
    from ferrow.orm.plan import Plan
    from ferrow.orm.statements.conflict import Names
    from ferrow.sql import ColumnRef, Dialect, Statement
    from ferrow.types import SQLType

Row = tuple[Any, ...]

ROWS = 1024
PARAMETERS = 30_000
"""At most, in one statement: both databases take a little more."""


Changed = Callable[[Any], "tuple[Column, ...] | None"]


async def update_all(
    engine: AsyncEngine,
    dialect: Dialect,
    instances: Sequence[Any],
    columns: Sequence[Names],
    changed: Changed | None = None,
) -> list[Change]:
    """Write columns of many instances, all or none. What the database sets is filled in only when all are in. What was done is returned.

    `changed`: in a unit of work, the columns of an instance that differ from its row, which are written if no columns are named; None for one
    that the unit does not follow. Rows in which nothing differs are looked at.
    """
    changes: list[Change] = []
    unchanged: list[tuple[Plan[Any], list[Any]]] = []
    for plan, group in grouped(instances, dialect):
        if columns or changed is None:
            changes.append(Change(plan, group, _chosen(plan, columns)))
            continue
        keys_of(plan, group)  # two instances of one row may have changed apart
        for chosen, members in _by_changes(plan, group, changed).items():
            if chosen:
                changes.append(Change(plan, members, chosen))
            else:
                unchanged.append((plan, members))
    if not changes and not unchanged:
        return []
    async with engine.transaction():
        for plan, members in unchanged:
            await look(engine, plan, members, "update_all()")
        for change in changes:
            await change.send(engine)
    for change in changes:
        change.fill()
    return changes


def _by_changes(plan: Plan[Any], group: Sequence[Any], changed: Changed) -> dict[tuple[Column, ...], list[Any]]:
    """The instances by the columns that are to be written of them."""
    found: dict[tuple[Column, ...], list[Any]] = {}
    by_itself = (plan.table.version, *[plan.table.by_key[key] for key in stamps(plan.table, ())])
    for one in group:
        differing = changed(one)
        if differing is None:
            chosen = _chosen(plan, ())
        else:
            chosen = tuple([column for column in differing if column not in by_itself])
            for column in chosen:
                if column.read_only:
                    raise refused(column)
        found.setdefault(chosen, []).append(one)
    return found


def _chosen(plan: Plan[Any], columns: Sequence[Names]) -> tuple[Column, ...]:
    stamped = stamps(plan.table, ())
    version = plan.table.version
    if not columns:
        return tuple([column for column in others(plan) if column.key not in stamped and column is not version])
    chosen = tuple(dict.fromkeys([found for one in columns for found in named_columns(plan.table, one)]))
    for column in chosen:
        if column.read_only:
            raise refused(column)
        if column.primary_key or column is version:
            msg = f"update_all() finds the rows of {plan.table.label} by {column.key}, which it cannot change too"
            raise ProgrammingError(msg)
    return chosen


def _sent_as(column: Column) -> SQLType:
    """The type of the values. A cast to VARCHAR(n) would cut what is too long, where the column refuses it."""
    return Text() if column.type.kind == "text" and column.max_length is not None else column.type


def keys_of(plan: Plan[Any], instances: Sequence[Any]) -> list[Row]:
    """The keys of instances of one model. Raises ProgrammingError if one has none, or two are of one row."""
    finder = plan.words.key("update_all()")
    keys = [known(plan, finder.of(instance, "update")) for instance in instances]
    if len({*keys}) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        msg = f"update_all() was given two instances of one row: {finder.shown(twice)}"
        raise ProgrammingError(msg)
    return keys


class Change:
    """The instances of one model, and what came back of their rows."""

    __slots__ = ("_back", "_columns", "_finding", "_found", "_keys", "_plan", "_stamped", "_versions", "instances")

    def __init__(self, plan: Plan[Any], instances: list[Any], columns: tuple[Column, ...]) -> None:
        self._plan = plan
        self.instances: list[Any] = instances
        self._columns = columns
        table = plan.table
        self._stamped = stamps(table, {column.key for column in columns})
        version = table.version
        self._back = (
            *[table.by_key[key] for key in self._stamped],
            *table.computed,
            *([] if version is None else [version]),
        )
        self._finding = (*table.primary_key, *([] if version is None else [version]))
        self._versions = [version_of(table, version and getattr(one, version.key, None)) for one in instances]
        self._found: dict[Row, Row] = {}
        self._keys: list[Row] = keys_of(plan, instances)

    @property
    def written(self) -> frozenset[str]:
        """The attributes that are what the rows have."""
        return frozenset([column.key for column in (*self._columns, *self._back)])

    async def send(self, engine: AsyncEngine) -> None:
        """Change the rows. Raises NoResultFound naming those that are not there."""
        plan = self._plan
        columns = (*self._finding, *self._columns)
        for piece in self._pieces(len(columns)):
            values = self._values(columns, piece)
            statement = self._statement(columns, values)
            try:
                if plan.dialect.returns_updates:
                    found = await self._run(engine, statement)
                else:  # its rows are locked before and read afterwards; `engine` is in a transaction
                    found = await self._run(engine, self._there(columns, values, len(self._finding)).for_update())
                    await self._run(engine, statement)
                    if self._back:
                        known = {tuple(row) for row in found}
                        width = len(plan.table.primary_key)
                        read = await self._run(engine, self._there(columns, values, width, self._back))
                        found = [row for row in read if tuple(row[:width]) in known]
            except DataError as error:
                given = len(statement.values) - len(columns) * len(piece)  # those of columns that every update sets
                raise explained(error, [*columns[:1] * given, *columns * len(piece)]) from error
            width = len(plan.table.primary_key)
            for row in found:
                self._found[tuple(row[:width])] = tuple(row[width:])
        gone = [key for key in self._keys if key not in self._found]
        if gone and plan.table.version is not None:
            raise stale(plan, gone[0], self._versions[self._keys.index(gone[0])][0], "update")
        if gone:
            finder = plan.words.key("update_all()")
            shown = ", ".join([finder.shown(key) for key in gone[:5]]) + (", ..." if len(gone) > 5 else "")
            msg = f"{len(gone)} of {len(self._keys)} rows to update are not there: {shown}"
            raise NoResultFound(msg)

    async def _run(self, engine: AsyncEngine, statement: Statement) -> list[Any]:
        plan = self._plan
        prepared = plan.statements.get(statement.shape) or plan.prepare(statement.shape, statement)
        return (await engine.run(prepared.sql, statement.values, prepared.shape, prepared.kinds)).rows

    def _pieces(self, width: int) -> Iterator[list[Row]]:
        """The rows in pieces, filled up to a power of two by their last one, for there to be few statements."""
        read = self._plan.writer.row(self._columns)
        try:
            rows = [
                (*key, *version, *read(instance))
                for key, version, instance in zip(self._keys, self._versions, self.instances, strict=True)
            ]
        except (TypeError, ValueError) as error:
            msg = f"{self._plan.table.label} cannot be updated: {error}"
            raise DataError(msg) from error
        for row in rows:
            for column, value in zip(self._columns, row[-len(self._columns) :], strict=True):
                if value is not None:
                    fits(column, value)
        size = ROWS
        while size * width > PARAMETERS:
            size //= 2
        for start in range(0, len(rows), size):
            piece = rows[start : start + size]
            wanted = 1
            while wanted < len(piece):
                wanted *= 2
            yield piece + piece[-1:] * (wanted - len(piece))

    @staticmethod
    def _values(columns: tuple[Column, ...], piece: list[Row]) -> Values:
        types = {f"c{number}": _sent_as(column) for number, column in enumerate(columns)}
        return Values("new_values", types, piece)

    def _there(self, columns: tuple[Column, ...], values: Values, finding: int, back: Sequence[Column] = ()) -> Select:
        """The rows that are meant, by the first columns of `values`: their keys, and what is to come back."""
        table = self._plan.table
        same = [column.ref == values.column(f"c{number}") for number, column in enumerate(columns[:finding])]
        return Select([column.ref for column in (*table.primary_key, *back)], table.ref).join(values, and_(*same))

    def _statement(self, columns: tuple[Column, ...], values: Values) -> Update:
        table = self._plan.table
        refs = [values.column(f"c{number}") for number in range(len(columns))]
        width = len(self._finding)
        pairs: list[tuple[ColumnRef[Any], Any]] = [
            (column.ref, ref) for column, ref in zip(self._columns, refs[width:], strict=True)
        ]
        pairs += assignments(table, self._stamped)
        where = and_(*[column.ref == ref for column, ref in zip(self._finding, refs, strict=False)])
        pairs = counted(table, pairs)
        returns = self._plan.dialect.returns_updates
        back = [column.ref for column in (*table.primary_key, *self._back)] if returns else []
        return Update(table.ref, pairs, where, back, [values])

    def fill(self) -> None:
        """Give the instances what the database set."""
        if self._back:
            for instance, key in zip(self.instances, self._keys, strict=True):
                self._plan.writer.fill(instance, self._back, self._found[key])
