"""All that goes with rows that are deleted, to any depth, each row once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.orm.loading.keys import reader
from ferrow.orm.loading.selectin import selected
from ferrow.orm.plan import plan_of
from ferrow.orm.relations.children import concerned, release
from ferrow.orm.unit.circles import opened

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.table import Table
    from ferrow.orm.plan import Plan
    from ferrow.orm.relations.tie import Tie
    from ferrow.orm.unit.waves import Wave
    from ferrow.sql import Dialect


class Going:
    """Rows that are to be deleted at once, found in the database."""

    def __init__(self, engine: AsyncEngine, dialect: Dialect) -> None:
        self._engine = engine
        self._dialect = dialect
        self._found: dict[tuple[Table, tuple[Any, ...]], Any] = {}

    async def waves(self, instances: Sequence[Any]) -> list[Wave]:
        """The instances and what goes with them, in the order in which they are to be deleted. What refers to them is seen to."""
        released: list[tuple[Tie, list[Any]]] = []
        waiting = self._new(instances)
        while waiting:
            level, waiting = waiting, []
            for plan, owners in level:
                for tie in concerned(plan) if plan.table.relations else ():
                    if tie.delete:
                        waiting += self._new(await self._children(tie, owners))
                    else:
                        released.append((tie, owners))
        for tie, owners in released:
            await release(self._engine, self._dialect, [tie], owners)
        return await opened(self._engine, self._dialect, [*self._found.values()])

    def _new(self, instances: Sequence[Any]) -> list[tuple[Plan[Any], list[Any]]]:
        """Those of rows that were not met before, by model: what refers to each other in a circle would be met for ever."""
        models: dict[type, list[Any]] = {}
        for one in instances:
            plan: Plan[Any] = plan_of(type(one), self._dialect)
            row = plan.table, plan.words.key("delete()").of(one, "delete")
            if row not in self._found:
                self._found[row] = one
                models.setdefault(type(one), []).append(one)
        return [(plan_of(model, self._dialect), group) for model, group in models.items()]

    async def _children(self, tie: Tie, owners: Sequence[Any]) -> list[Any]:
        keys = [key for key in dict.fromkeys(map(reader(tie.link.near), owners)) if key is not None]
        return (await selected(self._engine, self._dialect, tie.link, keys, unseen=True))[1]
