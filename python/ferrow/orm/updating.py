"""A changed instance, and its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, NoResultFound, ProgrammingError
from ferrow.model.writing import refused
from ferrow.orm import rereading
from ferrow.orm.fitting import explained
from ferrow.orm.generic import M
from ferrow.orm.looking import look
from ferrow.orm.plan import plan_of
from ferrow.orm.stamping import stamps
from ferrow.orm.versions import stale, version_of, where
from ferrow.sql import Expr
from ferrow.sql.column import assigned

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.unit.sent import Sent
    from ferrow.sql import Dialect

_MISSING = object()


async def update(
    engine: AsyncEngine, dialect: Dialect, instance: M, values: Mapping[str, Any], sent: Sent | None = None
) -> M:
    """Set attributes and write them; without values write every column but the key, and what relations say.

    `sent`: of an instance that a unit of work follows; then that is every column that has changed. If none has, the row is looked at.
    """
    plan = plan_of(type(instance), dialect)
    if not plan.table.relations:
        return await write(engine, dialect, instance, values, sent)
    from ferrow.orm.relations import unloading, updating

    if updating.concerned(plan, instance, values):
        await updating.update(engine, dialect, plan, instance, values, sent)
        return instance
    await write(engine, dialect, instance, values, sent)
    if values:
        unloading.unload_by(plan, instance, values)
    unloading.unload_stale(plan, instance)
    return instance


async def write(
    engine: AsyncEngine, dialect: Dialect, instance: M, values: Mapping[str, Any], sent: Sent | None = None
) -> M:
    """`update` of columns.

    The attributes are set first, so that the class's own checks run before anything is sent; whatever goes wrong, they are
    put back.
    """
    plan = plan_of(type(instance), dialect)
    key = plan.words.key("update()").of(instance, "update")
    columns = tuple([plan.table.column(name) for name in values])
    if not columns:
        changed = None if sent is None else sent.changed()
        if changed == ():
            if sent is None or not sent.looked:
                await look(engine, plan, [instance], "update()")
            return instance
        columns = changed or others(plan)
    for column in columns:
        if column.read_only:
            raise refused(column)
    explainable = not any(isinstance(value, Expr) for value in values.values())
    if plan.table.stamped:
        columns, values = stamped(plan.table, columns, values)
    version = plan.table.version
    if version is not None:
        columns = tuple([column for column in columns if column is not version])
    seen = None if version is None else values.get(version.key, getattr(instance, version.key, None))
    read = version_of(plan.table, seen)
    back = returned(plan, columns, values)
    before = {name: getattr(instance, name, _MISSING) for name in values}
    try:
        for name, value in values.items():
            if not isinstance(value, Expr):
                setattr(instance, name, value)
        prepared, row = _written(plan, instance, columns, values)
        if sent is not None:
            sent.note(columns)
        result = await rereading.run(engine, prepared, (*row, *[1 for _ in read], *key, *read))
        if not result.rowcount and read:
            raise stale(plan, key, read[0], "update")
        if not result.rowcount:
            raise NoResultFound(f"there is no {plan.words.key('update()').shown(key)} to update")
    except BaseException as error:
        _restore(instance, before)
        if isinstance(error, DataError) and explainable:
            raise explained(error, columns) from error
        raise
    if back:
        plan.writer.fill(instance, back, result.rows[0])
        if sent is not None:
            sent.note(back)
    return instance


def stamped(
    table: Table, columns: tuple[Column, ...], values: Mapping[str, Any]
) -> tuple[tuple[Column, ...], Mapping[str, Any]]:
    """With the columns that every UPDATE sets, last, and what they are set to."""
    more = stamps(table, values)
    rest = tuple([column for column in columns if column.key not in more])
    return (*rest, *[table.by_key[key] for key in more]), {**values, **more}


def returned(plan: Plan[Any], columns: tuple[Column, ...], values: Mapping[str, Any]) -> tuple[Column, ...]:
    """What only the database knows afterwards: columns set to expressions, and those it computes from others."""
    found = tuple([column for column in columns if isinstance(values.get(column.key), Expr)]) + plan.table.computed
    return found if plan.table.version is None else (*found, plan.table.version)


def others(plan: Plan[Any]) -> tuple[Column, ...]:
    """The columns that are not the key and take values. Raises ProgrammingError if there is none."""
    found = tuple([column for column in plan.table.columns if not column.primary_key and not column.read_only])
    if not found:
        msg = f"{plan.table.label} has no columns besides its primary key, so there is nothing to update"
        raise ProgrammingError(msg)
    return found


def _written(
    plan: Plan[Any], instance: Any, columns: tuple[Column, ...], values: Mapping[str, Any]
) -> tuple[Prepared, tuple[Any, ...]]:
    """The statement and the values of its SET clause; only `values` may hold expressions."""
    plain = tuple([column for column in columns if not isinstance(values.get(column.key), Expr)])
    try:
        row = plan.writer.row(plain)(instance)
    except (TypeError, ValueError) as error:
        msg = f"{plan.table.label} cannot be updated: {error}"
        raise DataError(msg) from error
    if len(plain) == len(columns):
        key: Any = ("update", columns)
        return plan.statements.get(key) or _prepared(plan, key, columns, {}), row
    given = dict(zip([column.key for column in plain], row, strict=True)) | {
        key: value for key, value in values.items() if isinstance(value, Expr)
    }
    said = [assigned(column.ref, given[column.key]) for column in columns]
    sent = tuple([value for _, more in said for value in more])
    shape = ("update", columns, tuple([shape for shape, _ in said]))
    return plan.statements.get(shape) or _prepared(plan, shape, columns, given), sent


def _prepared(plan: Plan[Any], key: Any, columns: tuple[Column, ...], values: Mapping[str, Any]) -> Prepared:
    back = [column.ref for column in returned(plan, columns, values)]
    pairs: list[tuple[Any, Any]] = [(column.ref, values.get(column.key)) for column in columns]
    version = plan.table.version
    if version is not None:
        pairs.append((version.ref, version.ref + 1))
    condition = where(plan.words.key("update()"), version)
    return rereading.prepare(plan, key, pairs, condition, back, versioned=version is not None)


def _restore(instance: Any, before: Mapping[str, Any]) -> None:
    for name, value in before.items():
        if getattr(instance, name, _MISSING) is value:
            continue
        if value is _MISSING:
            delattr(instance, name)
        else:
            setattr(instance, name, value)
