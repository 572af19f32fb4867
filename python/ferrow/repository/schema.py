"""Tables made and completed from models: `apply_schema` and `ensure_schema`, in both colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ferrow.engine import ensure as engine_ensure
from ferrow.engine.engine import AsyncEngine
from ferrow.errors import InterfaceError, shown
from ferrow.repository.names import NAMES, table_of
from ferrow.repository.registry import checked_conflict
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from ferrow.engine import Engine
    from ferrow.repository._sync import Database
    from ferrow.repository.database import AsyncDatabase

SchemaConflictPolicy: TypeAlias = engine_ensure.Conflict


async def apply_schema_async(db: AsyncDatabase | AsyncEngine, model: type, *, if_not_exists: bool = False) -> list[str]:
    """Create the table of a model and its indexes, in one transaction; inside an open one, as a savepoint of that.

    Args:
        db: an `AsyncDatabase`, or an engine.
        model: a dataclass, a typed class or a Pydantic model.
        if_not_exists: leave what exists as it is; otherwise a table that exists is an error.

    Returns:
        The statements that were executed, as `create_schema_sql` gives them.

    Raises:
        DatabaseError: what the database reports; nothing was created then (but on MariaDB, which cannot undo it).
        ModelError: what is given is no model.
        NotSupportedError: inside a transaction on MariaDB, which would commit it.
    """
    engine = _engine(db, "blocking", "apply_schema")
    return await _applied(engine, model, if_not_exists)


async def ensure_schema_async(
    db: AsyncDatabase | AsyncEngine, model: type, *, schema_conflict: SchemaConflictPolicy = "raise"
) -> list[str]:
    """Create the table of a model, or add what it lacks, in one transaction; inside an open one, as a savepoint of that.

    Added are columns that take NULL or have a server default, indexes, and labels of enumerations. An index of the same name that
    is over something else is made anew. Columns and indexes that only the database has are left alone. Several processes may
    do this at the same time.

    Args:
        db: an `AsyncDatabase`, or an engine.
        model: a dataclass, a typed class or a Pydantic model. Tables that it refers to by class are created, too, if they are missing.
        schema_conflict: what happens if adding is not enough, because a column holds another kind of values, takes NULL or does not
            where the model says otherwise, or is missing and existing rows have no value for it. "raise" is an error; "recreate" drops
            the table WITH ALL ITS ROWS and creates it.

    Returns:
        The statements that were executed, `[]` if nothing had to be done.

    Raises:
        SchemaConflict: (also a ValueError) with "raise", naming everything that is in the way; with "recreate", if other tables refer to
            the table, naming them.
        ValueError: another `schema_conflict`.
        NotSupportedError: something has to be done, inside a transaction on MariaDB, which would commit it.
    """
    engine = _engine(db, "blocking", "ensure_schema")
    return await _ensured(engine, model, schema_conflict)


def apply_schema(db: Database | Engine, model: type, *, if_not_exists: bool = False) -> list[str]:
    """The sync `apply_schema_async`: arguments (`if_not_exists`), result and errors are the same."""
    return drive(_applied(_engine(db, "asyncio", "apply_schema_async"), model, if_not_exists))


def ensure_schema(db: Database | Engine, model: type, *, schema_conflict: SchemaConflictPolicy = "raise") -> list[str]:
    """The sync `ensure_schema_async`: arguments (`schema_conflict`), result and errors are the same."""
    return drive(_ensured(_engine(db, "asyncio", "ensure_schema_async"), model, schema_conflict))


async def _applied(engine: AsyncEngine, model: type, if_not_exists: bool) -> list[str]:
    made = await engine_ensure.apply(engine, table_of(model), if_not_exists=if_not_exists, naming=NAMES)
    return [f"{sql};" for sql in made]


async def _ensured(engine: AsyncEngine, model: type, schema_conflict: str) -> list[str]:
    policy = checked_conflict(schema_conflict)
    made = await engine_ensure.ensure(engine, table_of(model), conflict=policy, naming=NAMES)
    return [f"{sql};" for sql in made]


def _engine(db: Any, other: str, twin: str) -> AsyncEngine:
    """What does the work below a database or an engine of the right colour. Raises InterfaceError for the wrong one, or something else."""
    found = db if isinstance(db, AsyncEngine) else getattr(db, "engine", db)
    found = found if isinstance(found, AsyncEngine) else getattr(found, "_core", None)
    if not isinstance(found, AsyncEngine):
        raise InterfaceError(f"{shown(db)} is no database: give a Database, an AsyncDatabase or an engine.")
    if found.world.name == other:
        raise InterfaceError(f"{db!r} is of the other call style; use {twin} for it.")
    return found
