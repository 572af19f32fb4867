"""INSERT and UPDATE of instances, whose rows come back as new instances."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.crud.columns import inserted, is_validated, updated, values
from ferrow.crud.errors import InsertFailed, UpdateFailed
from ferrow.crud.partial import is_partial
from ferrow.crud.plan import plan_for
from ferrow.crud.remembered import remember, remember_written
from ferrow.errors import DataError, ModelError, ProgrammingError
from ferrow.model.writing import Insertion
from ferrow.orm import rereading
from ferrow.orm.changing import assignments
from ferrow.orm.fitting import explained
from ferrow.orm.getting import by_key
from ferrow.orm.inserting import alone_on, grouped, left_out
from ferrow.orm.relations.tie import has_related
from ferrow.orm.rereading import Again
from ferrow.orm.stamping import stamps
from ferrow.orm.upserting import Batch, changed_columns, target_columns
from ferrow.orm.versions import stale, version_of, where
from ferrow.orm.watching import any_has_related
from ferrow.sql import Insert, Update

if TYPE_CHECKING:
    from ferrow._core import Result
    from ferrow.crud.columns import Columns
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.session import AsyncSession
    from ferrow.orm.statements.conflict import Names

M = TypeVar("M")


async def insert(session: AsyncSession, instance: M) -> M:
    """Insert one instance; its row comes back as a new one."""
    plan: Plan[M] = _plan(session, instance, "insert")
    if plan.table.relations and has_related(plan, instance):
        # It brings others along: who those belong to is what sessions know.
        return await session.insert(instance)
    columns = inserted(plan, instance)
    row = values(plan, instance, columns, "inserted")
    prepared = _insert(plan, columns)
    try:
        result = await _safely(session._engine, plan, prepared, row)
    except DataError as error:
        raise explained(error, columns) from error
    if not result.rows:
        msg = f"Insert operation failed. The database took the {plan.table.label} and gave no row back: a trigger or a rule kept it"
        raise InsertFailed(msg)
    remember(session._engine, result.rows)
    made: M = result.rows[0]
    return made


async def insert_many(session: AsyncSession, instances: Sequence[M]) -> list[M]:
    """Insert instances, all or none."""
    groups: dict[Any, tuple[Plan[M], Columns, list[int]]] = {}
    places: dict[type, list[int]] = {}
    for place, instance in enumerate(instances):
        places.setdefault(type(instance), []).append(place)
    for plan, members in grouped(instances, session._dialect):
        if any_has_related(plan, members):
            return await session.insert_all(instances)
        for place in places[type(members[0])]:
            columns = inserted(plan, instances[place])
            groups.setdefault((plan, columns), (plan, columns, []))[2].append(place)
    found: list[Any] = [None] * len(instances)
    several = len(groups) > 1 or any(is_validated(plan) for plan, _, _ in groups.values())
    if several:
        async with session._engine.transaction():
            await _send(session._engine, groups.values(), instances, found)
    else:
        await _send(session._engine, groups.values(), instances, found)
    return found


async def _send(engine: AsyncEngine, groups: Any, instances: Sequence[Any], found: list[Any]) -> None:
    for plan, columns, members in groups:
        rows = [values(plan, instances[place], columns, "inserted") for place in members]
        prepared = _insert(plan, columns)
        try:
            result = await engine.run_many(prepared.sql, rows, prepared.shape, prepared.kinds)
        except DataError as error:
            raise explained(error, columns) from error
        if len(result.rows) != len(members):
            msg = (
                f"Insert operation failed. {len(members)} rows of {plan.table.label} were sent and {len(result.rows)} came back. "
                f"{left_out(len(result.rows), alone=alone_on(engine))}"
            )
            raise InsertFailed(msg)
        remember(engine, result.rows)
        for place, row in zip(members, result.rows, strict=True):
            found[place] = row


async def update(session: AsyncSession, instance: Any, fields: Names | None) -> Any:
    """Change the row of an instance; as it is then, it comes back as a new one."""
    plan: Plan[Any] = _plan(session, instance, "update")
    finder = plan.words.key("update()")
    try:
        key = finder.of(instance, "update")
    except ProgrammingError as error:
        raise UpdateFailed(f"Update operation failed. {error}") from None
    engine = session._engine
    columns = updated(plan, instance, fields, engine)
    if not columns:
        # There is nothing to write: what there is comes back.
        prepared = by_key(plan)
        result = await engine.run(prepared.sql, key, prepared.shape, prepared.kinds)
        remember(engine, result.rows)
        found = _row(plan, key, result)
        if plan.table.version is not None and (found_version := _version(plan, found)) != _version(plan, instance):
            raise stale(plan, key, found_version[0], "update")
        return found
    row = values(plan, instance, columns, "updated")
    read = _version(plan, instance)
    prepared, sent = _update(plan, columns, row, read)
    try:
        result = await _safely(engine, plan, prepared, (*sent, *key, *read))
    except DataError as error:
        raise explained(error, columns) from error
    if read and not result.rows:
        raise stale(plan, key, read[0], "update")
    remember_written(engine, result.rows, columns)
    return _row(plan, key, result)


def _row(plan: Plan[Any], key: tuple[Any, ...], result: Result) -> Any:
    if not result.rows:
        raise UpdateFailed(f"Update operation failed. There is no {plan.words.key('update()').shown(key)}")
    return result.rows[0]


async def upsert(session: AsyncSession, instance: M, target: Names | None, fields: Names | None, *, nothing: bool) -> M:
    """Insert an instance or change the row that is there; as it is then, it comes back as a new one."""
    plan: Plan[M] = _plan(session, instance, "upsert")
    if is_partial(type(instance)):
        msg = (
            f"upsert() may have to insert the row, so it takes a whole {plan.table.label}; update() takes a partial one"
        )
        raise ProgrammingError(msg)
    if fields and nothing:
        msg = "upsert() either changes update_fields of a row that is there or does nothing (do_nothing=True), not both"
        raise ProgrammingError(msg)
    key: Any = [column.key for column in plan.table.key_columns("upsert()")] if target is None else target
    by = target_columns(plan, key)
    insertion = Insertion(plan.model, inserted(plan, instance), plan.table.columns)
    sets = (
        () if nothing else updated(plan, instance, fields) if fields else changed_columns(plan, insertion, by, instance)
    )
    made = copy.copy(instance)
    batch = Batch(plan, insertion, by, sets)
    batch.instances.append(made)
    await batch.send(session._engine)
    batch.fill()
    remember_written(session._engine, [made], sets)
    return made


def _plan(session: AsyncSession, instance: Any, doing: str) -> Plan[Any]:
    if isinstance(instance, (type, list, tuple)):
        what = f"the class {instance.__name__}" if isinstance(instance, type) else f"a {type(instance).__name__}"
        more = "; for several there is insert_many()" if doing == "insert" and not isinstance(instance, type) else ""
        msg = f"{doing}() takes an instance of a model, not {what}{more}"
        raise ModelError(msg)
    return plan_for(type(instance), session._dialect)


def _version(plan: Plan[Any], instance: Any) -> tuple[int, ...]:
    """The version that was read, where rows have one."""
    column = plan.table.version
    return version_of(plan.table, column and getattr(instance, column.key, None))


def _insert(plan: Plan[Any], columns: Columns) -> Prepared:
    key = ("crud insert", columns)
    found = plan.statements.get(key)
    if found is None:
        statement = Insert(plan.table.ref, [column.ref for column in columns], returning=plan.refs)
        found = plan.prepare(key, statement, plan.shape)
    return found


def _update(
    plan: Plan[Any], columns: Columns, row: tuple[Any, ...], read: tuple[int, ...]
) -> tuple[Prepared, tuple[Any, ...]]:
    """The statement, and the values of its SET clause."""
    table = plan.table
    stamped = stamps(table, {column.key for column in columns}) if table.stamped else {}
    key = ("crud update", columns)
    found = None if stamped else plan.statements.get(key)
    pairs: list[tuple[Any, Any]] = [(column.ref, None) for column in columns]
    more = assignments(table, stamped)
    if table.version is not None:
        more.append((table.version.ref, table.version.ref + 1))
    statement: Update | None = None
    if found is None:
        back = plan.refs if plan.dialect.returns_updates else ()
        statement = Update(table.ref, [*pairs, *more], where(plan.words.key("update()"), table.version), back)
        if stamped:
            key = statement.shape
            found = plan.statements.get(key)
        if found is None:
            found = plan.prepare(key, statement, plan.shape if back else None)
            if not back:
                end = -len(read)  # behind the key
                found.again = Again(by_key(plan), tuple(range(end - len(table.primary_key), end)))
    between: tuple[Any, ...] = ()
    if statement is not None:
        between = statement.values[len(columns) : len(statement.values) - len(table.primary_key) - len(read)]
    elif table.version is not None:
        between = (1,)
    return found, (*row, *between)


async def _safely(engine: AsyncEngine, plan: Plan[Any], prepared: Prepared, row: tuple[Any, ...]) -> Result:
    """Run it; if the row that comes back is one that the model refuses, it was not written."""
    if not is_validated(plan) or prepared.again is not None:  # read again in a transaction anyway
        return await rereading.run(engine, prepared, row)
    async with engine.transaction():
        return await engine.run(prepared.sql, row, prepared.shape, prepared.kinds)
