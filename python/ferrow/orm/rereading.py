"""UPDATE of rows that are found by their keys, and what they have afterwards.

Where UPDATE has RETURNING that is one statement. MariaDB's has none: there the rows are read again in the same transaction,
whose locks let nobody in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ferrow.sql import Select, Update
from ferrow.sql.column import assigned

if TYPE_CHECKING:
    from ferrow._core import Result
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.unit.saving import Connection
    from ferrow.sql import ColumnRef, Condition

Row = tuple[Any, ...]


class Again(NamedTuple):
    """How the rows of an UPDATE are read afterwards."""

    prepared: Prepared
    places: tuple[int, ...]
    """Which parameters of the UPDATE are the key that the row has then."""


def prepare(
    plan: Plan[Any],
    key: Any,
    pairs: Sequence[tuple[ColumnRef[Any], Any]],
    where: Condition,
    back: Sequence[ColumnRef[Any]],
    *,
    versioned: bool,
) -> Prepared:
    """Prepare an UPDATE and keep it under `key`. The last parameters of `where` are the row's key, and its version if `versioned`."""
    table = plan.table
    if plan.dialect.returns_updates or not back:
        return plan.prepare(key, Update(table.ref, pairs, where, back))
    made = plan.prepare(key, Update(table.ref, pairs, where))
    finder = plan.words.key("update()")
    read = plan.prepare(("read again", key), Select(back, table.ref, finder.where()))
    given: dict[str, int] = {}
    taken = 0
    for column, value in pairs:
        given[column.name] = taken
        taken += len(assigned(column, value)[1])
    first = -len(finder.columns) - versioned
    places = tuple([given.get(column.name, first + number) for number, column in enumerate(finder.columns)])
    made.again = Again(read, places)
    return made


async def run(engine: AsyncEngine, prepared: Prepared, row: Row) -> Result:
    """Change one row; the result has it as it is then, or nothing if there is none."""
    if prepared.again is None:
        return await engine.run(prepared.sql, row, prepared.shape, prepared.kinds)
    async with engine.transaction():
        return await _changed(engine, prepared, prepared.again, [row])


async def run_all(engine: AsyncEngine, prepared: Prepared, rows: Sequence[Row]) -> Result:
    """Change rows, all or none."""
    if prepared.again is None:
        return await engine.run_many(prepared.sql, rows, prepared.shape, prepared.kinds)
    async with engine.transaction():
        return await _changed(engine, prepared, prepared.again, rows)


async def run_many(connection: Connection, prepared: Prepared, rows: Sequence[Row]) -> Result:
    """Change rows, in a transaction that is there already; the result has those that were found, in order."""
    if prepared.again is None:
        return await connection.run_many(prepared.sql, rows, prepared.shape, prepared.kinds)
    return await _changed(connection, prepared, prepared.again, rows)


async def _changed(connection: Connection, prepared: Prepared, again: Again, rows: Sequence[Row]) -> Result:
    results = [await connection.run(prepared.sql, row, prepared.shape, prepared.kinds) for row in rows]
    found = [
        tuple([row[place] for place in again.places])
        for row, result in zip(rows, results, strict=True)
        if result.rowcount
    ]
    if not found:
        return results[-1]
    read = again.prepared
    return await connection.run_many(read.sql, found, read.shape, read.kinds)
