"""What all differences have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from ferrow.model.table import Table


@dataclass(frozen=True, slots=True)
class About:
    """A difference; `table` is the description that was compared."""

    table: Table

    conflicts: ClassVar[bool] = False
    """Whether programs that believe the description will fail, and nothing that could be added helps."""
