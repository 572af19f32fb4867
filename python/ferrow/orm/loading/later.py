"""Relations of objects that are there already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ferrow.errors import ProgrammingError
from ferrow.orm.generic import M
from ferrow.orm.loading.load import load
from ferrow.orm.loading.option import LoadOption, selectinload
from ferrow.orm.loading.tree import Loading
from ferrow.orm.plan import plan_of
from ferrow.orm.unit.around import unit_of

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.loading.option import Path
    from ferrow.sql import Dialect


async def load_for(
    engine: AsyncEngine, dialect: Dialect, instances: Sequence[M], relations: Sequence[Path | LoadOption]
) -> None:
    """Load relations into instances of one model: a statement for each relation, however many instances there are.

    Raises:
        UnknownColumn, ProgrammingError: as for load options; no relations; instances of several models, or that have no row.
    """
    if not relations:
        msg = "say which relations to load: their names, or the attributes of the class (User.posts)"
        raise ProgrammingError(msg)
    if not instances:
        return
    model = type(instances[0])
    for one in instances:
        if type(one) is not model:
            msg = f"load_for() loads for instances of one model at a time, not for {model.__qualname__} and {type(one).__qualname__}"
            raise ProgrammingError(msg)
    plan = plan_of(model, dialect)
    options = tuple([one if isinstance(one, LoadOption) else selectinload(one) for one in relations])
    found = Loading(model, options)
    wanted = {_first(option) for option in options}
    found.nodes = {key: node for key, node in found.nodes.items() if key in wanted}
    for node in found.nodes.values():
        for column in node.link.near if not node.link.belongs else ():
            if any(getattr(one, column.key, None) is None for one in instances):
                msg = f"{node.relation.label} cannot be loaded: this {plan.table.label} has no row yet, as its {column.key} is None"
                raise ProgrammingError(msg)
    unit = unit_of(engine)
    if unit is not None:
        await unit.before()
    await load(engine, plan, instances, found)


def _first(option: LoadOption) -> str:
    key = option.steps[0].key
    return key if isinstance(key, str) else key.key
