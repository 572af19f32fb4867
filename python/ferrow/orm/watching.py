"""What compares the instances of a model, all of them at once: it is made by the core, and kept with the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow._core import Watch
from ferrow.model.options import RelationOptions
from ferrow.orm.relations.tie import ties_of

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.orm.plan import Plan

_FIXED = frozenset(
    ["bool", "int", "float", "text", "date", "time", "timestamp", "timestamptz", "uuid", "decimal", "interval"]
)
"""Kinds whose Python values cannot change. Those of bytes can: the program may have set a bytearray."""


def changes_in_place(column: Column) -> bool:
    """Whether the values of a column can change without being assigned."""
    return column.type.kind not in _FIXED


def changing(plan: Plan[Any]) -> list[int]:
    """The places of the columns whose values can change without being assigned: those are compared with copies."""
    return [place for place, column in enumerate(plan.table.columns) if changes_in_place(column)]


def watch_of(plan: Plan[Any]) -> Watch:
    """What compares the instances of a model with rows; made once."""
    found = plan.watch
    if found is None:
        relations = [(tie.key, plan.model.__dict__[tie.key]._slot if tie.slotted else None) for tie in ties_of(plan)]
        keys = [column.key for column in plan.table.columns]
        found = plan.watch = Watch(plan.model, keys, changing(plan), relations, RelationOptions)
    return found


def any_has_related(plan: Plan[Any], instances: list[Any]) -> bool:
    """Whether any of these instances of a model says something through its relations."""
    return bool(plan.table.relations) and watch_of(plan).any_has_related(instances)
