"""New rows from instances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, overload

from ferrow._core import Shape, classes
from ferrow.engine.context import current
from ferrow.engine.engine import AsyncEngine
from ferrow.errors import DataError, ModelError
from ferrow.orm.fitting import explained
from ferrow.orm.generic import M
from ferrow.orm.plan import plan_of
from ferrow.orm.relations.collection import begin
from ferrow.orm.relations.tie import has_related
from ferrow.orm.several import single
from ferrow.orm.watching import any_has_related
from ferrow.sql import Insert

if TYPE_CHECKING:
    from ferrow._core import FlatRows, Result
    from ferrow.model import Insertion
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.unit.saving import Connection
    from ferrow.sql import Dialect


async def insert(engine: AsyncEngine, dialect: Dialect, instance: M) -> M:
    """Insert one instance; it gets what the server generated."""
    try:
        plan = plan_of(type(instance), dialect)
    except ModelError:
        single(instance, "insert")
        raise
    if plan.table.relations and has_related(plan, instance):
        await _with_relations(engine, dialect, (instance,))
        return instance
    insertion = plan.writer.insertion(instance)
    prepared = statement(plan, insertion)
    try:
        row = insertion.row(instance)
    except (TypeError, ValueError) as error:
        raise _unfit(instance, error) from error
    try:
        result = await engine.run(prepared.sql, row, prepared.shape, prepared.kinds)
    except DataError as error:
        raise explained(error, insertion.columns) from error
    if insertion.returning:
        plan.writer.fill_all([instance], insertion.returning, result.rows)
    if plan.table.relations:
        begin(engine, plan, (instance,))
    return instance


async def insert_all(engine: AsyncEngine, dialect: Dialect, instances: Sequence[Any]) -> None:
    """Insert instances of any models, all or none; those of one model and one set of columns go together.

    Instances get what the server generated only when all are in: those of a failed call are as they were.
    """
    groups = grouped(instances, dialect)
    for plan, group in groups:
        if any_has_related(plan, group):
            await _with_relations(engine, dialect, instances)
            return
    sent = [batch for plan, group in groups for batch in batches(plan, group)]
    results: list[Result] = []
    if len(sent) > 1:
        async with engine.transaction():
            for batch in sent:
                results.append(await batch.send(engine))
    else:
        results += [await batch.send(engine) for batch in sent]
    for batch, result in zip(sent, results, strict=True):
        batch.fill(result)
    for plan, group in groups:
        if plan.table.relations:
            begin(engine, plan, group)


async def _with_relations(engine: AsyncEngine, dialect: Dialect, instances: Sequence[Any]) -> None:
    from ferrow.orm.relations.store import insert

    await insert(engine, dialect, instances)
    for one in instances:
        begin(engine, plan_of(type(one), dialect), (one,))


class Batch:
    """Instances that are inserted by one statement."""

    __slots__ = ("insertion", "instances", "plan")

    def __init__(self, plan: Plan[Any], insertion: Insertion, instances: list[Any]) -> None:
        self.plan: Plan[Any] = plan
        self.insertion: Insertion = insertion
        self.instances: list[Any] = instances

    async def send(self, engine: AsyncEngine | Connection) -> Result:
        """Insert the rows. Raises ValueError if more or fewer come back."""
        prepared = statement(self.plan, self.insertion)
        flat = isinstance(engine, AsyncEngine) and engine._flat and bool(self.insertion.columns)
        sent = rows(self.insertion, self.instances, flat=flat)
        try:
            result = await engine.run_many(prepared.sql, sent, prepared.shape, prepared.kinds)
        except DataError as error:
            raise explained(error, self.insertion.columns) from error
        if self.insertion.returning and len(result.rows) != len(sent):
            alone = isinstance(engine, AsyncEngine) and alone_on(engine)
            raise self.plan.writer.unequal(len(result.rows), len(sent), left_out(len(result.rows), alone=alone))
        return result

    def fill(self, result: Result) -> None:
        """Give the instances what the server generated."""
        if self.insertion.returning:
            self.plan.writer.fill_all(self.instances, self.insertion.returning, result.rows)


def alone_on(engine: AsyncEngine) -> bool:
    """Whether no transaction is open, so that each call commits by itself."""
    return current(engine._real) is None


def left_out(rows: int, *, alone: bool) -> str:
    """What to say where other rows came back than were sent. `alone`: outside of a transaction."""
    became = f"the {rows} are committed" if alone else "let this error leave the transaction, which undoes them"
    return f"A trigger or a rule has done that, and which row is whose cannot be told; {became}"


def batches(plan: Plan[Any], instances: list[Any]) -> list[Batch]:
    """Instances of one model by the statement that inserts them."""
    return [Batch(plan, insertion, group) for insertion, group in plan.writer.insertions(instances)]


def grouped(instances: Iterable[Any], dialect: Dialect) -> list[tuple[Plan[Any], list[Any]]]:
    """Instances by model, each model after those it refers to; the order of the instances of one model is kept."""
    members = instances if isinstance(instances, list) else [*instances]
    models = classes(members)
    if len(models) < 2:  # as nearly always
        return [(plan_of(model, dialect), members) for model in models]
    groups: dict[type, list[Any]] = {}
    for instance in members:
        groups.setdefault(type(instance), []).append(instance)
    plans: dict[type, Plan[Any]] = {model: plan_of(model, dialect) for model in groups}
    from ferrow.schema.order import order

    place = {table: number for number, table in enumerate(order([plan.table for plan in plans.values()]))}
    return sorted(((plans[model], group) for model, group in groups.items()), key=lambda pair: place[pair[0].table])


def statement(plan: Plan[Any], insertion: Insertion) -> Prepared:
    """`INSERT ... RETURNING what the server generates`. Rows of one column, nearly always the key, are its values."""
    returning = insertion.returning
    return plan.statements.get(insertion) or plan.prepare(
        insertion,
        Insert(
            plan.table.ref,
            [column.ref for column in insertion.columns],
            returning=[column.ref for column in returning],
        ),
        (lambda kinds: Shape.column(0, kinds)) if len(returning) == 1 else None,
    )


@overload
def rows(insertion: Insertion, instances: list[Any]) -> list[tuple[Any, ...]]: ...
@overload
def rows(insertion: Insertion, instances: list[Any], *, flat: bool) -> list[tuple[Any, ...]] | FlatRows: ...
def rows(insertion: Insertion, instances: list[Any], *, flat: bool = False) -> list[tuple[Any, ...]] | FlatRows:
    """The parameters. Raises DataError for a value that a column's own conversion refuses (a word no enumeration has)."""
    try:
        return (insertion.flat if flat else insertion.rows)(instances)
    except (TypeError, ValueError) as error:
        raise _unfit(instances[0], error) from error


def _unfit(instance: object, error: Exception) -> DataError:
    return DataError(f"{type(instance).__qualname__} cannot be inserted: {error}")
