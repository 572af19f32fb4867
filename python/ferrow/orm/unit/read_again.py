"""What was first read in a transaction that was rolled back: its rows may hold something else now, or be gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.orm.loading.keys import chunks
from ferrow.orm.loading.some import among, values_of
from ferrow.orm.unit.back_populate import rows_deleted
from ferrow.orm.unit.overtaken import keeping
from ferrow.orm.unit.saving import key_reader
from ferrow.sql import Select

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.unit.followed import Followed
    from ferrow.orm.unit.group import Group
    from ferrow.orm.unit.saving import Connection


async def read_again(unit: Followed, connection: Connection, timeout: float | None, *, apart: bool) -> None:
    """Give such instances what their rows hold, except where the program has changed them since; those without a row are followed no longer.

    Of what cannot be read it is still to be done. `apart`: in no transaction, so that nothing takes back what is read; but another task may
    be writing in one meanwhile, or have begun one before.
    """
    for group in [*unit.groups.values()]:
        unread, group.unread = group.unread, []
        try:
            group.let_go([key for key in unread if key in group.instances])
            keys = [key for key in dict.fromkeys(unread) if key in group.instances]
            there = await _read(unit, connection, group, keys, timeout, apart=apart)
        except BaseException:
            group.unread += unread
            raise
        _forget(unit, group, [key for key in keys if key not in there])
        if there and not apart and unit.undoable:
            # A transaction around this one may have written them before, and may be rolled back, too.
            unit.first_read(group, [key for key in keys if key in there])


async def _read(
    unit: Followed, connection: Connection, group: Group, keys: list[Any], timeout: float | None, *, apart: bool
) -> set[Any]:
    """Read the rows of followed instances; which there are."""
    plan: Plan[Any] = group.plan
    sent, width = key_reader(group), len(plan.table.primary_key)
    values = [sent(group.snapshots[key]) for key in keys]
    there: set[Any] = set()
    for piece in chunks(values if width > 1 else [value for (value,) in values], width):
        prepared = _prepared(plan, len(piece) if width > 1 else 0)
        reading = unit.overtaken.now if apart else unit.reading()
        result = await connection.run(prepared.sql, values_of(piece, width), prepared.shape, prepared.kinds, timeout)
        there.update(map(group.key, result.rows))
        with keeping(unit.newer(reading)):
            unit.adopted(result.rows, logged=not apart)
    return there


def _forget(unit: Followed, group: Group, keys: list[Any]) -> None:
    gone = [(group.instances[key], group.snapshots[key]) for key in keys if key in group.instances]
    for key in keys:
        group.forget(key)
    if gone:
        rows_deleted(unit, group.plan, gone)


def _prepared(plan: Plan[Any], several: int) -> Prepared:
    key = ("rolled back", several)
    return plan.statements.get(key) or plan.prepare(
        key, Select(plan.refs, plan.table.ref, among([c.ref for c in plan.table.primary_key], several)), plan.shape
    )
