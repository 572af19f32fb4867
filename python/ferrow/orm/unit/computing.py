"""Attributes that hold an expression, `user.visits = User.visits + 1`: the database computes them when they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError
from ferrow.orm.unit.log import Saved
from ferrow.orm.unit.sent import Sent, merged
from ferrow.orm.updating import returned, write

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.column import Column
    from ferrow.orm.unit.group import Group
    from ferrow.orm.unit.unit import Unit


async def compute(unit: Unit, connection: AsyncEngine, group: Group, columns: Sequence[Column], key: Any) -> None:
    """Write these columns of one instance by a statement of its own, and set its attributes to what they are then.

    Raises:
        DataError: the key is among them.
    """
    plan, instance, was = group.plan, group.instances[key], group.snapshots[key]
    values = {column.key: getattr(instance, column.key) for column in columns}
    for column in columns:
        if column.primary_key:
            raise DataError(
                f"{plan.table.label}.{column.key} is part of the key, and cannot change together with an expression"
            )
    names = [column.key for column in returned(plan, tuple(columns), values)]
    names += [column.key for column in plan.table.stamped if column.key not in names and column.key not in values]
    before = [getattr(instance, name, None) for name in names]
    sent = Sent(unit, instance)
    await write(connection, plan.dialect, instance, values, sent)
    unit.log.append(Saved(group, [key], [key], [instance] if unit.keeps else None, [was], names, [before]))
    assert sent.now is not None
    group.snapshots[key] = merged(group, sent.now, was, sent.keys)
