"""What an UPDATE would notice where there is nothing to write: whether the rows are there, as they were read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.engine.context import current
from ferrow.errors import NoResultFound
from ferrow.orm.loading.keys import as_uuid, is_uuid
from ferrow.orm.versions import stale, version_of, where
from ferrow.sql import Select

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.plan import Plan


async def look(engine: AsyncEngine, plan: Plan[Any], instances: Sequence[Any], doing: str) -> None:
    """Look for the rows of instances of one model, which are locked as by an UPDATE where a transaction is open that may write.

    Raises:
        NoResultFound: one is not there.
        StaleRow: the model has a version, and one is not there with the version that its instance has.
        ProgrammingError: an instance that was never inserted.
    """
    table, finder = plan.table, plan.words.key(doing)
    version = table.version
    keys = [finder.of(instance, "update") for instance in instances]
    versions = [version_of(table, version and getattr(one, version.key, None)) for one in instances]
    name = "look" if _may_lock(engine) else "look, no more"
    prepared = plan.statements.get(name)
    if prepared is None:
        query = Select([column.ref for column in table.primary_key], table.ref, where(finder, version))
        prepared = plan.prepare(name, query.for_update() if name == "look" else query)
    rows = [(*key, *seen) for key, seen in zip(keys, versions, strict=True)]
    # Also a single one: `run` is what tells of one SELECT for each of many instances, and this stands for an UPDATE.
    result = await engine.run_many(prepared.sql, rows, prepared.shape, prepared.kinds)
    if len(result.rows) == len(rows):
        return
    there = set(map(tuple, result.rows))
    number = next((number for number, key in enumerate(keys) if known(plan, key) not in there), 0)
    if versions[number]:
        raise stale(plan, keys[number], versions[number][0], "update")
    raise NoResultFound(f"there is no {finder.shown(keys[number])} to update")


def _may_lock(engine: AsyncEngine) -> bool:
    """Whether the transaction around the running code was not begun with `readonly`: PostgreSQL and MariaDB refuse to lock in such a one."""
    link = current(engine._real)
    while link is not None and not link.transaction._readonly:
        link = link.parent
    return link is None


def known(plan: Plan[Any], key: tuple[Any, ...]) -> tuple[Any, ...]:
    """A key as it comes back: a UUID may have been given as text."""
    columns = plan.table.primary_key
    return tuple([as_uuid(value) if is_uuid(column) else value for column, value in zip(columns, key, strict=True)])
