"""What every UPDATE sets besides what it was asked to: columns with `on_update`, such as `updated_at`."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any

from ferrow.sql import Expr

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.table import Table


def stamps(table: Table, but: Container[str]) -> dict[str, Any]:
    """Values or expressions by attribute, of the columns with `on_update` that are not among `but`."""
    return {column.key: stamp(column) for column in table.stamped if column.key not in but}


def stamp(column: Column) -> Any:
    """What one of them is set to now: a value or an expression."""
    said = column.on_update
    return said() if callable(said) and not isinstance(said, Expr) else said
