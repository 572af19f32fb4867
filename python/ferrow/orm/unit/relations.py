"""What instances say through their relations (`post.author = user`), made part of a flush."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.orm.plan import plan_of
from ferrow.orm.relations.collection import begin
from ferrow.orm.unit.remembered import changed_relations

if TYPE_CHECKING:
    from ferrow.orm.unit.relation_flush import RelationFlush
    from ferrow.orm.unit.saving import Connection
    from ferrow.orm.unit.unit import Unit


async def prepare(unit: Unit, connection: Connection) -> RelationFlush | None:
    """Called by each flush before its inserts: bring keys, and what is pending, in line with relation attributes.

    Returns what is to be told when all is written; None if relations say nothing.

    Raises:
        ProgrammingError: objects and keys contradict each other, or a collection that was not loaded was replaced.
    """
    if not _concerned(unit):
        return None
    from ferrow.orm.unit.relation_flush import RelationFlush

    flush = RelationFlush(unit, connection)
    await flush.prepare()
    return flush


def _concerned(unit: Unit) -> bool:
    pending = {type(one) for one in (*unit.added.values(), *unit.removed.values())}
    return any(plan_of(model, unit.dialect).table.relations for model in pending | unit.groups.keys())


def unwritten(unit: Unit) -> bool:
    """Whether relation attributes say something that is not written, where neither columns nor pending instances show it."""
    return next(changed_relations(unit), None) is not None


def shown(unit: Unit) -> list[str]:
    """The same for messages."""
    found = []
    for instance, tie in changed_relations(unit):
        plan = plan_of(type(instance), unit.dialect)
        key = tuple([getattr(instance, column.key, None) for column in plan.table.primary_key])
        found.append(f"{plan.words.key('update()').shown(key)} ({tie.key})")
    return found


async def inserted(unit: Unit, instances: Sequence[Any]) -> bool:
    """Insert instances now, with all their relations say, if they say anything: then the unit does it, which follows what it inserts."""
    from ferrow.model.binding import is_model
    from ferrow.orm.watching import any_has_related

    models: dict[type, list[Any]] = {}
    for one in instances:
        models.setdefault(type(one), []).append(one)
    if not any(
        is_model(model) and any_has_related(plan_of(model, unit.dialect), group) for model, group in models.items()
    ):
        return False
    for one in instances:
        if unit.place(one) is not None:
            raise ProgrammingError(f"this {type(one).__name__} has a row already, and belongs to the session")
    mine = [one for one in instances if id(one) not in unit.added]
    for one in instances:
        unit.add(one)
    try:
        await unit.flush()
    except BaseException:
        for one in mine:
            unit.added.pop(id(one), None)
        raise
    for one in instances:
        begin(unit.engine, plan_of(type(one), unit.dialect), (one,), unit)
    return True
