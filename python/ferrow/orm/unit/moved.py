"""Foreign keys of followed instances that have changed by themselves: what their own relations held is not true any more."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any

from ferrow.orm.relations.tie import NOTHING, ties_of
from ferrow.orm.relations.unloading import rests_on, unload_moved
from ferrow.orm.unit.remembered import changed

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan
    from ferrow.orm.unit.followed import Followed
    from ferrow.orm.unit.remembered import Remembered


def moved(unit: Followed, plan: Plan[Any], instance: Any, keys: Container[str]) -> None:
    """The columns `keys` of an instance hold something else than they did. What was assigned to a relation and is not written yet stays."""
    remembered: Remembered = unit.remembered
    for tie in ties_of(plan):
        known = tie.value(instance) is not NOTHING or remembered.was(instance, tie) is not NOTHING
        if not known or not rests_on(tie, keys) or changed(unit, instance, tie):
            continue
        unload_moved(instance, tie)
        if tie.value(instance) is NOTHING:
            # Else the same object, assigned again, would look as if nothing had changed.
            remembered.forget(instance, tie)
