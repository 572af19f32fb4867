"""Bring the table of a database to what its description says, as far as that loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.table import Table

Conflict = Literal["raise", "recreate"]


async def ensure(engine: AsyncEngine, table: Table, *, conflict: Conflict = "raise") -> list[str]:
    """Create the table, or add what it lacks; return the statements that were executed, `[]` if nothing had to be.

    Raises SchemaConflict (a ModelError and ValueError) for what cannot be added.
    """
    raise NotImplementedError


async def apply(engine: AsyncEngine, table: Table, *, if_not_exists: bool = False) -> list[str]:
    """Create the table and its indexes; return the statements."""
    raise NotImplementedError
