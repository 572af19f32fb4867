"""Writing what a unit of work has to write: inserts, rows of junctions, updates, deletes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.orm.inserting import Batch
from ferrow.orm.marking import deletes_softly
from ferrow.orm.plan import plan_of
from ferrow.orm.relations.unloading import unload_stale
from ferrow.orm.unit.back_populate import rows_updated
from ferrow.orm.unit.circles import opened
from ferrow.orm.unit.moved import moved
from ferrow.orm.unit.relations import prepare
from ferrow.orm.unit.replacing import replaces
from ferrow.orm.unit.saving import remove, save
from ferrow.orm.unit.waves import waves

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan
    from ferrow.orm.unit.back_populate import DeletedRow
    from ferrow.orm.unit.saving import Connection
    from ferrow.orm.unit.unit import Unit


async def write(unit: Unit, connection: Connection) -> None:
    """Send everything. After an error the unit's log says what is to be undone in memory."""
    unit.before_flush()
    relations = await prepare(unit, connection)
    # A circle is found before anything is sent.
    new = waves([*unit.added.values()], unit.dialect, unit.needs) if unit.added else []
    gone = _going(unit) if unit.removed and unit.remembered else {}
    replaced = bool(unit.removed) and replaces(unit)
    if replaced:
        await _save(unit, connection)
        await _remove(unit, connection)
    for plan, wave in new:
        await _insert(unit, connection, plan, wave)
    for callback in unit.after_inserts:
        await callback(connection)
    await _save(unit, connection)
    if not replaced:
        await _remove(unit, connection)
    if relations is not None:
        relations.done()
    for plan, going in gone.items():
        unit.hide_deleted(plan, going)
    for plan, wave in new:
        unit.show_inserted(plan, wave)


async def _save(unit: Unit, connection: Connection) -> None:
    for group in [*unit.groups.values()]:
        for places, rows in group.changes().items():
            if unit.removed:
                for key in [key for key in rows if id(group.instances[key]) in unit.removed]:
                    del rows[key]
            if not rows:
                continue
            foreign = group.foreign_at(places)
            related = bool(group.plan.table.relations)
            instances = list(map(group.instances.__getitem__, rows)) if related or foreign else []
            was = list(map(group.snapshots.__getitem__, rows)) if foreign else []
            await save(unit, connection, group, places, rows)
            for instance in instances if related else ():
                if foreign:
                    moved(unit, group.plan, instance, foreign)
                unload_stale(group.plan, instance)
            if foreign:
                changes = rows_updated(
                    unit, group.plan, [*zip(instances, was, map(group.read, instances), strict=True)]
                )
                if changes.steps:
                    unit.log.append(changes)


def _going(unit: Unit) -> dict[Plan[Any], list[DeletedRow]]:
    """The followed instances whose rows are to be deleted, with those rows, by model."""
    found: dict[Plan[Any], list[DeletedRow]] = {}
    for one in unit.removed.values():
        group = unit.groups.get(type(one))
        if group is not None and group.foreign:
            place = group.place(one)
            key = group.key(one) if place is None else place  # the unit may follow another instance of the same row
            if key in group.instances:
                found.setdefault(group.plan, []).append((group.instances[key], group.snapshots[key]))
    return found


async def _remove(unit: Unit, connection: Connection) -> None:
    if not unit.removed and not unit.before_deletes:
        return

    def stays(one: Any) -> bool:
        return id(one) not in unit.forced and deletes_softly(plan_of(type(one), unit.dialect).table)

    for plan, wave in await opened(connection, unit.dialect, [*unit.first.values()], stays):
        await remove(unit, connection, plan, wave)
    for callback in unit.before_deletes:
        await callback(connection)
    rest = [one for one in unit.removed.values() if id(one) not in unit.first]
    for plan, wave in await opened(connection, unit.dialect, rest, stays):
        await remove(unit, connection, plan, wave)


async def _insert(unit: Unit, connection: Connection, plan: Plan[Any], wave: list[Any]) -> None:
    for insertion, members in plan.writer.insertions(wave):
        batch = Batch(plan, insertion, members)
        result = await batch.send(connection)
        keys = [column.key for column in insertion.returning]
        before = [[getattr(one, key, None) for key in keys] for one in members]
        batch.fill(result)
        unit.inserted(plan, members, keys, before)
        for one in members if unit.assigning else ():
            for assign in unit.assigning.get(id(one), ()):
                assign()
