"""Tables made and completed from models: `apply_schema` and `ensure_schema`, in both colours."""

from __future__ import annotations

from typing import Any, Literal


async def apply_schema_async(db: Any, model: type, *, if_not_exists: bool = False) -> list[str]:
    """Create the table of `model` and its indexes in one transaction; return the statements."""
    raise NotImplementedError


async def ensure_schema_async(
    db: Any, model: type, *, schema_conflict: Literal["raise", "recreate"] = "raise"
) -> list[str]:
    """Create the table of `model`, or add what it lacks; return the statements, `[]` if nothing had to be done."""
    raise NotImplementedError


def apply_schema(db: Any, model: type, *, if_not_exists: bool = False) -> list[str]:
    """The sync `apply_schema_async`."""
    raise NotImplementedError


def ensure_schema(db: Any, model: type, *, schema_conflict: Literal["raise", "recreate"] = "raise") -> list[str]:
    """The sync `ensure_schema_async`."""
    raise NotImplementedError
