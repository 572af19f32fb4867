"""UPDATE and DELETE for many instances at once; a row that is not there is an error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from operator import itemgetter
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
from ferrow.orm.unit.computing import compute
from ferrow.orm.unit.log import Marked, Removed, Saved
from ferrow.orm.unit.sent import merged
from ferrow.orm.versions import stale, version_of, where
from ferrow.sql import Expr
from ferrow.sql.column import assigned

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape
    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.unit.group import Group
    from ferrow.orm.unit.unit import Unit
    from ferrow.sql import ColumnRef

Row = tuple[Any, ...]

MANY = 8
"""Rows from which on one statement for all of them is worth its preparation."""


class Connection(Protocol):
    """What a flush sends its statements through."""

    async def run(self, sql: str, params: Any, shape: Shape, kinds: Kinds, timeout: float | None = None) -> Result:
        """Run one statement."""
        ...

    async def run_many(self, sql: str, rows: Any, shape: Shape, kinds: Kinds) -> Result:
        """Run one statement once per row of parameters."""
        ...


async def save(unit: Unit, connection: Any, group: Group, places: tuple[int, ...], rows: dict[Any, Row]) -> None:
    """Write what has changed: by what instances are followed by, what they hold; the same columns of each, in one batch."""
    plan = group.plan
    table = plan.table
    columns = tuple([group.columns[place] for place in places if not group.columns[place].version])
    for column in columns:
        if column.read_only:
            raise refused(column)
    rows = group.all_taken(rows)
    keys = _sorted(rows)
    instances, was, now = _at(group.instances, keys), _at(group.snapshots, keys), _at(rows, keys)
    if any(issubclass(kind, Expr) for place in places for kind in {*map(type, map(itemgetter(place), now))}):
        await _save_computed(unit, connection, group, places, columns, dict(zip(keys, now, strict=True)))
        return
    # By column, not by row: at the speed of C.
    sent = _lists(group, columns, now)
    sent_keys = _lists(group, table.primary_key, was)
    versions = _versions(group, now)  # as they were read, unless the program has set another one
    new = [[version + 1 for version in column] for column in versions]
    more = stamps(table, {column.key for column in columns}) if table.stamped else {}
    pairs = assignments(table, more)
    always = tuple([value for ref, said in pairs for value in assigned(ref, said)[1]])
    back = (*table.computed, *[table.by_key[name] for name in more])
    as_lists = len(keys) >= MANY and together.possible(plan, columns, back)
    try:
        if as_lists:
            prepared = together.updating(plan, columns, pairs, back)
            lists = together.arguments(always, [*sent, *new], sent_keys, versions)
            result = await connection.run(prepared.sql, lists, prepared.shape, prepared.kinds)
        else:
            prepared = _updating(plan, columns, pairs, back)
            repeated = [repeat(value, len(keys)) for value in always]
            each = [*zip(*sent, *new, *repeated, *sent_keys, *versions, strict=True)]
            result = await rereading.run_many(connection, prepared, each)
    except DataError as error:
        stamped = columns[:1] * (len(always) if as_lists else 0)  # what every UPDATE sets comes first there
        raise explained(error, (*stamped, *columns)) from error
    if result.rowcount < len(keys):
        gone = [*zip(*sent_keys, strict=True)]
        read = [*zip(*versions, strict=True)] or [()] * len(keys)
        raise await _missing(connection, plan, gone, read, result.rows, "update")
    returned = back if table.version is None else (table.version, *back)
    names = [column.key for column in returned]
    kept = instances if unit.keeps else None
    if not names and not any(column.primary_key for column in columns):
        # The usual case: all that is known about the rows now is what was sent.
        group.snapshots.update(rows)
        unit.log.append(Saved(group, keys, keys, kept, was))
        return
    before = [[getattr(instance, name, None) for name in names] for instance in instances]
    came = together.in_order(result.rows, sent_keys) if as_lists and back else result.rows
    after = list(keys)
    unit.log.append(Saved(group, keys, after, kept, was, names, before))
    for number, instance in enumerate(instances):
        if names:
            computed = decoded(back, came[number][-len(back) :]) if back else ()
            plan.writer.put(instance, names, (*[column[number] for column in new], *computed))
        after[number] = group.key(instance)
        current = merged(group, group.watch.row(instance), now[number], names)
        _follow(group, keys[number], after[number], instance, current)


async def _save_computed(
    unit: Unit,
    connection: Any,
    group: Group,
    places: tuple[int, ...],
    columns: tuple[Column, ...],
    rows: dict[Any, Row],
) -> None:
    """Rows in which something is set to an expression are written one by one, the others together."""
    plain = {}
    for key, values in rows.items():
        if any(isinstance(values[place], Expr) for place in places):
            await compute(unit, connection, group, columns, key)
        else:
            plain[key] = values
    if plain:
        await save(unit, connection, group, places, plain)


def _follow(group: Group, was: Any, now: Any, instance: Any, row: Row) -> None:
    """Follow an instance by what was written of it, and by its key, which may be another one."""
    if now == was:
        group.snapshots[now] = row
    else:
        group.forget(was)
        group.follow(now, instance, row)


def _sorted(rows: dict[Any, Row]) -> list[Any]:
    """By key: programs that write the same rows in the same order do not wait for each other in a circle."""
    try:
        return sorted(rows)
    except TypeError:
        return [*rows]


def _at(found: dict[Any, Any], keys: list[Any]) -> list[Any]:
    """What a dict has for these keys. Most often they are all it has, in its order."""
    if len(found) == len(keys) and [*found] == keys:
        return [*found.values()]
    return [*map(found.__getitem__, keys)]


def _updating(
    plan: Plan[Any], columns: tuple[Column, ...], pairs: Sequence[tuple[ColumnRef[Any], Any]], back: Sequence[Column]
) -> Prepared:
    """The statement for one row."""
    table = plan.table
    key = ("save", columns, tuple([assigned(ref, said)[0] for ref, said in pairs]))
    found = plan.statements.get(key)
    if found is None:
        sets = columns if table.version is None else (*columns, table.version)
        found = rereading.prepare(
            plan,
            key,
            [*[(column.ref, None) for column in sets], *pairs],
            where(plan.words.key("update()"), table.version),
            [column.ref for column in (*_identifying(table), *back)],
            versioned=table.version is not None,
        )
    return found


def _lists(group: Group, columns: Sequence[Column], rows: Sequence[Row]) -> list[list[Any]]:
    """Values of columns as the database has them, a list for each column."""
    found = []
    for column in columns:
        values: list[Any] = list(map(itemgetter(group.columns.index(column)), rows))
        if (encode := column.encode) is not None:
            try:
                values = [None if value is None else encode(value) for value in values]
            except (TypeError, ValueError) as error:
                msg = f"{group.plan.table.label} cannot be updated: {error}"
                raise DataError(msg) from error
        found.append(values)
    return found


def _versions(group: Group, rows: Sequence[Row]) -> list[list[int]]:
    """The versions in rows, as one list; none if there is no version."""
    table = group.plan.table
    if table.version is None:
        return []
    (found,) = _lists(group, [table.version], rows)
    return [[version_of(table, value)[0] for value in found]]


def key_reader(group: Group) -> Callable[[Row], Row]:
    """What takes the key of a row out of a snapshot, as the database has it, whatever the program made of the attribute."""
    places = [(group.columns.index(column), column.encode) for column in group.plan.table.primary_key]
    if len(places) == 1 and places[0][1] is None:
        first = places[0][0]
        return lambda values: (values[first],)
    return lambda values: tuple(
        [values[place] if encode is None else encode(values[place]) for place, encode in places]
    )


async def remove(unit: Unit, connection: Connection, plan: Plan[Any], wave: Sequence[Any]) -> None:
    """Delete the rows of instances, followed or not, or mark them."""
    if not deletes_softly(plan.table):
        await _remove(unit, connection, plan, wave, softly=False)
        return
    for softly in (True, False):
        part = [one for one in wave if (id(one) not in unit.forced) == softly]
        if part:
            await _remove(unit, connection, plan, part, softly=softly)


async def _remove(unit: Unit, connection: Connection, plan: Plan[Any], wave: Sequence[Any], *, softly: bool) -> None:
    table, group, log = plan.table, unit.groups.get(plan.model), unit.log
    finder = plan.words.key("delete()")
    places = [None if group is None else group.place(one) for one in wave]
    keys: list[Row] = []
    versions: list[tuple[int, ...]] = []
    for instance, place in zip(wave, places, strict=True):
        if group is not None and place is not None:
            keys.append(key_reader(group)(group.snapshots[place]))
        else:
            keys.append(finder.of(instance, "delete"))
        versions.append(version_of(table, table.version and getattr(instance, table.version.key, None)))
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


def _identifying(table: Table) -> tuple[Column, ...]:
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
    there = {row[: len(plan.table.primary_key)] for row in returned} if doing == "delete" or versions[0] else set[Row]()
    if not there:
        prepared = getting.by_key(plan)
        for key in keys if doing == "update" and not versions[0] else ():
            if (await connection.run(prepared.sql, key, prepared.shape, prepared.kinds)).rows:
                there.add(key)
    number = next((number for number, key in enumerate(keys) if key not in there), 0)
    if versions[number]:
        return stale(plan, keys[number], versions[number][0], doing)
    shown = plan.words.key(doing).shown(keys[number])
    return NoResultFound(f"there is no {shown} to {doing}: it was never inserted, or somebody else has deleted it")
