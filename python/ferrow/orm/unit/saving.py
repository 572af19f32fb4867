"""UPDATE and DELETE for many instances at once; a row that is not there is an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ferrow.errors import DataError, NoResultFound
from ferrow.model.writing import decoded, refused
from ferrow.orm import getting
from ferrow.orm.changing import assignments
from ferrow.orm.fitting import explained
from ferrow.orm.marking import deletes_softly, marking
from ferrow.orm.removing import by_key
from ferrow.orm.stamping import stamps
from ferrow.orm.unit.log import Marked, Removed, Saved
from ferrow.orm.versions import stale, version_of, where
from ferrow.sql import Expr, Update
from ferrow.sql.column import assigned

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape
    from ferrow.model.column import Column
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.unit.group import Change, Group
    from ferrow.orm.unit.log import Log

Row = tuple[Any, ...]


class Connection(Protocol):
    """What a flush sends its statements through."""

    async def run(self, sql: str, params: Any, shape: Shape, kinds: Kinds) -> Result:
        """Run one statement."""

    async def run_many(self, sql: str, rows: Any, shape: Shape, kinds: Kinds) -> Result:
        """Run one statement once per row of parameters."""


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
    expressions = [change for change in batch if any(isinstance(change.now[place], Expr) for place in places)]
    if expressions:
        shown = ", ".join(column.key for column in columns)
        msg = (
            f"an expression was assigned to {table.label} ({shown}): it is computed by the database, so write it with "
            "session.update(instance, name=expression)"
        )
        raise DataError(msg)
    keys = [_key(group, change.was) for change in batch]
    versions = [_version(group, change.was) for change in batch]
    prepared, stamped, values = _updating(plan, columns)
    sent = _rows(plan, columns, batch)
    new = [(version[0] + 1,) if version else () for version in versions]
    rows = [
        (*row, *up, *values, *key, *version) for row, up, key, version in zip(sent, new, keys, versions, strict=True)
    ]
    try:
        result = await connection.run_many(prepared.sql, rows, prepared.shape, prepared.kinds)
    except DataError as error:
        raise explained(error, columns) from error
    if result.rowcount < len(rows):
        raise await _missing(connection, plan, keys, versions, new, "update")
    back = (*table.computed, *stamped)
    told = back if table.version is None else (table.version, *back)
    names = [column.key for column in told]
    for number, change in enumerate(batch):
        instance = change.instance
        before = [getattr(instance, name, None) for name in names]
        log.append(Saved(group, change.key, instance, change.was, names, before))
        if names:
            computed = decoded(back, result.rows[number]) if back else ()
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
        found = plan.prepare(
            key,
            Update(
                table.ref,
                [*[(column.ref, None) for column in sets], *pairs],
                where(plan.words.key("update()"), table.version),
                returning=[column.ref for column in (*table.computed, *stamped)],
            ),
        )
    return found, stamped, values


def _rows(plan: Plan[Any], columns: tuple[Column, ...], batch: Sequence[Change]) -> list[Row]:
    read = plan.writer.row(columns)
    try:
        return [read(change.instance) for change in batch]
    except (TypeError, ValueError) as error:
        msg = f"{plan.table.label} cannot be updated: {error}"
        raise DataError(msg) from error


def _key(group: Group, values: Row) -> Row:
    """The key of the row, as the database has it: that of the snapshot, whatever the program made of the attribute."""
    found = []
    for column in group.plan.table.primary_key:
        value = values[group.columns.index(column)]
        found.append(column.encode(value) if column.encode is not None and value is not None else value)
    return tuple(found)


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
            keys.append(_key(group, group.snapshots[place]))
            versions.append(_version(group, group.snapshots[place]))
        else:
            keys.append(finder.of(instance, "delete"))
            versions.append(version_of(table, table.version and getattr(instance, table.version.key, None)))
    softly = deletes_softly(table)
    prepared, before, back = marking(plan) if softly else (by_key(plan), (), ())
    rows = [(*before, *key, *version) for key, version in zip(keys, versions, strict=True)]
    result = await connection.run_many(prepared.sql, rows, prepared.shape, prepared.kinds)
    if result.rowcount < len(rows):
        raise await _missing(connection, plan, keys, versions, [()] * len(rows), "delete")
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


async def _missing(
    connection: Connection,
    plan: Plan[Any],
    keys: Sequence[Row],
    versions: Sequence[tuple[int, ...]],
    new: Sequence[tuple[int, ...]],
    doing: str,
) -> Exception:
    """The error that names the rows which are gone, or not as they were read. Asked only when something is wrong."""
    finder = plan.words.key(doing)
    prepared = getting.by_key(plan)
    gone = []
    for key, version, written in zip(keys, versions, new, strict=True):
        found = (await connection.run(prepared.sql, key, prepared.shape, prepared.kinds)).rows
        if plan.table.version is not None:
            if not found or getattr(found[0], plan.table.version.key) not in written:
                return stale(plan, key, version[0], doing)
        elif not found and doing == "update":
            gone.append(key)
        elif doing == "delete":
            # All that were there are deleted by now, so these cannot be told apart.
            gone.append(key)
    shown = ", ".join(finder.shown(key) for key in gone[:5]) + (", ..." if len(gone) > 5 else "")
    if len(gone) == 1:
        return NoResultFound(f"there is no {shown} to {doing}: somebody else has deleted it")
    return NoResultFound(f"of {len(gone)} rows to {doing} some are not there: somebody else has deleted one of {shown}")
