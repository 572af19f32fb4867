"""Which fields of a Pydantic instance were assigned since the functions read it: what `update` has to write.

Pydantic notes what was given and assigned in one set, which of an instance that was read holds all fields. Here it is a set that
also knows what came later. Instances of a unit of work are left alone, as that knows better.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from itertools import repeat
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ferrow.engine.context import CHAIN
from ferrow.orm.unit.around import unit_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ferrow.engine.engine import AsyncEngine

AT_MOST = 100
"""Instances of one call that are told apart from what was read: it takes a third of the time of reading them, and who reads thousands
rarely writes them one by one."""

_FIXED = (str, int, float, bytes, Decimal, date, time, timedelta, UUID, Enum, type(None))
"""What can only be replaced; the rest may have been changed inside, which nobody notices."""


class Read(set[str]):
    """The fields of an instance that was read; `assigned` are those that were set since then."""

    __slots__ = ("_assigned",)

    _assigned: set[str]

    @property
    def assigned(self) -> Iterable[str]:
        """Their names."""
        return getattr(self, "_assigned", ())

    def add(self, name: str, /) -> None:
        """Note a field that is assigned."""
        super().add(name)
        if not self.assigned:
            self._assigned = set()
        self._assigned.add(name)

    def update(self, *names: Iterable[str]) -> None:
        """Note fields that are assigned."""
        for several in names:
            for name in several:
                self.add(name)

    def __copy__(self) -> Read:
        made = Read(self)
        if self.assigned:
            made._assigned = {*self.assigned}
        return made


def remember(engine: AsyncEngine, rows: list[Any]) -> None:
    """Note that these instances, of one model, are as the database has them, unless they are very many."""
    if not rows or len(rows) > AT_MOST:
        return
    model = type(rows[0])
    try:
        place = model.__dict__["__ferrow_remembering__"]
    except KeyError:
        place = model.__ferrow_remembering__ = _remembering(model)
    if place is None or (CHAIN.get() is not None and unit_of(engine) is not None):
        return
    put, names = place
    if len(rows) == 1:
        put(rows[0], Read(names))
    else:  # a loop that does not come back to Python for each row
        deque(map(put, rows, map(Read, repeat(names))), 0)


def _remembering(model: Any) -> tuple[Callable[[Any, Any], None], frozenset[str]] | None:
    """How it is noted; None for classes that do not tell, or whose assignments pass the set by."""
    if not hasattr(model, "__pydantic_fields__"):
        return None
    if model.model_config.get("validate_assignment") or model.model_config.get("frozen"):
        return None
    from pydantic import BaseModel

    from ferrow.model import table_of

    return BaseModel.__dict__["__pydantic_fields_set__"].__set__, frozenset(table_of(model).by_key)


def assigned(instance: Any) -> set[str] | None:
    """The fields that may differ from what was read; None if nobody knows."""
    told = getattr(instance, "__pydantic_fields_set__", None)
    if type(told) is not Read:
        return None
    return {*told.assigned, *[key for key, value in instance.__dict__.items() if not isinstance(value, _FIXED)]}
