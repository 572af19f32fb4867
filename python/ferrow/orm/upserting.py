"""Instances whose rows may be there already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow._core import Shape
from ferrow.errors import DataError, NoResultFound, ProgrammingError
from ferrow.model.given import given
from ferrow.orm.changing import assignments
from ferrow.orm.fitting import explained
from ferrow.orm.inserting import grouped
from ferrow.orm.inserting import rows as rows_of
from ferrow.orm.relations.unloading import unload_unseen
from ferrow.orm.stamping import stamps
from ferrow.orm.statements.conflict import index_sql, named_columns
from ferrow.sql import ColumnRef, Insert, Select, and_, compile, literal
from ferrow.sql.expr import Expr, condition, expression
from ferrow.sql.form.call import CALL
from ferrow.sql.form.compare import COMPARE
from ferrow.sql.form.conflict import as_is
from ferrow.sql.shape import HOLES
from ferrow.types import BigInteger, Boolean

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.column import Column
    from ferrow.model.writing import Insertion
    from ferrow.orm.plan import Plan
    from ferrow.orm.statements.conflict import Names
    from ferrow.sql import Dialect, Statement

Row = tuple[Any, ...]

_INSERTED: Expr[bool] = expression((CALL, Boolean(), "inserted"), (), Boolean())
"""In RETURNING: whether the row was not there before. Not every database can say it."""


async def upsert_all(
    engine: AsyncEngine,
    dialect: Dialect,
    instances: Sequence[Any],
    target: Names,
    fields: Sequence[str] | None,
    *,
    nothing: bool,
    telling: bool = False,
) -> list[bool]:
    """Insert or change rows, all or none. Instances are filled only when all are in.

    With `telling`, which of the rows were not there before is returned, in the order of the instances.
    """
    if fields and nothing:
        msg = "upsert() either changes update_fields of a row that is there or does nothing (do_nothing=True), not both"
        raise ProgrammingError(msg)
    batches = [
        batch
        for plan, group in grouped(instances, dialect)
        for batch in _batches(plan, group, target_columns(plan, target), fields, nothing=nothing)
    ]
    for batch in batches:
        batch.telling = telling
    if len(batches) > 1 or (telling and batches and not batches[0].tells_inserted):
        async with engine.transaction():
            for batch in batches:
                await batch.send(engine)
    else:
        for batch in batches:
            await batch.send(engine)
    last: dict[Any, Row] = {}  # of several instances of one row the last one that was sent has what it holds now
    for batch in batches:
        last.update(batch.by_key())
    for batch in batches:
        batch.fill(last)
    if not telling:
        return []
    created = {id(instance) for batch in batches for instance in batch.made()}
    return [id(instance) in created for instance in instances]


def target_columns(plan: Plan[Any], target: Names) -> tuple[Column, ...]:
    """The columns by which a row is recognised. Raises UnknownColumn for a name that is none, ProgrammingError for no names."""
    found = named_columns(plan.table, target)
    if not found:
        msg = f"{plan.table.label}: conflict_target names no column by which a row is recognised"
        raise ProgrammingError(msg)
    return found


def _batches(
    plan: Plan[Any], group: list[Any], target: tuple[Column, ...], fields: Sequence[str] | None, *, nothing: bool
) -> list[Batch]:
    """Instances that are sent by one statement: with the same columns, of which the same are changed."""
    named = named_columns(plan.table, fields) if fields else None
    if named and plan.table.version in named:
        msg = f"{plan.table.label}.{plan.table.version.key} is counted by itself: leave it out of update_fields"
        raise ProgrammingError(msg)
    found: dict[Any, Batch] = {}
    for insertion, members in plan.writer.insertions(group):
        for instance in members:
            sets: tuple[Column, ...] = () if nothing else named or changed_columns(plan, insertion, target, instance)
            key = (insertion, sets)
            if key not in found:
                found[key] = Batch(plan, insertion, target, sets)
            found[key].instances.append(instance)
    return list(found.values())


def changed_columns(
    plan: Plan[Any], insertion: Insertion, target: tuple[Column, ...], instance: Any
) -> tuple[Column, ...]:
    """What a row that is there gets: all that was given. What was omitted stays as it is in the database."""
    known = given(instance, plan.table)
    version = plan.table.version  # the database counts it
    return tuple(
        [c for c in insertion.columns if c.key in known and c not in target and not c.primary_key and c is not version]
    )


class Batch:
    """Instances that are sent by one statement, and the rows that came back, by the place of their instance."""

    __slots__ = ("_created", "_found", "_insertion", "_plan", "_sets", "_target", "instances", "telling")

    def __init__(
        self, plan: Plan[Any], insertion: Insertion, target: tuple[Column, ...], sets: tuple[Column, ...]
    ) -> None:
        self._plan = plan
        self._insertion = insertion
        self._target = target
        self._sets = sets
        self._found: dict[int, Row] = {}
        self._created: set[int] = set()
        self.telling: bool = False
        self.instances: list[Any] = []

    async def send(self, engine: AsyncEngine) -> None:
        """Insert or change the rows, and read those that were left as they are."""
        rows = rows_of(self._insertion, self.instances)
        wanted = [*range(len(rows))]
        if not self.tells_inserted and self.telling and self._sets:
            # What can be inserted was not there before; the transaction around this lets nobody in between.
            await self._insert(engine, rows, wanted, ())
            wanted = [place for place in wanted if place not in self._found]
        await self._insert(engine, rows, wanted, self._sets)
        missing = [place for place in range(len(rows)) if place not in self._found]
        if missing:
            places = [self._insertion.columns.index(column) for column in self._target]
            keys = [(place, *[rows[place][at] for at in places]) for place in missing]
            await self._run(engine, self._present(), keys, ())
        gone = [place for place in missing if place not in self._found]
        if gone:
            msg = (
                f"{len(gone)} rows of {self._plan.table.label} were in the way of new ones, and are gone now: try again"
            )
            raise NoResultFound(msg)

    @property
    def tells_inserted(self) -> bool:
        """Whether a statement that inserts or changes rows can say of each which of the two it did."""
        return "inserted" in self._plan.dialect.calls.templates

    def made(self) -> Iterator[Any]:
        """The instances whose rows were not there before, if that was asked for."""
        return (self.instances[place] for place in self._created)

    async def _insert(self, engine: AsyncEngine, rows: list[Row], places: list[int], sets: tuple[Column, ...]) -> None:
        if not places:
            return
        insert = self._statement(sets)
        before = insert.tail[:-1]  # the last parameter is the place, by which each row that comes back is known
        sent = [(*rows[place], *before, place) for place in places]
        there = {*self._found}
        await self._run(engine, insert, sent, self._insertion.columns)
        if self._flagged(sets):
            for place in places:
                *row, created = self._found[place]
                self._found[place] = tuple(row)
                if created:
                    self._created.add(place)
        elif self.telling and not sets:
            self._created |= self._found.keys() - there

    async def _run(self, engine: AsyncEngine, statement: Statement, rows: list[Row], columns: Sequence[Column]) -> None:
        compiled = compile(statement, self._plan.dialect)
        shape = Shape.tuples(compiled.result_kinds, plain=self._own())
        try:
            result = await engine.run_many(compiled.sql, rows, shape, compiled.kinds)
        except DataError as error:
            raise explained(error, columns) from error
        for place, *values in result.rows:
            self._found[place] = tuple(values)

    def _statement(self, sets: tuple[Column, ...]) -> Insert:
        table = self._plan.table
        columns = [column.ref for column in self._insertion.columns]
        back = self._returned()
        if self._flagged(sets):
            back.append(_INSERTED.label("created_"))
        insert = Insert(table.ref, columns, [None] * len(columns), back)
        target = [column.ref for column in self._target]
        index = index_sql(table, self._target)
        if not sets:
            return insert.on_conflict_do_nothing(target, index_sql=index)
        said: list[Any] = [column.ref for column in sets]
        said += assignments(table, stamps(table, {column.key for column in sets}))
        if table.version is not None:
            said.append((table.version.ref, table.version.ref + 1))
        return insert.on_conflict_do_update(target, said, index_sql=index)

    def _flagged(self, sets: tuple[Column, ...]) -> bool:
        """Whether each row comes back with whether it is new; else those that are not changed do not come back at all."""
        return (self.telling and self.tells_inserted) if sets else self._plan.dialect.returns_untouched

    def _present(self) -> Select:
        """The rows that are there, by target. They were found by the database, so NULL is no question."""
        same = [condition((COMPARE, "=", column.ref.shape, HOLES[column.type]), (None,)) for column in self._target]
        index = index_sql(self._plan.table, self._target)
        if index is not None:
            same.append(condition(as_is(index), ()))
        return Select(self._returned(), self._plan.table.ref, and_(*same))

    def _returned(self) -> list[Expr[Any]]:
        refs: list[ColumnRef[Any]] = [column.ref for column in self._plan.table.columns]
        return [literal(0, BigInteger()).label("place_"), *refs]

    def _own(self) -> list[int]:
        """Which columns of what comes back are Ferrow's and no user's: the place, the version, whether the row is new."""
        columns = self._plan.table.columns
        return [0, *[at for at, column in enumerate(columns, 1) if column.version], len(columns) + 1]

    def by_key(self) -> Iterator[tuple[Any, Row]]:
        """The rows with what tells them from others, in the order of the instances."""
        table = self._plan.table
        places = [table.columns.index(column) for column in table.primary_key]
        for place in range(len(self.instances)) if places else ():
            row = self._found[place]
            yield (table, *[row[at] for at in places]), row

    def fill(self, last: Mapping[Any, Row] | None = None) -> None:
        """Give each instance its row, as `last` has it, in which rows without a key are not."""
        columns = self._plan.table.columns
        last = dict(self.by_key()) if last is None else last
        rows = [last[key] for key, _ in self.by_key()] or [self._found[place] for place in range(len(self.instances))]
        for place, (instance, row) in enumerate(zip(self.instances, rows, strict=True)):
            self._plan.writer.fill(instance, columns, row)
            if self._plan.table.relations and place not in self._created:
                unload_unseen(self._plan, instance)
