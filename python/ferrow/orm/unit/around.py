"""Which unit of work a session's calls belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.engine.context import current
from ferrow.orm.unit.unit import Unit

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine


def unit_of(engine: AsyncEngine) -> Unit | None:
    """The unit of the session's block, else that of the transaction around the running code, else None."""
    unit = getattr(engine, "unit", None)
    if unit is None:
        link = current(engine)
        unit = None if link is None else link.observer
    return unit if isinstance(unit, Unit) else None
