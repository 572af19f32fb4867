"""UPDATE and DELETE for many instances at once; a row that is not there is an error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ferrow.errors import DataError, NoResultFound
from ferrow.model.writing import decoded, refused
from ferrow.orm import getting, rereading
from ferrow.orm.changing import assignments
from ferrow.orm.fitting import explained
from ferrow.orm.marking import deletes_softly, marking
from ferrow.orm.removing import by_key
from ferrow.orm.stamping import stamps
from ferrow.orm.unit import together
from ferrow.orm.unit.log import Marked, Removed, Saved
from ferrow.orm.versions import stale, version_of, where
from ferrow.sql import Expr
from ferrow.sql.column import assigned

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape
    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.unit.group import Change, Group
    from ferrow.orm.unit.log import Log

Row = tuple[Any, ...]

MANY = 8
"""Rows from which on one statement for all of them is worth its preparation."""


class Connection(Protocol):
    """What a flush sends its statements through."""

    async def run(self, sql: str, params: Any, shape: Shape, kinds: Kinds) -> Result:
        """Run one statement."""
        ...

    async def run_many(self, sql: str, rows: Any, shape: Shape, kinds: Kinds) -> Result:
        """Run one statement once per row of parameters."""
        ...


async def save(connection: Connection, group: Group, changes: Sequence[Change], log: Log) -> None:
    """Write what has changed: one batch for each set of columns."""
    batches: dict[tuple[int, ...], list[Change]] = {}
    for change in _sorted(changes):
        batches.setdefault(change.places, []).append(change)
    for places, batch in batches.items():
        await _save(connection, group, places, batch, log)


def _sorted(changes: Sequence[Change]) -> Sequence[Change]:
    """By key: programs that write the same rows in the same order do not wait for each other in a circle."""
    try:
        return sorted(changes, key=lambda change: change.key)
    except TypeError:
        return changes


async def _save(connection: Connection, group: Group, places: tuple[int, ...], batch: list[Change], log: Log) -> None:
    plan = group.plan
    table = plan.table
    columns = tuple([group.columns[place] for place in places if not group.columns[place].version])
    for column in columns:
        if column.read_only:
            raise refused(column)
    kinds = {type(change.now[place]) for place in places for change in batch}
    expressions = any(issubclass(kind, Expr) for kind in kinds)
    if expressions:
        shown = ", ".join(column.key for column in columns)
        msg = (
            f"an expression was assigned to {table.label} ({shown}): it is computed by the database, so write it with "
            "session.update(instance, name=expression)"
        )
        raise DataError(msg)
    key_of = _key_reader(group)
    keys = [key_of(change.was) for change in batch]
    versions = [_version(group, change.was) for change in batch] if table.version is not None else [()] * len(batch)
    prepared, stamped, values = _updating(plan, columns)
    sent = _rows(plan, columns, batch)
    new = [(version[0] + 1,) if version else () for version in versions] if table.version is not None else versions
    rows = [
        (*row, *up, *values, *key, *version) for row, up, key, version in zip(sent, new, keys, versions, strict=True)
    ]
    try:
        if len(rows) >= MANY and not stamped and together.possible(plan, columns):
            prepared = together.updating(plan, columns)
            lists = [list(one) for one in zip(*rows, strict=True)]
            result = await connection.run(prepared.sql, lists, prepared.shape, prepared.kinds)
        else:
            result = await rereading.run_many(connection, prepared, rows)
    except DataError as error:
        raise explained(error, columns) from error
    if result.rowcount < len(rows):
        raise await _missing(connection, plan, keys, versions, result.rows, "update")
    back = (*table.computed, *stamped)
    told = back if table.version is None else (table.version, *back)
    names = [column.key for column in told]
    if not names and not any(column.primary_key for column in columns):
        # The usual case: all that is known about the rows now is what was sent.
        group.snapshots.update([(change.key, group.taken(change.now)) for change in batch])
        log += [Saved(group, change.key, change.instance, change.was) for change in batch]
        return
    for number, change in enumerate(batch):
        instance = change.instance
        before = [getattr(instance, name, None) for name in names]
        log.append(Saved(group, change.key, instance, change.was, names, before))
        if names:
            computed = decoded(back, result.rows[number][-len(back) :]) if back else ()
            plan.writer.put(instance, names, (*new[number], *computed))
        key = group.key(instance)
        values = group.taken(group.read(instance))
        if key == change.key:
            group.snapshots[key] = values
        else:
            group.forget(change.key)
            group.follow(key, instance, values)


def _updating(plan: Plan[Any], columns: tuple[Column, ...]) -> tuple[Prepared, tuple[Column, ...], Row]:
    """The statement, the columns that every UPDATE sets besides, and values for those."""
    table = plan.table
    more = stamps(table, {column.key for column in columns}) if table.stamped else {}
    pairs = assignments(table, more)
    stamped = tuple([table.by_key[name] for name in more])
    values = tuple([value for ref, said in pairs for value in assigned(ref, said)[1]])
    key = ("save", columns, tuple([assigned(ref, said)[0] for ref, said in pairs]))
    found = plan.statements.get(key)
    if found is None:
        sets = columns if table.version is None else (*columns, table.version)
        found = rereading.prepare(
            plan,
            key,
            [*[(column.ref, None) for column in sets], *pairs],
            where(plan.words.key("update()"), table.version),
            [column.ref for column in (*_told(table), *table.computed, *stamped)],
            versioned=table.version is not None,
        )
    return found, stamped, values


def _rows(plan: Plan[Any], columns: tuple[Column, ...], batch: Sequence[Change]) -> list[Row]:
    read = plan.writer.row(columns)
    try:
        return [read(change.instance) for change in batch]
    except (TypeError, ValueError) as error:
        msg = f"{plan.table.label} cannot be updated: {error}"
        raise DataError(msg) from error


def _key_reader(group: Group) -> Callable[[Row], Row]:
    """What takes the key of a row out of a snapshot, as the database has it, whatever the program made of the attribute."""
    places = [(group.columns.index(column), column.encode) for column in group.plan.table.primary_key]
    if len(places) == 1 and places[0][1] is None:
        first = places[0][0]
        return lambda values: (values[first],)
    return lambda values: tuple(
        [values[place] if encode is None else encode(values[place]) for place, encode in places]
    )


def _version(group: Group, values: Row) -> tuple[int, ...]:
    table = group.plan.table
    return () if table.version is None else version_of(table, values[group.columns.index(table.version)])


async def remove(connection: Connection, plan: Plan[Any], group: Group | None, wave: Sequence[Any], log: Log) -> None:
    """Delete the rows of instances, followed or not."""
    table = plan.table
    finder = plan.words.key("delete()")
    places = [None if group is None else group.place(one) for one in wave]
    keys: list[Row] = []
    versions: list[tuple[int, ...]] = []
    for instance, place in zip(wave, places, strict=True):
        if group is not None and place is not None:
            keys.append(_key_reader(group)(group.snapshots[place]))
            versions.append(_version(group, group.snapshots[place]))
        else:
            keys.append(finder.of(instance, "delete"))
            versions.append(version_of(table, table.version and getattr(instance, table.version.key, None)))
    softly = deletes_softly(table)
    prepared, before, back = marking(plan) if softly else (by_key(plan), (), ())
    rows = [(*before, *key, *version) for key, version in zip(keys, versions, strict=True)]
    result = await rereading.run_many(connection, prepared, rows)
    if result.rowcount < len(rows):
        raise await _missing(connection, plan, keys, versions, result.rows, "delete")
    if softly:
        names = [column.key for column in back]
        for instance, row in zip(wave, result.rows, strict=True):
            log.append(Marked(plan, instance, names, [getattr(instance, name, None) for name in names]))
            plan.writer.fill(instance, back, row)
    if group is None:
        return
    for instance, place in zip(wave, places, strict=True):
        if place is None:
            group.forget(group.key(instance))  # the row of another instance that is followed, too
        else:
            log.append(Removed(group, place, instance, group.snapshots[place]))
            group.forget(place)


def _told(table: Table) -> tuple[Column, ...]:
    """What an UPDATE returns so that rows which are not as they were read can be told: without a version, SELECT can do that later."""
    return () if table.version is None else table.primary_key


async def _missing(
    connection: Connection,
    plan: Plan[Any],
    keys: Sequence[Row],
    versions: Sequence[tuple[int, ...]],
    returned: Sequence[Row],
    doing: str,
) -> Exception:
    """The error that names a row which is gone, or not as it was read."""
    told = {row[: len(plan.table.primary_key)] for row in returned} if doing == "delete" or versions[0] else set[Row]()
    if not told:
        prepared = getting.by_key(plan)
        for key in keys if doing == "update" and not versions[0] else ():
            if (await connection.run(prepared.sql, key, prepared.shape, prepared.kinds)).rows:
                told.add(key)
    number = next((number for number, key in enumerate(keys) if key not in told), 0)
    if versions[number]:
        return stale(plan, keys[number], versions[number][0], doing)
    shown = plan.words.key(doing).shown(keys[number])
    return NoResultFound(f"there is no {shown} to {doing}: it was never inserted, or somebody else has deleted it")
