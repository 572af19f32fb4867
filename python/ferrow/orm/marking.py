"""Soft deletion of single instances: marks set and taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from ferrow.errors import NoResultFound
from ferrow.model.visible import moment
from ferrow.orm import rereading
from ferrow.orm.changing import assignments
from ferrow.orm.shown import deletion
from ferrow.orm.stamping import stamps
from ferrow.orm.versions import counted, stale, version_of, where
from ferrow.sql import Update, and_, func

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.sql import ColumnRef, Condition

Purpose = Literal["soft-delete", "delete", "restore"]


def deletes_softly(table: Table) -> bool:
    """Whether rows are marked instead of deleted."""
    return table.visible is not None and table.visible.deleted is not None


async def mark(engine: AsyncEngine, plan: Plan[Any], instance: Any, *, purpose: Purpose) -> frozenset[str]:
    """Write the mark, or take it away (`restore`), and give the instance what its row has now; which attributes that is, is returned.

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
    version = table.version
    back = (
        column,
        *[table.by_key[ref.key] for ref, _ in stamped],
        *table.computed,
        *([] if version is None else [version]),
    )
    read = version_of(table, version and getattr(instance, version.key, None))
    condition = where(finder, version)
    if purpose == "delete":
        condition = and_(column.ref.is_null(), condition)
    pairs = counted(table, [(column.ref, value), *stamped])
    statement = Update(table.ref, pairs, condition)
    prepared = _prepared(plan, statement, pairs, condition, back)
    # The condition's placeholders come last, one for each column of the key, and the version.
    values = (*statement.values[: len(statement.values) - len(key) - len(read)], *key, *read)
    result = await rereading.run(engine, prepared, values)
    if not result.rowcount and read:
        raise stale(plan, key, read[0], purpose)
    if not result.rowcount:
        raise NoResultFound(f"there is no {finder.shown(key)} to {purpose}")
    plan.writer.fill(instance, back, result.rows[0])
    return frozenset([one.key for one in back])


def marking(plan: Plan[Any]) -> tuple[Prepared, tuple[Any, ...], tuple[Column, ...]]:
    """`UPDATE ... SET deleted_at = now WHERE key = $1` and the version that was read, of rows that are not marked; with the values before
    those of the key, and the columns that come back."""
    table = plan.table
    column = deletion(table, "delete()")
    stamped = assignments(table, stamps(table, (column.key,)))
    back = (
        *table.primary_key,
        column,
        *[table.by_key[ref.key] for ref, _ in stamped],
        *table.computed,
        *([] if table.version is None else [table.version]),
    )
    finding = where(plan.words.key("delete()"), table.version)
    pairs = counted(table, [(column.ref, moment(column)), *stamped])
    condition = and_(column.ref.is_null(), finding)
    statement = Update(table.ref, pairs, condition)
    prepared = _prepared(plan, statement, pairs, condition, back)
    return prepared, statement.values[: len(statement.values) - len(finding.values)], back


def _prepared(
    plan: Plan[Any],
    statement: Update,
    pairs: Sequence[tuple[ColumnRef[Any], Any]],
    condition: Condition,
    back: Sequence[Column],
) -> Prepared:
    key = ("mark", statement.shape, back)
    return plan.statements.get(key) or rereading.prepare(
        plan, key, pairs, condition, [one.ref for one in back], versioned=plan.table.version is not None
    )
