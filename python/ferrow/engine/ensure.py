"""Bring the table of a database to what its description says, as far as that loses nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from ferrow.engine.changing import change, run_all, served
from ferrow.engine.inspector import AsyncInspector
from ferrow.errors import SchemaConflict
from ferrow.schema.alter import additions
from ferrow.schema.answers import answers_of
from ferrow.schema.compare.difference import Difference, MissingTable, NotATable
from ferrow.schema.ddl import create_all, create_table, drop_table
from ferrow.schema.enum import enumerations
from ferrow.schema.reference import target_of

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.table import Table
    from ferrow.sql.dialect import Dialect

Conflict = Literal["raise", "recreate"]
Naming = Mapping[str, str]


async def ensure(
    engine: AsyncEngine, table: Table, *, conflict: Conflict = "raise", naming: Naming | None = None
) -> list[str]:
    """Create the table, or add what it lacks: columns that take NULL or have a server default, indexes, labels of enumerations.

    All in one transaction (inside an open one: in a savepoint of it), and one process after the other. What the database has
    beyond the description stays. Tables that the description refers to by class and that do not exist are created, too.

    Args:
        conflict: "recreate" drops and creates a table, with all its rows, where adding is not enough.
        naming: as for `create_indexes`.

    Returns:
        The statements that were executed, `[]` if nothing had to be.

    Raises:
        SchemaConflict: with "raise": what cannot be added; with "recreate": other tables refer to the table.
        NotSupportedError: something is to be done inside a transaction that this would commit (MariaDB).
    """
    inspector = AsyncInspector(engine)
    # Nothing is locked to find that nothing is to be done, as nearly always.
    if not await _plan(inspector, table, conflict, naming):
        return []
    # Planned again, as another process may have been faster.
    statements = await change(engine, lambda: _plan(inspector, table, conflict, naming))
    if statements and answers_of(engine.dialect).creates_types and enumerations([table]):
        # A type that was there before the table may not know all the labels.
        statements += await change(engine, lambda: _plan(inspector, table, conflict, naming))
    return statements


async def apply(
    engine: AsyncEngine, table: Table, *, if_not_exists: bool = False, naming: Naming | None = None
) -> list[str]:
    """Create the table and its indexes, in one transaction (inside an open one: in a savepoint of it).

    Args:
        if_not_exists: leave what exists as it is.
        naming: as for `create_indexes`.

    Returns:
        The statements.

    Raises:
        DatabaseError: what the database reports, for example that the table exists.
        NotSupportedError: inside a transaction that this would commit (MariaDB).
    """
    return await run_all(engine, _created(await served(engine), table, naming, if_not_exists))


def _created(dialect: Dialect, table: Table, naming: Naming | None, if_not_exists: bool = False) -> list[str]:
    return create_table(table, dialect, if_not_exists=if_not_exists, indexes_if_not_exist=if_not_exists, naming=naming)


async def _plan(inspector: AsyncInspector, table: Table, conflict: Conflict, naming: Naming | None) -> list[str]:
    """The statements that are to be executed. Raises SchemaConflict."""
    engine = inspector._engine
    dialect = await served(engine)
    differences = await inspector._compare(table, naming)
    if differences and isinstance(differences[0], MissingTable):
        missing = await _missing(inspector, table)
        if len(missing) > 1:
            return create_all(missing, dialect, naming=naming)
        return _created(dialect, table, naming)
    reasons = [one for one in differences if one.conflicts]
    if not reasons:
        return additions(differences, dialect, naming=naming)
    if conflict != "recreate" or any(isinstance(one, NotATable) for one in reasons):
        raise _incompatible(table, reasons, differences)
    await _unreferred(inspector, table, reasons, differences)
    return [*drop_table(table, dialect, if_exists=False), *_created(dialect, table, naming)]


async def _missing(inspector: AsyncInspector, table: Table) -> list[Table]:
    """The table, and those it needs that do not exist either."""
    from ferrow.model.binding import table_of

    found = [table]
    for one in found:
        for key in one.references:
            target = None if key.model is None else table_of(key.model)
            if target is None or target in found:
                continue
            if await inspector.table(target.name, target_of(one, key)[0]) is None:
                found.append(target)
    return found


async def _unreferred(
    inspector: AsyncInspector, table: Table, reasons: Sequence[Difference], differences: Sequence[Difference]
) -> None:
    """Raises SchemaConflict if other tables refer to the one that is to be dropped: their foreign keys, or rows, would go with it."""
    found = await inspector.table(table.name, table.schema)
    if found is None or not found.referrers:
        return
    places = ", ".join(
        f"{key.table}({', '.join(key.columns)})" + (f" by {key.name}" if key.name else "") for key in found.referrers
    )
    message = _incompatible(table, reasons, differences)
    raise SchemaConflict(
        f"{message}. It cannot be recreated, as other tables refer to it: {places}. Drop these first, or change the table by hand.",
        differences,
    )


def _incompatible(table: Table, reasons: Sequence[Difference], differences: Sequence[Difference]) -> SchemaConflict:
    return SchemaConflict(f"Incompatible schema for table {table.name!r}: {'; '.join(map(str, reasons))}", differences)
