"""Soft deletion of single instances: marks set and taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ferrow.errors import NoResultFound
from ferrow.model.visible import moment
from ferrow.orm.changing import assignments
from ferrow.orm.shown import deletion
from ferrow.orm.stamping import stamps
from ferrow.sql import Update, and_, func

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.table import Table
    from ferrow.orm.plan import Plan

Purpose = Literal["soft-delete", "delete", "restore"]


def deletes_softly(table: Table) -> bool:
    """Whether rows are marked instead of deleted."""
    return table.visible is not None and table.visible.deleted is not None


async def mark(engine: AsyncEngine, plan: Plan[Any], instance: Any, *, purpose: Purpose) -> None:
    """Write the mark, or take it away (`restore`), and give the instance what its row has now.

    Marking twice keeps the first moment; `delete` finds no row that is marked.

    Raises:
        NoSoftDelete: the model has none.
        NoResultFound: the row is not there.
    """
    table = plan.table
    column = deletion(table, f"{purpose.replace('-', '_')}()")
    finder = plan.words.key(purpose)
    key = finder.of(instance, purpose)
    value = None if purpose == "restore" else func.coalesce(column.ref, moment(column))
    stamped = assignments(table, stamps(table, (column.key,)))
    back = (column, *[table.by_key[ref.key] for ref, _ in stamped], *table.computed)
    where = finder.where()
    if purpose == "delete":
        where = and_(where, column.ref.is_null())
    pairs: list[tuple[Any, Any]] = [(column.ref, value), *stamped]
    statement = Update(table.ref, pairs, where, [one.ref for one in back])
    prepared = plan.statements.get(statement.shape) or plan.prepare(statement.shape, statement)
    # The condition's placeholders come last, one for each column of the key.
    values = (*statement.values[: len(statement.values) - len(key)], *key)
    result = await engine.run(prepared.sql, values, prepared.shape, prepared.kinds)
    if not result.rowcount:
        raise NoResultFound(f"there is no {finder.shown(key)} to {purpose}")
    plan.writer.fill(instance, back, result.rows[0])
